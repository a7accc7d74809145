"""The verbs of windows: open, extend, close early, and close by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from sqlalchemy import select

from bidding.acts.opening import (
    PriceDeemedConfirmed,
    RecordDeemedConfirmed,
    StageEntered,
    WindowClosed,
    WindowExtended,
    WindowOpened,
)
from bidding.opening import rules
from bidding.opening.hall import Hall, enter, put, span_of
from bidding.opening.service.outcomes import revoke_unopened
from bidding.opening.stages import Stage
from bidding.opening.states import STANDING, Answer, BidStatus, OpeningState, price_after, record_after
from bidding.opening.tables import OpeningBid, Window
from bidding.opening.windows import Span, WindowKind, extended, is_over, length
from bidding.refusals.opening import WindowNotOpen
from crypto.ledger import Entry, Unit
from crypto.ledger.ids import new_id


async def open_window(hall: Hall, kind: WindowKind) -> WindowOpened:
    """Open the window of *kind* for as long as the bidding document says; the act that was recorded."""
    closes_at = hall.now + length(kind, hall.terms.windows)
    row = Window(
        id=new_id(), tender_id=hall.tender_id, kind=kind.value, opens_at=hall.now, closes_at=closes_at
    )
    hall.unit.session.add(row)
    act = WindowOpened(tender_id=hall.tender_id, window=kind.value, opens_at=hall.now, closes_at=closes_at)
    await hall.unit.record(act)
    return act


async def extend(unit: Unit, tender_id: str, kind: WindowKind, *, seconds: int, reason: str) -> Entry:
    """Give everyone *seconds* more, with the reason in the record. Raises WindowNotOpen."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("window.extended")
    window = await _standing(hall, kind)
    rules.refuse_closed_window(window=kind.value, is_open=window.closes_at is not None)
    span = extended(span_of(window), by=timedelta(seconds=seconds))
    put(window, span)
    return await unit.record(
        WindowExtended(
            tender_id=tender_id, window=kind.value, closes_at=span.closes_at or hall.now, reason=reason
        )
    )


async def close_early(unit: Unit, tender_id: str, kind: WindowKind) -> Entry:
    """End a window in which nobody can act any more. Raises WindowNotOpen, WindowPending."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("window.closed")
    window = await _standing(hall, kind)
    pending = sum(map(_PENDING[kind], await hall.bids()))
    rules.refuse_pending_window(window=kind.value, pending=pending)
    return await _close(hall, window, is_early=True)


async def expire(unit: Unit, tender_id: str) -> list[Entry]:
    """Close every window whose time is over, exactly once; a paused opening has none."""
    hall = await enter(unit, tender_id)
    if hall.opening.state is not OpeningState.RUNNING:
        return []
    asked = select(Window).where(Window.tender_id == tender_id, Window.closed_at.is_(None))
    rows = (await unit.session.execute(asked.order_by(Window.opens_at))).scalars().all()
    return [await _close(hall, row) for row in rows if is_over(span_of(row), now=hall.now)]


async def _standing(hall: Hall, kind: WindowKind) -> Window:
    window = await hall.window(kind)
    if window is None:
        raise WindowNotOpen(window=kind.value)
    return window


async def _close(hall: Hall, window: Window, *, is_early: bool = False) -> Entry:
    window.closed_at = hall.now
    put(window, Span(closes_at=window.closes_at or hall.now))
    kind = WindowKind(window.kind)
    entry = await hall.unit.record(
        WindowClosed(tender_id=hall.tender_id, window=kind.value, is_early=is_early)
    )
    await hall.unit.session.flush()
    await _AFTERWARDS[kind](hall)
    return entry


async def _after_release(hall: Hall) -> None:
    """By rule, not on request: the committee opens what it can, and what it cannot is revoked (E-14)."""
    pending = [bid for bid in await hall.bids() if bid.status is BidStatus.DECRYPT_PENDING]
    escrowed = [bid for bid in pending if bid.has_fallback and hall.terms.committee is not None]
    for bid in pending:
        if bid not in escrowed:
            await revoke_unopened(hall, bid, cause="key-not-released")
    if escrowed:
        await enter_stage(hall, Stage.DECRYPT_COMMITTEE)
        await open_window(hall, WindowKind.FALLBACK)


async def enter_stage(hall: Hall, stage: Stage) -> Entry:
    """Move the hall to *stage*."""
    act = StageEntered(tender_id=hall.tender_id, stage=stage.value, left=hall.opening.stage.value)
    hall.opening.stage = stage
    return await hall.move(act)


async def _after_fallback(hall: Hall) -> None:
    for bid in await hall.bids():
        if bid.status is BidStatus.DECRYPT_PENDING:
            await revoke_unopened(hall, bid, cause="fallback-insufficient")


async def _after_price_confirm(hall: Hall) -> None:
    for bid in await hall.bids():
        if bid.status is BidStatus.DECRYPTED and bid.price_answer is Answer.NONE:
            act = PriceDeemedConfirmed(tender_id=hall.tender_id, bidder_id=bid.bidder_id)
            bid.price_answer = price_after(bid.price_answer, act)
            await hall.unit.record(act)


async def _after_record_confirm(hall: Hall) -> None:
    version = hall.opening.record_version
    for bid in await hall.bids():
        if bid.status in STANDING and bid.record_answer is Answer.NONE:
            act = RecordDeemedConfirmed(tender_id=hall.tender_id, bidder_id=bid.bidder_id, version=version)
            bid.record_answer, bid.record_answered_at = record_after(bid.record_answer, act), hall.now
            await hall.unit.record(act)


async def _nothing(_hall: Hall) -> None:
    """An overdue layer harms no bidder: its holder may still come, or the supervisor decides."""


_AFTERWARDS: Mapping[WindowKind, Callable[[Hall], Awaitable[None]]] = {
    WindowKind.RELEASE: _after_release,
    WindowKind.FALLBACK: _after_fallback,
    WindowKind.LAYERS: _nothing,
    WindowKind.PRICE_CONFIRM: _after_price_confirm,
    WindowKind.OBJECTION: _nothing,
    WindowKind.RECORD_CONFIRM: _after_record_confirm,
}


def _unreleased(bid: OpeningBid) -> bool:
    return bid.status is BidStatus.DECRYPT_PENDING


_PENDING: Mapping[WindowKind, Callable[[OpeningBid], bool]] = {
    WindowKind.RELEASE: _unreleased,
    WindowKind.FALLBACK: _unreleased,
    WindowKind.LAYERS: lambda bid: bid.status is BidStatus.DECRYPT_QUEUED,
    WindowKind.PRICE_CONFIRM: lambda bid: (
        bid.status is BidStatus.DECRYPTED and bid.price_answer is Answer.NONE
    ),
    WindowKind.OBJECTION: lambda bid: bid.status in STANDING and not bid.has_no_objection,
    WindowKind.RECORD_CONFIRM: lambda bid: bid.status in STANDING and bid.record_answer is Answer.NONE,
}
"""Who may still act in a window; it is closed early only when nobody may."""
