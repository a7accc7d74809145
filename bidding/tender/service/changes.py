"""Changes after publication: amendments, extensions and clarifications, each chained to what it changes."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from bidding.acts.tender import (
    ClarificationDelivered,
    ClarificationPublished,
    DeadlineExtended,
    NoticeAmended,
    TenderRescheduled,
)
from bidding.refusals import Refusal
from bidding.refusals.tender import KeyUnproven, ThingAbsent
from bidding.tender import rules
from bidding.tender.check import Severity, binds, report, rule_set_of
from bidding.tender.queries import circumstances, lock_tender, terms_of
from bidding.tender.service.moves import move, moved_to, new_version, override
from bidding.tender.service.objections import settle
from bidding.tender.service.publication import refuse_blocked
from bidding.tender.tables import Clarification, Question, Taking, Tender
from bidding.tender.terms import ProjectType, Terms
from crypto.ledger import Unit
from crypto.ledger.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """New terms in place of the published ones, and what the change means for bidders."""

    tender_id: str
    terms: Terms
    reason: str
    affects_bid_preparation: bool
    requires_resubmission: bool = False


@dataclass(frozen=True, kw_only=True)
class NewClarification:
    """An answer to everyone; `new_deadline` moves the deadline in the same act where T-04 asks for it."""

    tender_id: str
    text: str
    questions: tuple[str, ...] = ()
    affects_bid_preparation: bool
    new_deadline: datetime | None = None


async def amend(unit: Unit, order: Amendment) -> Tender:
    """Publish a new version of the terms.

    Raises TenderPastDeadline, TermsFixed, DeadlineShortened, AmendmentTooLate (which names the deadline
    that would do), SilentReseal, or what blocks the new terms themselves.
    """
    tender = await lock_tender(unit, order.tender_id)
    now, before = await unit.now(), terms_of(tender)
    after = replace(order.terms, tender_id=tender.id, lot_code=tender.lot_code, invited=())
    rules.refuse_past_deadline(deadline=before.bid_deadline, now=now)
    rules.refuse_terms_fixed(before=before, after=after)
    rules.refuse_deadline_shortened(deadline=before.bid_deadline, asked=after.bid_deadline)
    rules.refuse_silent_reseal(before=before, after=after, requires_resubmission=order.requires_resubmission)
    affects = order.affects_bid_preparation or order.requires_resubmission
    await _refuse_too_late(unit, tender, after, affects=affects, attempted=NoticeAmended.kind)
    await _refuse_unlawful(unit, tender, before, after)
    await _publish_amendment(unit, tender, order, after)
    return tender


async def _publish_amendment(unit: Unit, tender: Tender, order: Amendment, terms: Terms) -> None:
    previous = tender.notice_sha256 or ""
    version = await new_version(
        unit, tender, terms, reason=order.reason, requires_resubmission=order.requires_resubmission
    )
    act = NoticeAmended(
        tender_id=tender.id, version=version.version, terms=version.terms,
        notice_sha256=version.notice_sha256, previous=previous, reason=order.reason,
        affects_bid_preparation=order.affects_bid_preparation,
        requires_resubmission=order.requires_resubmission,
    )  # fmt: skip
    await move(unit, tender, act)


async def _refuse_unlawful(unit: Unit, tender: Tender, before: Terms, after: Terms) -> None:
    given = await circumstances(unit.session, after, now=await unit.now(), issued_at=_first_issue(tender))
    judged = replace(after, invited=tuple(tender.invited))
    found = [one for one in report(judged, given) if one.severity is Severity.BLOCK]
    same_keys = (before.layers, before.committee) == (after.layers, after.committee)
    # A proof that lapsed meanwhile is asked for again before the deadline; it holds up no amendment.
    refuse_blocked([one for one in found if not (same_keys and one.code == KeyUnproven.code)], {})


def _first_issue(tender: Tender) -> datetime:
    return max(tender.docs_from, tender.published_at or tender.docs_from)


async def extend_deadline(unit: Unit, tender_id: str, deadline: datetime, *, reason: str) -> Tender:
    """Move the deadline, and the opening with it, to a later instant.

    Raises TenderPastDeadline, DeadlineShortened, TenderOutOfOrder (a suspended tender is rescheduled).
    """
    tender = await lock_tender(unit, tender_id)
    rules.refuse_past_deadline(deadline=tender.bid_deadline, now=await unit.now())
    await _move_deadline(unit, tender, deadline, reason=reason, by=DeadlineExtended)
    return tender


async def reschedule(unit: Unit, tender_id: str, deadline: datetime, *, reason: str) -> Tender:
    """Give a tender that stands still a new deadline, the same for all, even after the old one passed.

    Raises DeadlineOverdue if the new one is not to come, DeadlineShortened, TenderOutOfOrder.
    """
    tender = await lock_tender(unit, tender_id)
    rules.refuse_overdue(deadline=deadline, now=await unit.now())
    await _move_deadline(unit, tender, deadline, reason=reason, by=TenderRescheduled)
    await settle(unit, tender)
    return tender


async def _move_deadline(
    unit: Unit, tender: Tender, deadline: datetime, *, reason: str,
    by: type[DeadlineExtended] | type[TenderRescheduled],
) -> None:  # fmt: skip
    rules.refuse_deadline_shortened(deadline=tender.bid_deadline, asked=deadline)
    previous = tender.notice_sha256 or ""
    version = await new_version(unit, tender, moved_to(terms_of(tender), deadline), reason=reason)
    act = by(
        tender_id=tender.id, version=version.version, terms=version.terms, previous=previous,
        notice_sha256=version.notice_sha256, bid_deadline=deadline, reason=reason,
    )  # fmt: skip
    await move(unit, tender, act)


async def clarify(unit: Unit, order: NewClarification) -> Clarification:
    """Publish an answer, with the extension T-04 asks for, and push it to all who took the documents.

    Raises AmendmentTooLate where it comes too close to the deadline and brings no later one,
    TenderPastDeadline, ThingAbsent for a question of another tender.
    """
    tender = await lock_tender(unit, order.tender_id)
    now = await unit.now()
    if order.new_deadline is not None:
        rules.refuse_past_deadline(deadline=tender.bid_deadline, now=now)
        await _move_deadline(unit, tender, order.new_deadline, reason=order.text, by=DeadlineExtended)
    rules.refuse_past_deadline(deadline=tender.bid_deadline, now=now)
    affects, terms = order.affects_bid_preparation, terms_of(tender)
    await _refuse_too_late(unit, tender, terms, affects=affects, attempted=ClarificationPublished.kind)
    return await _publish_clarification(unit, tender, order)


async def _publish_clarification(unit: Unit, tender: Tender, order: NewClarification) -> Clarification:
    row = Clarification(
        id=new_id(), tender_id=tender.id, number=await _next_number(unit, tender), text=order.text,
        affects_bid_preparation=order.affects_bid_preparation, published_at=await unit.now(),
    )  # fmt: skip
    unit.session.add(row)
    await unit.session.flush()
    asked = [await _answered(unit, tender, question, row) for question in order.questions]
    act = ClarificationPublished(
        tender_id=tender.id, clarification_id=row.id, number=row.number, text=row.text,
        questions=tuple(asked), affects_bid_preparation=row.affects_bid_preparation,
    )  # fmt: skip
    await move(unit, tender, act)
    await _deliver(unit, row)
    return row


async def _answered(unit: Unit, tender: Tender, question_id: str, row: Clarification) -> str:
    question = await unit.session.get(Question, question_id)
    if question is None or question.tender_id != tender.id:
        raise ThingAbsent(thing=question_id)
    question.clarification_id = row.id
    return question.text


async def _deliver(unit: Unit, row: Clarification) -> None:
    takers = select(Taking.bidder_id).where(Taking.tender_id == row.tender_id).order_by(Taking.bidder_id)
    for bidder in (await unit.session.execute(takers)).scalars().all():
        act = ClarificationDelivered(
            tender_id=row.tender_id, bidder_id=bidder, clarification_id=row.id, number=row.number
        )
        await unit.record(act)


async def _next_number(unit: Unit, tender: Tender) -> int:
    asked = select(func.count()).select_from(Clarification).where(Clarification.tender_id == tender.id)
    return int((await unit.session.execute(asked)).scalar_one()) + 1


async def _refuse_too_late(
    unit: Unit, tender: Tender, terms: Terms, *, affects: bool, attempted: str
) -> None:
    """Ask T-04; where its count of days does not bind the tender, log it instead."""
    try:
        rules.refuse_amendment_too_late(
            affects=affects,
            issued_at=await unit.now(),
            deadline=terms.bid_deadline,
            days=_days_ahead(terms),
        )
    except Refusal as refusal:
        if binds(terms):
            raise
        await override(unit, tender, refusal, reason="", attempted=attempted)


def _days_ahead(terms: Terms) -> int:
    rule_set = rule_set_of(terms)
    if terms.project_type is ProjectType.PREQUALIFICATION:
        return rule_set.prequalification_days
    return rule_set.clarification_days
