"""One call of one endpoint: who asks, what was sent, and the way to a transaction."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.party.roles import Actor
from crypto.ledger import Unit
from web.endpoint import Endpoint
from web.unit import acting

if TYPE_CHECKING:
    from web.app import App


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a handler gets.

    `actor` is NOBODY where no one is signed in, and has its `tender_roles` where the path names a
    tender. `query` is the validated model of the endpoint, or None. `idempotency_key` is what the caller
    sent under that header, checked for form, or None.
    """

    app: "App"
    endpoint: Endpoint
    request: web.Request
    actor: Actor
    path: Mapping[str, str]
    query: Any = None
    idempotency_key: str | None = None
    request_id: str = ""

    @asynccontextmanager
    async def acting(self, *, tender_id: str | None = None, attempted: str = "") -> AsyncIterator[Unit]:
        """One act: one transaction, committed and published at the end; a refusal undoes and records it.

        *tender_id* and *attempted* default to the path's tender and the endpoint's act.
        """
        tender = tender_id if tender_id is not None else self.path.get("tender_id")
        act = attempted or self.endpoint.act
        async with acting(self.app, self.actor, tender_id=tender, attempted=act) as unit:
            yield unit

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for questions; whatever it changed is rolled back."""
        async with self.app.db.reading() as session:
            yield session
