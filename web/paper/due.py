"""What the clock has printed: every version of a record, and the end of every opening, by itself."""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.paper.queries import asked_for
from web.paper.filing import settle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from web.app import App

    Work = Callable[[], Awaitable[None]]


class Papers:
    """Remembers how far the ledger was read, and which tenders still have something to be filed.

    Each replica has its own; that two of them file the same is harmless (`filing.settle`).
    """

    def __init__(self) -> None:
        self._read = 0
        self._asked: dict[str, int] = {}
        self._filed: dict[str, int] = {}

    async def look(self, app: "App", session: AsyncSession) -> "list[tuple[str, Work]]":
        """Each tender with something to file, and what files it."""
        self._asked |= await asked_for(session, after=self._read)
        self._read = max([self._read, *self._asked.values()])
        return [
            (tender_id, partial(self._settle, app, tender_id, asked))
            for tender_id, asked in self._asked.items()
            if self._filed.get(tender_id, 0) < asked
        ]

    async def _settle(self, app: "App", tender_id: str, asked: int) -> None:
        await settle(app, tender_id)
        self._filed[tender_id] = asked
