"""The record: drawn up in versions, answered by bidders, signed by those on duty, closed and published."""

from datetime import datetime

from sqlalchemy import select

from bidding.acts.opening import (
    FilesHandedOver,
    OpeningClosed,
    RecordConfirmed,
    RecordDisputed,
    RecordDrawn,
    RecordPublished,
    RecordSigned,
    WindowClosed,
)
from bidding.opening import gates, rules
from bidding.opening.hall import Hall, enter, put
from bidding.opening.record import draw_body
from bidding.opening.service.steps import facts_of, open_objections
from bidding.opening.service.windows import enter_stage, open_window
from bidding.opening.stages import Stage
from bidding.opening.states import OPENED, STANDING, OpeningState, record_after
from bidding.opening.tables import RecordSignature, RecordVersion
from bidding.opening.windows import Span, WindowKind
from bidding.party.roles import Actor
from bidding.tender.states import after as tender_after
from crypto.ledger import Act, Entry, Unit


async def draw_record(unit: Unit, tender_id: str, *, actor: Actor, remarks: str = "") -> RecordVersion:
    """Draw up the next version. The old one stays, and every answer and signature is asked for anew."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.RECORD)
    body = await draw_body(unit.session, hall.opening, remarks=remarks)
    previous = await _newest(hall)
    row = RecordVersion(
        tender_id=tender_id, version=hall.opening.record_version + 1, data=body.plain(),
        sha256=body.sha256, previous_sha256=previous.sha256 if previous else None,
        drawn_by=actor.label, drawn_at=hall.now,
    )  # fmt: skip
    unit.session.add(row)
    hall.opening.record_version = row.version
    await _ask_anew(hall, row)
    return row


async def _newest(hall: Hall) -> RecordVersion | None:
    return await hall.unit.session.get(RecordVersion, (hall.tender_id, hall.opening.record_version))


async def _ask_anew(hall: Hall, row: RecordVersion) -> None:
    act = RecordDrawn(
        tender_id=hall.tender_id, version=row.version, record_sha256=row.sha256,
        previous_sha256=row.previous_sha256,
    )  # fmt: skip
    await hall.unit.record(act)
    for bid in await hall.bids():
        bid.record_answer, bid.record_note = record_after(bid.record_answer, act), ""
        bid.record_answered_at = None
    await _close_old_window(hall)
    await open_window(hall, WindowKind.RECORD_CONFIRM)


async def _close_old_window(hall: Hall) -> None:
    window = await hall.window(WindowKind.RECORD_CONFIRM)
    if window is not None:
        window.closed_at = hall.now
        put(window, Span(closes_at=window.closes_at or hall.now))
        act = WindowClosed(tender_id=hall.tender_id, window=window.kind, is_early=True)
        await hall.unit.record(act)
        await hall.unit.session.flush()


async def confirm_record(
    unit: Unit, tender_id: str, *, version: int, actor: Actor, asked_at: datetime | None = None
) -> Entry:
    """A bidder confirms the newest version. Raises RecordStale, WindowNotOpen, NotABidderHere."""
    act = RecordConfirmed(tender_id=tender_id, bidder_id=actor.organisation_id, version=version)
    return await _answer(unit, act, version=version, actor=actor, note="", asked_at=asked_at)


async def dispute_record(
    unit: Unit,
    tender_id: str,
    *,
    version: int,
    actor: Actor,
    note: str,
    asked_at: datetime | None = None,
) -> Entry:
    """A bidder disputes the newest version; the note stays in it."""
    act = RecordDisputed(tender_id=tender_id, bidder_id=actor.organisation_id, version=version, note=note)
    return await _answer(unit, act, version=version, actor=actor, note=note, asked_at=asked_at)


async def _answer(
    unit: Unit,
    act: RecordConfirmed | RecordDisputed,
    *,
    version: int,
    actor: Actor,
    note: str,
    asked_at: datetime | None,
) -> Entry:
    hall = await enter(unit, act.tender_id)
    hall.refuse_not_at(Stage.RECORD)
    rules.refuse_stale_record(version=version, newest=hall.opening.record_version)
    bid = await hall.own_bid(actor)
    await hall.refuse_outside(WindowKind.RECORD_CONFIRM, asked_at=asked_at)
    bid.record_answer, bid.record_note = record_after(bid.record_answer, act), note
    bid.record_answered_at = hall.now
    return await unit.record(act)


async def sign_record(
    unit: Unit, tender_id: str, *, version: int, role: str, actor: Actor
) -> RecordSignature:
    """Someone on duty signs the newest version; signing again changes nothing.

    Raises RecordStale, NotOnDuty, StageOutOfOrder.
    """
    hall = await enter(unit, tender_id)
    _refuse_unsignable(hall)
    rules.refuse_stale_record(version=version, newest=hall.opening.record_version)
    held = {one.value for one in actor.roles | actor.tender_roles}
    rules.refuse_not_on_duty(role=role, held=held)
    found = await unit.session.get(RecordSignature, (tender_id, version, role))
    if found is not None:
        return found
    row = RecordSignature(
        tender_id=tender_id, version=version, role=role, person_id=actor.person_id,
        name=actor.name, signed_at=hall.now,
    )  # fmt: skip
    unit.session.add(row)
    record = await unit.session.get_one(RecordVersion, (tender_id, version))
    await unit.record(
        RecordSigned(tender_id=tender_id, role=role, version=version, record_sha256=record.sha256)
    )
    return row


def _refuse_unsignable(hall: Hall) -> None:
    if hall.opening.stage is not Stage.FILES_TO_EVALUATION:
        hall.refuse_not_at(Stage.RECORD)
    hall.refuse_not_running(RecordSigned.kind)


async def hand_over_files(unit: Unit, tender_id: str) -> Entry:
    """The opened bids are ready for the evaluation."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.FILES_TO_EVALUATION)
    hall.opening.files_handed_over_at = hall.now
    opened = sum(bid.status in OPENED for bid in await hall.bids())
    return await unit.record(FilesHandedOver(tender_id=tender_id, bids=opened))


