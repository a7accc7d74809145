"""One picture of the hall, as one audience may see it at this stage (domain §2.5).

The number of statements does not depend on the number of bids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.opening.stages import Stage, is_reached, path
from bidding.opening.states import OPENED, Answer, BidStatus, OpeningState
from bidding.opening.tables import (
    Draw,
    DrawParty,
    Incident,
    LayerRelease,
    Objection,
    Opening,
    OpeningBid,
    RecordSignature,
    RecordVersion,
    SharePost,
    SignIn,
    Window,
)
from bidding.tender.queries import get, terms_of
from bidding.tender.terms import Terms

_MICROSECOND = 1_000_000


class Audience(StrEnum):
    """Who looks. The supervisor looks with the desk."""

    PUBLIC = "public"
    BIDDER = "bidder"
    DESK = "desk"


@dataclass(frozen=True, kw_only=True)
class WindowView:
    """A window; while it is frozen `closes_at` is None and `left_s` counts the seconds that are left."""

    kind: str
    opens_at: datetime
    closes_at: datetime | None
    left_s: int
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BidLine:
    """One bid on the list. What may not be seen yet, or not by this audience, is None."""

    number: int
    bidder_id: str
    name: str
    uscc: str
    bid_id: str
    statement_sha256: str
    submitted_at: datetime
    signed_in: bool
    status: BidStatus
    cause: str
    has_fallback: bool
    is_released: bool
    released_by: str
    shares_posted: int
    identity_ok: bool | None
    deposit: str | None
    deposit_fen: int | None
    items: dict[str, Any] | None
    findings: list[str] | None
    price_answer: Answer
    has_no_objection: bool
    record_answer: Answer
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class LayerLine:
    """A layer of the notice, and when it came off."""

    order: int
    name: str
    recipient: str
    released_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ObjectionView:
    """An objection and its answer."""

    id: str
    bidder_id: str
    text: str
    raised_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """The newest version of the record and who signed it."""

    version: int
    sha256: str
    previous_sha256: str | None
    drawn_at: datetime
    signed: list[str]


@dataclass(frozen=True, kw_only=True)
class DrawView:
    """The draw of the coefficient; its transcript when it is done."""

    draw_id: str
    state: str
    spec: dict[str, Any]
    spec_sha256: str
    reveals_until: datetime | None
    committed: list[str]
    revealed: list[str]
    transcript: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """What the host reported; for the desk alone."""

    id: str
    bidder_id: str | None
    text: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class HallView:
    """The whole hall at `now` (the database's clock): snapshot for a client that then follows the feed."""

    tender_id: str
    title: str
    lot_code: str
    now: datetime
    deadline: datetime
    sign_in_from: datetime | None
    state: OpeningState
    stage: Stage
    stages: list[Stage]
    started_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    ended_reason: str
    windows: list[WindowView]
    price_cap_fen: int | None
    coefficient: str | None
    draw: DrawView | None
    bids: list[BidLine] | None
    released: int | None
    opened: int | None
    is_decryption_over: bool
    layers: list[LayerLine]
    objections: list[ObjectionView]
    record: RecordLine | None
    few_proposed: str | None
    few_decision: str | None
    incidents: list[IncidentView] | None
    am_signed_in: bool | None
    my_deposit: str | None


async def hall(
    session: AsyncSession,
    tender_id: str,
    *,
    audience: Audience,
    now: datetime,
    bidder_id: str | None = None,
) -> HallView:
    """The hall as *audience* sees it; *bidder_id* is the asking bidder's own. Raises TenderAbsent."""
    tender = await get(session, tender_id)
    terms = terms_of(tender)
    opening = await session.get(Opening, tender_id)
    stands = opening or Opening(
        tender_id=tender_id, state=OpeningState.SCHEDULED, stage=Stage.LOBBY, record_version=0,
        deadline=tender.bid_deadline, pause_reason="", ended_reason="",
    )  # fmt: skip
    present = await _sign_ins(session, tender_id)
    rows = await _bids(session, tender_id)
    bids = await _lines(session, stands, rows, present, audience, bidder_id)
    mine = next((bid for bid in rows if bid.bidder_id == bidder_id), None)
    return HallView(
        tender_id=tender_id, title=terms.title, lot_code=terms.lot_code, now=now,
        deadline=tender.bid_deadline, sign_in_from=opening.sign_in_from if opening else None,
        state=stands.state, stage=stands.stage, stages=list(_path(terms)), started_at=stands.started_at,
        paused_at=stands.paused_at, pause_reason=stands.pause_reason, ended_reason=stands.ended_reason,
        windows=await _windows(session, tender_id, now),
        price_cap_fen=terms.price_cap_fen if stands.cap_announced_at else None,
        coefficient=stands.coefficient, draw=await _draw(session, tender_id), bids=bids,
        released=None if bids is None else sum(_is_released(bid) for bid in rows),
        opened=None if bids is None else sum(bid.status in OPENED for bid in rows),
        is_decryption_over=stands.decryption_ended_at is not None,
        layers=await _layers(session, terms), objections=await _objections(session, tender_id),
        record=await _record(session, stands),
        few_proposed=stands.few_proposed if audience is Audience.DESK else None,
        few_decision=stands.few_decision,
        incidents=await _incidents(session, tender_id) if audience is Audience.DESK else None,
        am_signed_in=bidder_id in present if bidder_id else None,
        my_deposit=mine.deposit if mine else None,
    )  # fmt: skip


def _path(terms: Terms) -> tuple[Stage, ...]:
    return path(
        terms.project_type,
        has_coefficient=terms.coefficient is not None,
        has_committee=terms.committee is not None,
    )


async def _sign_ins(session: AsyncSession, tender_id: str) -> frozenset[str]:
    return frozenset(await _all(session, select(SignIn.bidder_id).where(SignIn.tender_id == tender_id)))


async def _bids(session: AsyncSession, tender_id: str) -> Sequence[OpeningBid]:
    asked = select(OpeningBid).where(OpeningBid.tender_id == tender_id)
    return await _all(session, asked.order_by(OpeningBid.number))


async def _lines(
    session: AsyncSession,
    opening: Opening,
    rows: Sequence[OpeningBid],
    present: frozenset[str],
    audience: Audience,
    bidder_id: str | None,
) -> list[BidLine] | None:
    """None before the list is public: not even how many there are (E-08)."""
    if opening.list_published_at is None:
        return None
    posted = await _shares(session, opening.tender_id)
    return [
        _line(opening, bid, present, posted, audience, is_mine=bid.bidder_id == bidder_id) for bid in rows
    ]


async def _shares(session: AsyncSession, tender_id: str) -> Mapping[str, int]:
    asked = select(SharePost.bidder_id, func.count()).where(SharePost.tender_id == tender_id)
    rows = await session.execute(asked.group_by(SharePost.bidder_id))
    return {row[0]: row[1] for row in rows}


def _line(
    opening: Opening,
    bid: OpeningBid,
    present: frozenset[str],
    posted: Mapping[str, int],
    audience: Audience,
    *,
    is_mine: bool,
) -> BidLine:
    inside = is_mine or audience is Audience.DESK
    shows_items = _shows_items(opening, bid, is_mine=is_mine)
    return BidLine(
        number=bid.number, bidder_id=bid.bidder_id, name=bid.name, uscc=bid.uscc, bid_id=bid.bid_id,
        statement_sha256=bid.statement_sha256, submitted_at=bid.submitted_at,
        signed_in=bid.bidder_id in present, status=bid.status, cause=bid.cause,
        has_fallback=bid.has_fallback, is_released=_is_released(bid), released_by=bid.released_by,
        shares_posted=posted.get(bid.bidder_id, 0), identity_ok=bid.identity_ok if inside else None,
        deposit=bid.deposit if inside else None, deposit_fen=bid.deposit_fen if inside else None,
        items=bid.items if shows_items else None,
        findings=[str(one) for one in bid.findings] if shows_items else None,
        price_answer=bid.price_answer, has_no_objection=bid.has_no_objection,
        record_answer=bid.record_answer, is_mine=is_mine,
    )  # fmt: skip


def _shows_items(opening: Opening, bid: OpeningBid, *, is_mine: bool) -> bool:
    """One's own items from the confirmation on; anyone's when they were read out, the desk too (E-13)."""
    if is_mine and bid.items is not None and is_reached(opening.stage, Stage.PRICE_CONFIRM):
        return True
    return bid.announced_at is not None and is_reached(opening.stage, Stage.ANNOUNCE)


def _is_released(bid: OpeningBid) -> bool:
    return bid.released_at is not None


async def _windows(session: AsyncSession, tender_id: str, now: datetime) -> list[WindowView]:
    asked = select(Window).where(Window.tender_id == tender_id).order_by(Window.opens_at, Window.id)
    return [
        WindowView(
            kind=one.kind, opens_at=one.opens_at, closes_at=one.closes_at, left_s=_left(one, now),
            closed_at=one.closed_at,
        )
        for one in await _all(session, asked)
    ]  # fmt: skip


def _left(window: Window, now: datetime) -> int:
    if window.closed_at is not None:
        return 0
    if window.closes_at is None:
        return (window.left_us or 0) // _MICROSECOND
    return max(0, int((window.closes_at - now).total_seconds()))


async def _draw(session: AsyncSession, tender_id: str) -> DrawView | None:
    row = await session.get(Draw, tender_id)
    if row is None:
        return None
    asked = select(DrawParty).where(DrawParty.tender_id == tender_id).order_by(DrawParty.party)
    parties = await _all(session, asked)
    return DrawView(
        draw_id=row.draw_id, state=row.state, spec=row.spec, spec_sha256=row.spec_sha256,
        reveals_until=row.reveals_until, committed=[one.party for one in parties],
        revealed=[one.party for one in parties if one.secret], transcript=row.transcript,
    )  # fmt: skip


async def _layers(session: AsyncSession, terms: Terms) -> list[LayerLine]:
    asked = select(LayerRelease).where(LayerRelease.tender_id == terms.tender_id)
    released = {one.number: one.released_at for one in await _all(session, asked)}
    return [
        LayerLine(
            order=one.order, name=one.name, recipient=one.recipient, released_at=released.get(one.order)
        )
        for one in sorted(terms.layers, key=lambda layer: layer.order)
    ]


async def _objections(session: AsyncSession, tender_id: str) -> list[ObjectionView]:
    asked = select(Objection).where(Objection.tender_id == tender_id).order_by(Objection.raised_at)
    return [
        ObjectionView(
            id=one.id, bidder_id=one.bidder_id, text=one.text, raised_at=one.raised_at,
            answer=one.answer, answered_at=one.answered_at,
        )
        for one in await _all(session, asked)
    ]  # fmt: skip


async def _record(session: AsyncSession, opening: Opening) -> RecordLine | None:
    row = await session.get(RecordVersion, (opening.tender_id, opening.record_version))
    if row is None:
        return None
    asked = select(RecordSignature.role).where(
        RecordSignature.tender_id == opening.tender_id, RecordSignature.version == row.version
    )
    return RecordLine(
        version=row.version, sha256=row.sha256, previous_sha256=row.previous_sha256,
        drawn_at=row.drawn_at, signed=list(await _all(session, asked.order_by(RecordSignature.role))),
    )  # fmt: skip


async def _incidents(session: AsyncSession, tender_id: str) -> list[IncidentView]:
    asked = select(Incident).where(Incident.tender_id == tender_id).order_by(Incident.reported_at)
    return [
        IncidentView(id=one.id, bidder_id=one.bidder_id, text=one.text, reported_at=one.reported_at)
        for one in await _all(session, asked)
    ]


async def _all(session: AsyncSession, asked: Any) -> Sequence[Any]:
    return (await session.execute(asked)).scalars().all()
