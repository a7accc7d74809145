"""What the clock has to do: asked once a second by every replica, done exactly once by the guards."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.opening.service.deadline import open_sign_in, reach_deadline
from bidding.opening.service.pauses import alarm_host
from bidding.opening.service.record import publish_record
from bidding.opening.service.windows import expire
from bidding.opening.stages import Stage
from bidding.opening.states import BidStatus, OpeningState
from bidding.opening.tables import LayerRelease, Opening, OpeningBid, Window
from bidding.opening.windows import SETTLING
from bidding.tender.queries import terms_of
from bidding.tender.states import TenderState
from bidding.tender.tables import Tender
from crypto.ledger import Unit


class DueKind(StrEnum):
    """What the clock does: `OPEN_BIDS` through `unsealing.open_all`, all else through `perform`."""

    SIGN_IN = "sign-in"
    DEADLINE = "deadline"
    WINDOWS = "windows"
    HOST_LATE = "host-late"
    OPEN_BIDS = "open-bids"
    PUBLISH = "publish"


class Due(NamedTuple):
    """Something that is due on a tender."""

    kind: DueKind
    tender_id: str


async def due(session: AsyncSession, now: datetime) -> list[Due]:
    """Everything that is due at *now*, the deadlines first. Four statements, however many tenders."""
    return [
        *await _before_the_deadline(session, now),
        *await _windows(session, now),
        *await _openings(session, now),
        *await _to_open(session),
    ]


async def _before_the_deadline(session: AsyncSession, now: datetime) -> list[Due]:
    soon = now + _FARTHEST_DOOR
    asked = (
        select(Tender, Opening.state)
        .outerjoin(Opening, Opening.tender_id == Tender.id)
        .where(Tender.state == TenderState.BIDDING, Tender.bid_deadline < soon)
    )
    rows = await session.execute(asked.order_by(Tender.bid_deadline))
    return [one for tender, state in rows if (one := _due_before(tender, state, now))]


def _due_before(tender: Tender, state: OpeningState | None, now: datetime) -> Due | None:
    if tender.bid_deadline < now:
        return Due(DueKind.DEADLINE, tender.id)
    door = tender.bid_deadline - timedelta(seconds=terms_of(tender).windows.sign_in)
    if door <= now and state in (None, OpeningState.SCHEDULED):
        return Due(DueKind.SIGN_IN, tender.id)
    return None


_FARTHEST_DOOR = timedelta(days=2)


async def _windows(session: AsyncSession, now: datetime) -> list[Due]:
    asked = (
        select(Window.tender_id)
        .join(Opening, Opening.tender_id == Window.tender_id)
        .where(
            Window.closed_at.is_(None),
            Window.closes_at < now - SETTLING,
            Opening.state == OpeningState.RUNNING,
        )
        .distinct()
    )
    return [Due(DueKind.WINDOWS, one) for one in (await session.execute(asked)).scalars()]


async def _openings(session: AsyncSession, now: datetime) -> list[Due]:
    asked = (
        select(Opening, Tender)
        .join(Tender, Tender.id == Opening.tender_id)
        .where(Opening.state.in_((OpeningState.DEADLINE_REACHED, OpeningState.CLOSED)))
    )
    rows = await session.execute(asked)
    return [one for opening, tender in rows if (one := _due_after(opening, tender, now))]


def _due_after(opening: Opening, tender: Tender, now: datetime) -> Due | None:
    if opening.state is OpeningState.CLOSED:
        return Due(DueKind.PUBLISH, opening.tender_id)
    grace = timedelta(seconds=terms_of(tender).windows.host_grace)
    if opening.host_late_at is None and now > opening.deadline + grace:
        return Due(DueKind.HOST_LATE, opening.tender_id)
    return None


async def _to_open(session: AsyncSession) -> list[Due]:
    layers = (
        select(func.count()).select_from(LayerRelease).where(LayerRelease.tender_id == Tender.id)
    ).scalar_subquery()
    waiting = select(OpeningBid.bid_id).where(
        OpeningBid.tender_id == Tender.id, OpeningBid.status == BidStatus.DECRYPT_QUEUED
    )
    asked = (
        select(Tender, layers)
        .join(Opening, Opening.tender_id == Tender.id)
        .where(
            Opening.state == OpeningState.RUNNING,
            Opening.stage == Stage.DECRYPT_LAYERS,
            waiting.exists(),
        )
    )
    rows = await session.execute(asked)
    return [
        Due(DueKind.OPEN_BIDS, tender.id) for tender, count in rows if count == len(terms_of(tender).layers)
    ]


async def perform(unit: Unit, due: Due) -> bool:
    """Do one thing that was due, unless another replica did it; whether anything was recorded."""
    await _VERBS[due.kind](unit, due.tender_id)
    return bool(unit.recorded)


_VERBS = {
    DueKind.SIGN_IN: open_sign_in,
    DueKind.DEADLINE: reach_deadline,
    DueKind.WINDOWS: expire,
    DueKind.HOST_LATE: alarm_host,
    DueKind.PUBLISH: publish_record,
}
