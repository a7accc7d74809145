"""Taking, asking and reading: done without leave, and heard by nobody else before the deadline (E-08)."""

import pytest

from bidding.acts import bidder_stream, desk_stream, public_stream
from bidding.refusals.tender import (
    DocumentsNotOffered,
    NotInvited,
    QuestionsClosed,
    SecretBeforeDeadline,
    TenderOutOfOrder,
)
from bidding.tender import queries
from bidding.tender.queries import terms_of
from bidding.tender.service.changes import NewClarification, clarify
from bidding.tender.service.halts import Halt, terminate
from bidding.tender.service.questions import ask, read_clarification, take_documents
from bidding.tender.states import TenderState
from crypto.ledger import since
from tests.bidding.tender.makers import DAY, HOST, actor, kinds, on_sale, unit
from tests.conftest import NOON, TICK

BIDDER = actor("org-canary")


async def test_taking_documents_leaves_a_trace_in_the_taker_s_stream_and_nowhere_else(session):
    tender = await on_sale(session)
    before = await kinds(session, public_stream(tender.id)), await kinds(session, desk_stream(tender.id))
    await take_documents(unit(session), tender.id, actor=BIDDER)
    await take_documents(unit(session), tender.id, actor=BIDDER)
    assert await kinds(session, bidder_stream(tender.id, "org-canary")) == ["documents.taken"]
    after = await kinds(session, public_stream(tender.id)), await kinds(session, desk_stream(tender.id))
    assert after == before


async def test_documents_are_taken_until_the_deadline_instant_and_not_before_the_offer(session):
    tender = await on_sale(session)
    await take_documents(unit(session, tender.bid_deadline), tender.id, actor=BIDDER)
    with pytest.raises(DocumentsNotOffered):
        await take_documents(unit(session, tender.bid_deadline + TICK), tender.id, actor=BIDDER)
    with pytest.raises(DocumentsNotOffered):
        await take_documents(unit(session, NOON - TICK), tender.id, actor=BIDDER)


async def test_the_documents_of_an_invited_tender_are_for_those_invited(session):
    tender = await on_sale(session, is_invited=True, invited=("a", "b", "org-canary"))
    await take_documents(unit(session), tender.id, actor=BIDDER)
    with pytest.raises(NotInvited):
        await take_documents(unit(session), tender.id, actor=actor("org-x"))


async def test_the_desk_gets_a_question_without_its_author(session):
    tender = await on_sale(session)
    question = await ask(unit(session, by="org-canary/p"), tender.id, "第 3 页图纸缺失？", actor=BIDDER)
    last = (await since(session, desk_stream(tender.id), 0))[-1]
    assert last.kind == "question.received"
    assert "第 3 页图纸缺失？" in last.text
    assert "org-canary" not in last.text
    await clarify(
        unit(session), NewClarification(tender_id=tender.id, text="已补充。", questions=(question.id,),
                                        affects_bid_preparation=False)
    )  # fmt: skip
    public = "".join(entry.text for entry in await since(session, public_stream(tender.id), 0))
    assert "第 3 页图纸缺失？" in public
    assert "org-canary" not in public


async def test_questions_close_after_the_instant_the_notice_names(session):
    tender = await on_sale(session)
    last = terms_of(tender).questions_until
    await ask(unit(session, last), tender.id, "？", actor=BIDDER)
    with pytest.raises(QuestionsClosed):
        await ask(unit(session, last + TICK), tender.id, "？", actor=BIDDER)


async def test_opening_a_clarification_leaves_one_receipt_in_the_reader_s_stream(session):
    tender = await on_sale(session)
    row = await clarify(
        unit(session), NewClarification(tender_id=tender.id, text="答", affects_bid_preparation=False)
    )
    assert await queries.read_by(session, tender.id, "org-canary") == frozenset()
    for _ in range(2):
        await read_clarification(unit(session), tender.id, row.id, actor=BIDDER)
    assert await queries.read_by(session, tender.id, "org-canary") == {row.id}
    assert await kinds(session, bidder_stream(tender.id, "org-canary")) == ["clarification.read"]


@pytest.mark.parametrize("state", [TenderState.BIDDING, TenderState.OBJECTION_PAUSED])
async def test_takers_and_readers_are_a_secret_before_the_deadline(session, state):
    tender = await on_sale(session)
    await take_documents(unit(session), tender.id, actor=BIDDER)
    tender.state = state
    for question in (queries.takers, queries.receipts):
        with pytest.raises(SecretBeforeDeadline):
            await question(session, tender)


async def test_takers_are_told_once_the_deadline_has_fallen_and_never_after_a_termination(session):
    tender = await on_sale(session)
    await take_documents(unit(session), tender.id, actor=BIDDER)
    tender.state = TenderState.DEADLINE
    assert [one.bidder_id for one in await queries.takers(session, tender)] == ["org-canary"]
    tender.state = TenderState.BIDDING
    await terminate(unit(session), Halt(tender_id=tender.id, reason="x"), actor=HOST)
    with pytest.raises(SecretBeforeDeadline):
        await queries.takers(session, tender)
    with pytest.raises(TenderOutOfOrder):
        await take_documents(unit(session, NOON + DAY), tender.id, actor=BIDDER)
