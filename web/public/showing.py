"""What each page needs to know, asked of the rooms in one reading session."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import public_stream
from bidding.acts.opening import OpeningFailed, OpeningTerminated
from bidding.acts.tender import ObjectionPaused, TenderRetendered, TenderSuspended, TenderTerminated
from bidding.opening.record import record_of
from bidding.opening.view import Audience, HallView, hall
from bidding.paper.queries import shelf_of
from bidding.refusals.tender import TenderAbsent
from bidding.tender import queries
from bidding.tender.queries import Filter
from bidding.tender.states import BEFORE_DEADLINE, TenderState
from bidding.tender.tables import Tender
from crypto.ledger import Entry
from crypto.ledger.acts import Act
from crypto.ledger.log_queries import NotInLog, SignedHead, checkpoint
from web.public import prices
from web.public.steps import steps_of, window_of
from web.refusals import NoSuchPage

NEWEST, PAGE = 12, 100
_LIVE = Filter(states=frozenset({TenderState.DEADLINE, TenderState.OPENING}))
_HALTS: Mapping[TenderState, tuple[type[Act], ...]] = {
    TenderState.OBJECTION_PAUSED: (ObjectionPaused,),
    TenderState.SUSPENDED: (TenderSuspended,),
    TenderState.TERMINATED: (TenderTerminated, OpeningTerminated),
    TenderState.FAILED: (OpeningFailed,),
    TenderState.RETENDERED: (OpeningFailed,),
}


async def of_notices(session: AsyncSession, now: datetime) -> dict[str, Any]:
    """What stands beside the list: openings under way, the next deadlines, the log."""
    return {
        "now": now,
        "live": await queries.published(session, _LIVE, limit=5),
        "coming": await queries.coming_deadlines(session, now=now, limit=5),
        "head": await newest_head(session),
    }


async def of_tender(session: AsyncSession, tender_id: str, now: datetime) -> dict[str, Any]:
    """One tender, whatever state it is in; of its bids only what the opening has made public (E-08)."""
    tender = await queries.get_public(session, tender_id)
    seen = await _hall(session, tender, now)
    return {
        "now": now, "tender": tender, "terms": queries.terms_of(tender), "hall": seen,
        "names": _names(seen), "steps": steps_of(tender.state, seen),
        "window": window_of(seen),
        "halt": await _halt(session, tender), "following": await _following(session, tender),
        "previous": await _previous(session, tender),
        "clarifications": await queries.clarifications(session, tender_id),
        "versions": await queries.versions(session, tender_id),
        "shelf": await shelf_of(session, tender_id),
        "entries": await newest(session, tender_id, limit=NEWEST),
    }  # fmt: skip


async def of_events(session: AsyncSession, tender_id: str, before: int, now: datetime) -> dict[str, Any]:
    """A page of everything that happened in public, newest first, up to the entry *before*."""
    tender = await queries.get_public(session, tender_id)
    entries = await newest(session, tender_id, before=before, limit=PAGE)
    return {
        "tender": tender, "now": now, "entries": entries,
        "names": _names(await _hall(session, tender, now)),
        "more": entries[-1].seq if len(entries) == PAGE and entries[-1].seq > 1 else 0,
    }  # fmt: skip


async def of_record(session: AsyncSession, tender_id: str) -> dict[str, Any]:
    """The published record. Raises NoSuchPage before it is published."""
    tender, shelf = await queries.get_public(session, tender_id), await shelf_of(session, tender_id)
    if not shelf.is_published:
        raise NoSuchPage
    record = await record_of(session, tender_id)
    marks = prices.marks_of(record.body)
    return {
        "tender": tender, "shelf": shelf, "record": record, "marks": marks,
        "average": prices.average([one.rate for one in marks.values()]),
        "titles": {one["name"]: one for one in record.body["columns"]},
    }  # fmt: skip


async def newest_head(session: AsyncSession) -> SignedHead | None:
    """The log's newest checkpoint, None while the log is empty."""
    try:
        return await checkpoint(session)
    except NotInLog:
        return None


async def newest(session: AsyncSession, tender_id: str, *, before: int = 0, limit: int) -> Sequence[Entry]:
    """The newest public entries, the last one first; *before* 0 is from the end."""
    asked = select(Entry).where(Entry.stream == public_stream(tender_id))
    asked = asked.where(Entry.seq < before) if before else asked
    return (await session.execute(asked.order_by(Entry.seq.desc()).limit(limit))).scalars().all()


async def _hall(session: AsyncSession, tender: Tender, now: datetime) -> HallView | None:
    if tender.state in BEFORE_DEADLINE:
        return None
    return await hall(session, tender.id, audience=Audience.PUBLIC, now=now)


def _names(seen: HallView | None) -> dict[str, str]:
    return {one.bidder_id: one.name for one in (seen.bids if seen else None) or ()}


async def _halt(session: AsyncSession, tender: Tender) -> Entry | None:
    kinds = [act.kind for act in _HALTS.get(tender.state, ())]
    asked = select(Entry).where(Entry.stream == public_stream(tender.id), Entry.kind.in_(kinds))
    return (await session.execute(asked.order_by(Entry.seq.desc()).limit(1))).scalars().first()


async def _following(session: AsyncSession, tender: Tender) -> Tender | None:
    """The tender that took this one's place, once its own notice is out."""
    if tender.state is not TenderState.RETENDERED:
        return None
    asked = select(Entry).where(Entry.stream == public_stream(tender.id), Entry.kind == TenderRetendered.kind)
    told = (await session.execute(asked.order_by(Entry.seq.desc()).limit(1))).scalars().first()
    return await _public(session, _next_id(told)) if told else None


def _next_id(told: Entry) -> str:
    from web.public.writing import facts_of

    return str(facts_of(told)["next_tender_id"])


async def _previous(session: AsyncSession, tender: Tender) -> Tender | None:
    return await _public(session, tender.previous_id) if tender.previous_id else None


async def _public(session: AsyncSession, tender_id: str) -> Tender | None:
    try:
        return await queries.get_public(session, tender_id)
    except TenderAbsent:
        return None
