"""Which rooms the clock asks, and how each thing that falls due is done."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.opening import service as opening
from bidding.opening.service.inspections import tenders_to_inspect
from bidding.tender.service import due as tender
from crypto.ledger import Unit
from crypto.ledger.engine import Database
from web.inspection.bids import inspect_all
from web.paper.due import Papers
from web.unit import working

if TYPE_CHECKING:
    from web.app import App

BY = "platform/clock"

# How far each open database was read; it ends with the database.
_PAPERS: WeakKeyDictionary[Database, Papers] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something that is due on a tender.

    `perform` does it inside one transaction and does nothing where another replica was faster; `apart`
    is for what takes long and makes its own transactions: it runs beside the clock.
    """

    kind: str
    tender_id: str
    perform: Callable[[Unit], Awaitable[Any]] | None = None
    apart: Callable[[], Awaitable[Any]] | None = None


Source = Callable[["App", AsyncSession, datetime], Awaitable[list[Duty]]]


async def of_tenders(_app: "App", session: AsyncSession, now: datetime) -> list[Duty]:
    """Before the deadline: documents on offer, replies that are owed."""
    return [_of_tender(kind, one) for kind, one in await tender.due(session, now=now)]


def _of_tender(kind: str, tender_id: str) -> Duty:
    return Duty(kind=kind, tender_id=tender_id, perform=lambda unit: tender.perform(unit, kind, tender_id))


async def of_openings(app: "App", session: AsyncSession, now: datetime) -> list[Duty]:
    """The deadline itself, and the clocks of the hall."""
    return [_of_opening(app, one) for one in await opening.due(session, now)]


def _of_opening(app: "App", due: opening.Due) -> Duty:
    if due.kind is opening.DueKind.OPEN_BIDS:
        return Duty(
            kind=due.kind,
            tender_id=due.tender_id,
            apart=lambda: opening.open_all(workshop(app), due.tender_id),
        )
    return Duty(kind=due.kind, tender_id=due.tender_id, perform=lambda unit: opening.perform(unit, due))


def workshop(app: "App") -> opening.Workshop:
    """What opening the bids needs of the platform."""

    def acting() -> AbstractAsyncContextManager[Unit]:
        return working(app, by=BY)

    return opening.Workshop(acting=acting, reading=app.db.reading, vault=app.vault, atrest=app.atrest)


async def of_papers(app: "App", session: AsyncSession, _now: datetime) -> list[Duty]:
    """What is to be put on paper."""
    found = await _PAPERS.setdefault(app.db, Papers()).look(app, session)
    return [Duty(kind="paper", tender_id=tender_id, apart=work) for tender_id, work in found]


async def of_files(app: "App", session: AsyncSession, _now: datetime) -> list[Duty]:
    """The files of opened bids, looked into before the host hands them over and has to wait for it."""
    return [_of_files(app, tender_id) for tender_id in await tenders_to_inspect(session)]


def _of_files(app: "App", tender_id: str) -> Duty:
    return Duty(kind="files", tender_id=tender_id, apart=lambda: inspect_all(app, tender_id))


SOURCES: tuple[Source, ...] = (of_openings, of_tenders, of_papers, of_files)
