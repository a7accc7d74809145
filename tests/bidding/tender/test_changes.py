"""After publication: what may change, what must be extended, what stands still and how it goes on."""

from dataclasses import replace

import pytest

from bidding.acts import bidder_stream, public_stream
from bidding.refusals.tender import (
    AmendmentTooLate,
    DeadlineOverdue,
    DeadlineShortened,
    DocumentNoMissing,
    ObjectionAnswerKnown,
    SilentReseal,
    TenderOutOfOrder,
    TenderPastDeadline,
    TermsFixed,
    ThingAbsent,
)
from bidding.tender.queries import acceptable_notices, terms_of, versions
from bidding.tender.service.changes import (
    Amendment,
    NewClarification,
    amend,
    clarify,
    extend_deadline,
    reschedule,
)
from bidding.tender.service.due import due, perform
from bidding.tender.service.halts import Halt, SuspensionCause, resume, retender, suspend, terminate
from bidding.tender.service.objections import answer_objection, object_to_documents
from bidding.tender.service.questions import take_documents
from bidding.tender.states import TenderState
from bidding.tender.terms import Regime
from crypto import jcs
from crypto.ledger import since
from tests.bidding.tender import makers
from tests.bidding.tender.makers import DAY, HOST, SUPERVISOR, actor, kinds, layer, on_sale, unit
from tests.conftest import NOON, TICK


def amendment(tender, **over) -> Amendment:
    facts = {"reason": "更正清单", "affects_bid_preparation": False}
    changes = {name: over.pop(name) for name in list(over) if name not in Amendment.__dataclass_fields__}
    return Amendment(tender_id=tender.id, terms=replace(terms_of(tender), **changes), **facts | over)


async def test_versions_are_chained_by_hash_and_old_bids_still_fit(session):
    tender = await on_sale(session)
    first = tender.notice_sha256
    await amend(unit(session, NOON + DAY), amendment(tender, title="示例更名"))
    one, two = await versions(session, tender.id)
    assert (one.notice_sha256, two.previous) == (first, first)
    assert two.notice_sha256 == terms_of(tender).sha256 == tender.notice_sha256
    assert await acceptable_notices(session, tender.id) == {first, two.notice_sha256}


async def test_new_keys_under_sealed_bids_ask_for_resubmission(session):
    tender = await on_sale(session)
    layers = (layer(1), layer(2))
    with pytest.raises(SilentReseal):
        await amend(unit(session, NOON + DAY), amendment(tender, layers=layers))


@pytest.mark.parametrize("field", ["regime", "is_mandatory", "docs_from"])
async def test_what_identifies_the_tender_cannot_change(session, field):
    tender = await on_sale(session)
    other = {"regime": Regime.GP, "is_mandatory": False, "docs_from": NOON + TICK}[field]
    with pytest.raises(TermsFixed) as refused:
        await amend(unit(session, NOON + DAY), amendment(tender, **{field: other}))
    assert refused.value.name == field


async def test_a_deadline_moves_later_and_never_earlier(session):
    tender = await on_sale(session)
    old = tender.bid_deadline
    with pytest.raises(DeadlineShortened):
        await extend_deadline(unit(session), tender.id, old - TICK, reason="x")
    await extend_deadline(unit(session), tender.id, old + DAY, reason="供货周期")
    assert (tender.bid_deadline, tender.opening_time) == (old + DAY, old + DAY)


async def test_at_the_deadline_instant_nothing_changes_any_more(session):
    tender = await on_sale(session)
    with pytest.raises(TenderPastDeadline):
        await extend_deadline(
            unit(session, tender.bid_deadline), tender.id, tender.bid_deadline + DAY, reason="x"
        )
    last = unit(session, tender.bid_deadline - TICK)
    await extend_deadline(last, tender.id, tender.bid_deadline + DAY, reason="x")


