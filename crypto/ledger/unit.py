"""One act, one transaction: who acts, by which clock, and what was recorded."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from crypto.ledger.acts import Act
from crypto.ledger.clock import Clock, database_clock
from crypto.ledger.streams import append
from crypto.ledger.tables import Entry


class Unit:
    """What a verb works in: a session, the one who acts, and the instant, read once.

    A verb locks its rows first and asks `now()` second: what it decides about time is then decided in
    the order in which the locks were given. It never commits and never publishes; its door does.
    """

    def __init__(self, session: AsyncSession, *, by: str, clock: Clock = database_clock) -> None:
        self.session = session
        self.by = by
        self.recorded: list[Entry] = []
        self.notes: dict[str, Any] = {}
        self._clock = clock
        self._now: datetime | None = None

    async def now(self) -> datetime:
        """The instant of this act by the database's clock; the same however often it is asked."""
        if self._now is None:
            self._now = await self._clock(self.session)
        return self._now

    async def record(self, act: Act) -> Entry:
        """Append *act* to the ledger in this transaction and keep it for the publisher."""
        entry = await append(self.session, act, at=await self.now(), by=self.by)
        self.recorded.append(entry)
        return entry
