"""Objections to the bidding documents: in time they stop the clock for all until they are answered (T-07)."""

from datetime import timedelta

from sqlalchemy import func, select

from bidding.acts.tender import (
    DocumentObjectionAnswered,
    DocumentObjectionRaised,
    DocumentObjectionReceived,
    ObjectionPaused,
    ObjectionsSettled,
    ReplyFallsDue,
)
from bidding.party.roles import Actor
from bidding.refusals.tender import ObjectionAnswerKnown, TenderOutOfOrder, ThingAbsent
from bidding.tender import rules
from bidding.tender.calendar import owed_by
from bidding.tender.check import rule_set_of
from bidding.tender.queries import calendar, lock_tender, terms_of
from bidding.tender.service.moves import move
from bidding.tender.service.questions import unnamed
from bidding.tender.states import TenderState
from bidding.tender.tables import Objection, Tender
from bidding.tender.terms import ProjectType, Terms
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

_OBJECTED = frozenset({TenderState.BIDDING, TenderState.OBJECTION_PAUSED})


async def object_to_documents(unit: Unit, tender_id: str, text: str, *, actor: Actor) -> Objection:
    """Register an objection; one in time pauses the tender at once, a late one is only answered (T-06).

    Raises TenderPastDeadline, TenderOutOfOrder.
    """
    tender = await lock_tender(unit, tender_id)
    now = await unit.now()
    if tender.state not in _OBJECTED:
        raise TenderOutOfOrder(state=tender.state.value, attempted=DocumentObjectionRaised.kind)
    if tender.state is TenderState.BIDDING:
        rules.refuse_past_deadline(deadline=tender.bid_deadline, now=now)
    objection = await _objection(unit, tender, text, actor)
    unit.session.add(objection)
    await _record(unit, objection)
    if not objection.is_late and tender.state is TenderState.BIDDING:
        await move(unnamed(unit), tender, ObjectionPaused(tender_id=tender.id))
    return objection


async def _objection(unit: Unit, tender: Tender, text: str, actor: Actor) -> Objection:
    terms, now = terms_of(tender), await unit.now()
    reply_by = owed_by(now, rule_set_of(terms).reply_days, await calendar(unit.session))
    is_late = rules.is_objection_late(raised_at=now, deadline=tender.bid_deadline, days=_days_ahead(terms))
    return Objection(
        id=new_id(), tender_id=tender.id, bidder_id=actor.organisation_id, text=text, is_late=is_late,
        raised_at=now, reply_by=reply_by,
    )  # fmt: skip


async def _record(unit: Unit, one: Objection) -> None:
    raised = DocumentObjectionRaised(
        tender_id=one.tender_id, bidder_id=one.bidder_id, objection_id=one.id, text=one.text,
        is_late=one.is_late,
    )  # fmt: skip
    received = DocumentObjectionReceived(
        tender_id=one.tender_id, objection_id=one.id, text=one.text, is_late=one.is_late,
        reply_by=one.reply_by,
    )  # fmt: skip
    await unit.record(raised)
    await unnamed(unit).record(received)


def _days_ahead(terms: Terms) -> int:
    rule_set = rule_set_of(terms)
    if terms.project_type is ProjectType.PREQUALIFICATION:
        return rule_set.prequalification_objection_days
    return rule_set.objection_days


async def answer_objection(unit: Unit, tender_id: str, objection_id: str, answer: str) -> Objection:
    """Answer an objection in public, without its author; with the last one the tender goes on.

    A tender whose deadline passed meanwhile stays paused until it is rescheduled. Raises ThingAbsent,
    ObjectionAnswerKnown.
    """
    tender = await lock_tender(unit, tender_id)
    objection = await _open_objection(unit, tender, objection_id)
    objection.answer, objection.answered_at = answer, await unit.now()
    act = DocumentObjectionAnswered(
        tender_id=tender.id, objection_id=objection.id, text=objection.text, answer=answer
    )
    await move(unit, tender, act)
    await settle(unit, tender)
    return objection


async def _open_objection(unit: Unit, tender: Tender, objection_id: str) -> Objection:
    asked = select(Objection).where(Objection.id == objection_id, Objection.tender_id == tender.id)
    objection = (await unit.session.execute(asked.with_for_update())).scalar_one_or_none()
    if objection is None:
        raise ThingAbsent(thing=objection_id)
    if objection.answered_at is not None:
        raise ObjectionAnswerKnown(objection_id=objection_id)
    return objection


async def settle(unit: Unit, tender: Tender) -> None:
    """Let a paused tender go on if nothing is unanswered and its deadline is still to come."""
    if tender.state is not TenderState.OBJECTION_PAUSED or tender.bid_deadline <= await unit.now():
        return
    if not await unanswered(unit, tender):
        await move(unit, tender, ObjectionsSettled(tender_id=tender.id))


async def unanswered(unit: Unit, tender: Tender) -> int:
    """How many objections that came in time wait for their answer."""
    asked = select(func.count()).select_from(Objection).where(
        Objection.tender_id == tender.id, Objection.answered_at.is_(None), Objection.is_late.is_(False)
    )  # fmt: skip
    return int((await unit.session.execute(asked)).scalar_one())


async def replies_fall_due(unit: Unit, tender_id: str) -> None:
    """Tell the desk and its supervisor, once, of each reply of which only the last day is left (T-07)."""
    tender = await lock_tender(unit, tender_id)
    now = await unit.now()
    rule_set = rule_set_of(terms_of(tender))
    left = timedelta(days=rule_set.reply_days - rule_set.reply_notice_days)
    asked = select(Objection).where(
        Objection.tender_id == tender.id, Objection.answered_at.is_(None),
        Objection.reminded_at.is_(None), Objection.reply_by <= now + left,
    )  # fmt: skip
    for one in (await unit.session.execute(asked.order_by(Objection.id))).scalars().all():
        one.reminded_at = now
        await unit.record(ReplyFallsDue(tender_id=tender.id, objection_id=one.id, reply_by=one.reply_by))