async def test_where_the_count_of_days_does_not_bind_a_late_change_is_logged_and_goes_out(session):
    small = {"regime": Regime.LOCAL_SMALL, "is_mandatory": False, "estimate_fen": 100_000_000,
             "price_cap_fen": 1_000_000, "deposit_fen": 0}  # fmt: skip
    tender = await on_sale(session, **small)
    order = NewClarification(tender_id=tender.id, text="改动", affects_bid_preparation=True)
    await clarify(unit(session, tender.bid_deadline - DAY), order)
    assert (await kinds(session, public_stream(tender.id)))[-1] == "clarification.published"
    logged = (await since(session, f"tender/{tender.id}/desk", 0))[-1]
    assert jcs.parse(logged.text.encode())["body"]["code"] == AmendmentTooLate.code


async def test_a_clarification_answers_only_questions_of_its_own_tender(session):
    tender = await on_sale(session)
    order = NewClarification(
        tender_id=tender.id, text="答复", affects_bid_preparation=False, questions=("none",)
    )
    with pytest.raises(ThingAbsent):
        await clarify(unit(session), order)


async def test_every_taker_is_told_of_a_clarification_in_its_own_stream(session):
    tender = await on_sale(session)
    for bidder in ("org-a", "org-b"):
        await take_documents(unit(session), tender.id, actor=actor(bidder))
    order = NewClarification(tender_id=tender.id, text="答复", affects_bid_preparation=False)
    await clarify(unit(session), order)
    for bidder in ("org-a", "org-b"):
        heard = await kinds(session, bidder_stream(tender.id, bidder))
        assert heard == ["documents.taken", "clarification.delivered"]


async def test_an_objection_pauses_and_its_answer_lets_the_tender_go_on(session):
    tender = await on_sale(session)
    one = await object_to_documents(unit(session), tender.id, "甲", actor=actor("org-a"))
    two = await object_to_documents(unit(session), tender.id, "乙", actor=actor("org-b"))
    await answer_objection(unit(session, NOON + DAY), tender.id, one.id, "答")
    assert tender.state is TenderState.OBJECTION_PAUSED
    await answer_objection(unit(session, NOON + DAY), tender.id, two.id, "答")
    assert tender.state is TenderState.BIDDING
    with pytest.raises(ObjectionAnswerKnown):
        await answer_objection(unit(session, NOON + DAY), tender.id, two.id, "再答")
    assert await kinds(session, public_stream(tender.id)) == [
        "notice.published", "documents.offered", "tender.objection-paused", "document-objection.answered",
        "document-objection.answered", "tender.objections-settled",
    ]  # fmt: skip


async def test_who_objected_is_told_to_nobody(session):
    tender = await on_sale(session)
    await object_to_documents(unit(session, by="org-a/p"), tender.id, "甲", actor=actor("org-a"))
    for stream in (public_stream(tender.id), f"tender/{tender.id}/desk"):
        last = (await since(session, stream, 0))[-1]
        assert "objection" in last.kind
        assert "org-a" not in last.text


async def test_a_pause_past_the_deadline_ends_only_with_a_new_deadline(session):
    tender = await on_sale(session)
    one = await object_to_documents(unit(session), tender.id, "甲", actor=actor("org-a"))
    late = tender.bid_deadline + DAY
    await answer_objection(unit(session, late), tender.id, one.id, "答")
    assert tender.state is TenderState.OBJECTION_PAUSED
    with pytest.raises(DeadlineOverdue):
        await reschedule(unit(session, late), tender.id, late, reason="x")
    await reschedule(unit(session, late), tender.id, late + 15 * DAY, reason="暂停期间顺延")
    assert tender.state is TenderState.BIDDING
    assert tender.opening_time == late + 15 * DAY


@pytest.mark.parametrize(
    ("short", "state"), [(TICK, TenderState.BIDDING), (0 * TICK, TenderState.OBJECTION_PAUSED)]
)
async def test_an_answer_at_the_deadline_instant_comes_too_late_to_go_on(session, short, state):
    tender = await on_sale(session)
    one = await object_to_documents(unit(session), tender.id, "甲", actor=actor("org-a"))
    await answer_objection(unit(session, tender.bid_deadline - short), tender.id, one.id, "答")
    assert tender.state is state