async def close(unit: Unit, tender_id: str, *, note: str = "") -> Entry:
    """End the opening. *note* says why a signature could not be had.

    Raises StageOutOfOrder, StageUnfinished, ObjectionsUnanswered (K-04), RecordUnfinished (K-03).
    """
    hall = await enter(unit, tender_id)
    hall.refuse_not_running(OpeningClosed.kind)
    rules.refuse_open_objections(count=await open_objections(hall))
    hall.refuse_not_at(Stage.FILES_TO_EVALUATION)
    gates.refuse_unfinished(hall.opening.stage, await facts_of(hall))
    answers = [bid.record_answer for bid in await hall.bids() if bid.status in STANDING]
    rules.refuse_unfinished_record(answers=answers, signed=await _signed(hall), note=note)
    await enter_stage(hall, Stage.CLOSED)
    hall.opening.closed_at, hall.opening.ended_reason = hall.now, note
    act = await _closing(hall)
    hall.tender.state = tender_after(hall.tender.state, act)
    return await hall.move(act)


async def _closing(hall: Hall) -> Act:
    version = hall.opening.record_version
    row = await hall.unit.session.get_one(RecordVersion, (hall.tender_id, version))
    return OpeningClosed(tender_id=hall.tender_id, version=version, record_sha256=row.sha256)


async def _signed(hall: Hall) -> frozenset[str]:
    asked = select(RecordSignature.role).where(
        RecordSignature.tender_id == hall.tender_id,
        RecordSignature.version == hall.opening.record_version,
    )
    return frozenset((await hall.unit.session.execute(asked)).scalars())


async def publish_record(unit: Unit, tender_id: str) -> Entry | None:
    """Make the record public, once (E-18); None where there is nothing to publish."""
    hall = await enter(unit, tender_id)
    if hall.opening.state is not OpeningState.CLOSED:
        return None
    row = await unit.session.get_one(RecordVersion, (tender_id, hall.opening.record_version))
    hall.opening.published_at = hall.now
    return await hall.move(
        RecordPublished(tender_id=tender_id, version=row.version, record_sha256=row.sha256)
    )
