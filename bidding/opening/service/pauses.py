"""What may come between: a pause that freezes every countdown, an end by document, a host who is late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bidding.acts.opening import HostLate, OpeningPaused, OpeningResumed, OpeningTerminated
from bidding.opening import rules
from bidding.opening.hall import Hall, enter, put, span_of
from bidding.opening.states import OpeningState
from bidding.opening.tables import Window
from bidding.opening.windows import frozen, thawed
from bidding.party.roles import Actor, Role
from bidding.tender.states import after as tender_after
from crypto.ledger import Entry, Unit


async def pause(
    unit: Unit,
    tender_id: str,
    *,
    actor: Actor,
    reason: str,
    document_no: str = "",
    resumes_at: datetime | None = None,
) -> Entry:
    """Stand still, and every countdown with it; the supervisor's order names its document (TL-62)."""
    hall = await enter(unit, tender_id)
    if Role.SUPERVISOR in actor.roles | actor.tender_roles:
        rules.refuse_undocumented(document_no=document_no, attempted=OpeningPaused.kind)
    act = OpeningPaused(tender_id=tender_id, reason=reason, document_no=document_no, resumes_at=resumes_at)
    windows = await _standing(hall)
    hall.opening.paused_at, hall.opening.pause_reason = hall.now, reason
    entry = await hall.move(act)
    for window in windows:
        put(window, frozen(span_of(window), at=hall.now))
    return entry


async def resume(unit: Unit, tender_id: str, *, reason: str = "") -> Entry:
    """Go on where the opening stood, with exactly the time that each window had left."""
    hall = await enter(unit, tender_id)
    ends = await _thaw(hall) if hall.opening.state is OpeningState.PAUSED else {}
    hall.opening.paused_at, hall.opening.pause_reason = None, ""
    return await hall.move(OpeningResumed(tender_id=tender_id, reason=reason, windows=ends))


async def _thaw(hall: Hall) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    for window in await _standing(hall):
        put(window, thawed(span_of(window), at=hall.now))
        ends[window.kind] = window.closes_at or hall.now
    return ends


async def _standing(hall: Hall) -> Sequence[Window]:
    asked = select(Window).where(Window.tender_id == hall.tender_id, Window.closed_at.is_(None))
    return (await hall.unit.session.execute(asked)).scalars().all()


async def terminate(unit: Unit, tender_id: str, *, reason: str, document_no: str) -> Entry:
    """End the opening for good, by a document of the supervisor or the procuring entity (TL-31, TL-62)."""
    hall = await enter(unit, tender_id)
    rules.refuse_undocumented(document_no=document_no, attempted=OpeningTerminated.kind)
    act = OpeningTerminated(tender_id=tender_id, reason=reason, document_no=document_no)
    hall.tender.state = tender_after(hall.tender.state, act)
    hall.opening.paused_at, hall.opening.ended_reason = None, reason
    return await hall.move(act)


async def alarm_host(unit: Unit, tender_id: str) -> Entry | None:
    """Say once that the host has not begun when the grace was over; None where there is nothing to say."""
    hall = await enter(unit, tender_id)
    opening = hall.opening
    if opening.state is not OpeningState.DEADLINE_REACHED or opening.host_late_at is not None:
        return None
    opening.host_late_at = hall.now
    return await hall.move(HostLate(tender_id=tender_id, grace_s=hall.terms.windows.host_grace))
