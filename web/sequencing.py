"""The sequencer's loop: entries enter the log at least once a second, and at once where a receipt waits."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.checkpoints import Checkpoint
from crypto.ledger.log_queries import NotInLog, proof_for
from crypto.ledger.sequencer import cover, integrate, next_cover_delay
from crypto.ledger.tables import Pending
from web.unit import working

if TYPE_CHECKING:
    from web.app import App

BY = "platform/sequencer"
_LOOK_AGAIN = 0.05
IsOpen = Callable[[AsyncSession, datetime], Awaitable[bool]]
_log = structlog.get_logger(__name__)


async def proof_of(app: "App", entry_id: int, *, seconds: float = 3.0) -> str | None:
    """The `.tlog-proof` of an entry as soon as a checkpoint covers it; None where *seconds* did not do.

    Works on every replica: whoever sequences, the answer is read from the database.
    """
    app.proof_wanted.set()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await _proof(app, entry_id)
    return None


async def _proof(app: "App", entry_id: int) -> str:
    while True:
        try:
            async with app.db.reading() as session:
                return await proof_for(session, entry_id)
        except NotInLog:
            await asyncio.sleep(_LOOK_AGAIN)


class Sequencer:
    """One in each replica; the database lets one at a time work, and a fault of one step ends no other."""

    def __init__(self, app: "App") -> None:
        self._app = app

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await self._rest()
            try:
                await self.step()
            except Exception:  # noqa: BLE001 -- the next step tries again; receipts fall back to promises
                _log.exception("the log did not take in what waits")

    async def cover_forever(self, is_open: IsOpen) -> None:
        """Grow the log at random moments while any tender is open, until cancelled."""
        scale = self._app.settings.log.cover_seconds / 20
        while True:
            await asyncio.sleep(next_cover_delay().total_seconds() * scale)
            try:
                await self._cover(is_open)
            except Exception:  # noqa: BLE001 -- the next moment tries again
                _log.exception("no cover")

    async def step(self, *, forced: bool = False) -> Checkpoint | None:
        """Take in what waits now; with *forced* there is a checkpoint even if nothing waits."""
        if not forced and not await self._anything_waits():
            return None
        async with working(self._app, by=BY) as unit:
            now = await unit.now()
            return await integrate(unit.session, signer=self._app.log_signer, now=now, forced=forced)

    async def _rest(self) -> None:
        wanted = self._app.proof_wanted
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._app.settings.log.integrate_seconds):
                await wanted.wait()
        wanted.clear()

    async def _anything_waits(self) -> bool:
        async with self._app.db.reading() as session:
            return (await session.execute(select(Pending.entry_id).limit(1))).first() is not None

    async def _cover(self, is_open: IsOpen) -> None:
        async with self._app.db.reading() as session:
            now = await self._app.clock(session)
            if not await is_open(session, now):
                return
        async with working(self._app, by=BY) as unit:
            await cover(unit.session, signer=self._app.log_signer, now=await unit.now())
