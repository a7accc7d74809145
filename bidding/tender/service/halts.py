"""When a tender stands still, ends or begins anew: suspension, resumption, termination, re-tender."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bidding.acts.tender import (
    ObjectionPaused,
    TenderResumed,
    TenderRetendered,
    TenderSuspended,
    TenderTerminated,
)
from bidding.party.roles import Actor, Role
from bidding.tender import rules
from bidding.tender.calendar import owed_by
from bidding.tender.check import rule_set_of
from bidding.tender.defaults import schedule
from bidding.tender.queries import calendar, lock_tender, terms_of
from bidding.tender.ruleset import NEWEST
from bidding.tender.service.drafts import NewTender, found
from bidding.tender.service.moves import move
from bidding.tender.service.objections import unanswered
from bidding.tender.service.publication import offer_documents
from bidding.tender.states import after
from bidding.tender.tables import Project, Tender
from bidding.tender.terms import Terms
from crypto.ledger import Unit


class SuspensionCause(StrEnum):
    """Why a tender may be suspended (domain §1.11)."""

    SYSTEM_FAULT = "system_fault"
    FORCE_MAJEURE = "force_majeure"
    OWNERSHIP_DISPUTE = "ownership_dispute"
    SUPERVISOR_ORDER = "supervisor_order"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Halt:
    """Why, and under which document of the supervisor if it is an order of theirs."""

    tender_id: str
    reason: str
    document_no: str = ""
    cause: SuspensionCause = SuspensionCause.OTHER


async def suspend(unit: Unit, order: Halt, *, actor: Actor) -> Tender:
    """Let the tender stand still; its deadline cannot fall meanwhile. Raises DocumentNoMissing."""
    tender = await lock_tender(unit, order.tender_id)
    _refuse_unnumbered(order, actor)
    act = TenderSuspended(
        tender_id=tender.id, cause=order.cause, reason=order.reason, document_no=order.document_no
    )
    tender.suspended_at = await unit.now()
    await move(unit, tender, act)
    return tender


async def resume(unit: Unit, order: Halt, *, actor: Actor) -> Tender:
    """Let the tender go on where its dates and objections say it stands.

    Raises DeadlineOverdue if the deadline passed meanwhile (reschedule first), DocumentNoMissing.
    """
    tender = await lock_tender(unit, order.tender_id)
    now = await unit.now()
    _refuse_unnumbered(order, actor)
    rules.refuse_overdue(deadline=tender.bid_deadline, now=now)
    tender.suspended_at = None
    act = TenderResumed(tender_id=tender.id, reason=order.reason, document_no=order.document_no)
    await move(unit, tender, act)
    if tender.docs_from <= now:
        await offer_documents(unit, tender)
        if await unanswered(unit, tender):
            await move(unit, tender, ObjectionPaused(tender_id=tender.id))
    return tender


async def terminate(unit: Unit, order: Halt, *, actor: Actor) -> Tender:
    """End the tender for good; what bidders paid goes back by the day the act names (T-25)."""
    tender = await lock_tender(unit, order.tender_id)
    _refuse_unnumbered(order, actor)
    days = rule_set_of(terms_of(tender)).refund_days
    refund_by = owed_by(await unit.now(), days, await calendar(unit.session))
    tender.ended_reason, tender.suspended_at = order.reason, None
    act = TenderTerminated(
        tender_id=tender.id, reason=order.reason, document_no=order.document_no, refund_by=refund_by
    )
    await move(unit, tender, act)
    return tender


async def retender(unit: Unit, tender_id: str) -> Tender:
    """Put a failed tender out again: a draft of the next round with new dates, to be published as any other.

    Raises TenderOutOfOrder unless it failed, CalendarUnconfirmed where no dates can be computed.
    """
    tender = await lock_tender(unit, tender_id)
    after(tender.state, TenderRetendered(tender_id=tender.id, next_tender_id="", round=tender.round + 1))
    project = await unit.session.get_one(Project, tender.project_id)
    code = f"{tender.lot_code.removesuffix(f'-R{tender.round}')}-R{tender.round + 1}"
    terms = await _dated_anew(unit, terms_of(tender))
    order = NewTender(project_id=project.id, lot_no=tender.lot_no, lot_code=code, terms=terms)
    following = await found(unit, project, order, round_no=tender.round + 1, previous=tender.id)
    act = TenderRetendered(tender_id=tender.id, next_tender_id=following.id, round=following.round)
    await move(unit, tender, act)
    return following


async def _dated_anew(unit: Unit, terms: Terms) -> Terms:
    dates = schedule(
        start=await unit.now(), project_type=terms.project_type, regime=terms.regime,
        rule_set_version=NEWEST, calendar=await calendar(unit.session),
    )  # fmt: skip
    return replace(terms, rule_set_version=NEWEST, documents=(), **vars(dates))


def _refuse_unnumbered(order: Halt, actor: Actor) -> None:
    held = actor.tender_roles | (actor.roles & {Role.SUPERVISOR})
    by_supervisor = Role.SUPERVISOR in held and not held & {Role.PROCURING_ENTITY, Role.AGENCY_HOST}
    rules.refuse_no_document_no(by_supervisor=by_supervisor, document_no=order.document_no)