async def test_the_supervisor_hears_of_a_reply_on_its_last_day_once(session):
    tender = await on_sale(session)
    one = await object_to_documents(unit(session), tender.id, "甲", actor=actor("org-a"))
    last_day = one.reply_by - DAY
    assert await due(session, now=last_day - TICK) == []
    for kind, name in 2 * await due(session, now=last_day):
        await perform(unit(session, last_day), kind, name)
    desk = await kinds(session, f"tender/{tender.id}/desk")
    assert desk.count("document-objection.reply-falls-due") == 1


async def test_a_suspended_tender_takes_no_change_and_resumes_where_it_stood(session):
    tender = await on_sale(session)
    halt = Halt(tender_id=tender.id, reason="停电", cause=SuspensionCause.SYSTEM_FAULT)
    await suspend(unit(session), halt, actor=HOST)
    with pytest.raises(TenderOutOfOrder):
        await extend_deadline(unit(session), tender.id, tender.bid_deadline + DAY, reason="x")
    await resume(unit(session, NOON + DAY), halt, actor=HOST)
    assert tender.state is TenderState.BIDDING
    assert tender.suspended_at is None


async def test_a_suspension_does_not_lift_the_pause_of_an_objection(session):
    tender = await on_sale(session)
    await object_to_documents(unit(session), tender.id, "甲", actor=actor("org-a"))
    halt = Halt(tender_id=tender.id, reason="停电")
    await suspend(unit(session), halt, actor=HOST)
    await resume(unit(session), halt, actor=HOST)
    assert tender.state is TenderState.OBJECTION_PAUSED


async def test_a_suspended_tender_whose_deadline_passed_is_rescheduled_first(session):
    tender = await on_sale(session)
    halt = Halt(tender_id=tender.id, reason="产权争议", cause=SuspensionCause.OWNERSHIP_DISPUTE)
    await suspend(unit(session), halt, actor=HOST)
    late = tender.bid_deadline
    with pytest.raises(DeadlineOverdue):
        await resume(unit(session, late), halt, actor=HOST)
    await reschedule(unit(session, late), tender.id, late + DAY, reason="x")
    await resume(unit(session, late), halt, actor=HOST)
    assert tender.state is TenderState.BIDDING


async def test_an_order_of_the_supervisor_has_a_document_number(session):
    tender = await on_sale(session)
    with pytest.raises(DocumentNoMissing):
        await suspend(unit(session), Halt(tender_id=tender.id, reason="投诉"), actor=SUPERVISOR)
    order = Halt(tender_id=tender.id, reason="投诉", document_no="示监〔2026〕1 号")
    await suspend(unit(session), order, actor=SUPERVISOR)
    assert tender.state is TenderState.SUSPENDED


async def test_a_terminated_tender_names_the_day_by_which_money_goes_back(session):
    tender = await on_sale(session)
    await terminate(unit(session), Halt(tender_id=tender.id, reason="规划调整"), actor=HOST)
    last = (await since(session, public_stream(tender.id), 0))[-1]
    # Five days after Monday 23 November end on Saturday the 28th, so on Monday the 30th at 24:00.
    assert jcs.parse(last.text.encode())["body"]["refund_by"] == "2026-11-30T16:00:00.000000Z"
    assert tender.state is TenderState.TERMINATED


async def test_a_failed_tender_is_put_out_again_as_a_draft_of_the_next_round(session):
    tender = await on_sale(session)
    tender.state = TenderState.FAILED
    following = await retender(unit(session), tender.id)
    assert (following.round, following.previous_id, following.state) == (2, tender.id, TenderState.DRAFT)
    assert following.lot_code == f"{tender.lot_code}-R2"
    assert terms_of(following).bid_deadline == following.bid_deadline > NOON + 20 * DAY
    assert tender.state is TenderState.RETENDERED
    with pytest.raises(TenderOutOfOrder):
        await retender(unit(session), tender.id)


async def test_a_tender_that_runs_cannot_be_put_out_again(session):
    tender = await makers.on_sale(session)
    with pytest.raises(TenderOutOfOrder):
        await retender(unit(session), tender.id)
