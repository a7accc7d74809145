"""What the clock has printed: every version of a record, and the end of every opening, by itself."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.paper.queries import asked_for
from web.paper.filing import settle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from web.app import App


class Papers:
    """Remembers how far the ledger was read, and which tenders still have something to be filed.

    Each replica has its own; that two of them file the same is harmless (`filing.settle`).
    """

    def __init__(self) -> None:
        self._read = 0
        self._open: set[str] = set()

    async def look(
        self, app: "App", session: AsyncSession, _now: datetime
    ) -> "list[tuple[str, Callable[[], Awaitable[None]]]]":
        """Each tender with something to file, and what files it."""
        newest, found = await asked_for(session, after=self._read)
        if newest > self._read:
            self._read = newest
            self._open |= found
        return [(tender_id, partial(self._settle, app, tender_id)) for tender_id in sorted(self._open)]

    async def _settle(self, app: "App", tender_id: str) -> None:
        await settle(app, tender_id)
        self._open.discard(tender_id)
