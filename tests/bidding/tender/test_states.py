"""The life of a tender is a table: every state a row, every row reachable, nothing else allowed."""

import pytest

from bidding.acts import tender as acts
from bidding.acts.opening import DeadlineReached
from bidding.refusals.tender import TenderOutOfOrder
from bidding.tender.states import TRANSITIONS, TenderState, after
from tests.conftest import NOON


def test_every_state_has_a_row_and_can_be_reached():
    assert set(TRANSITIONS) == set(TenderState)
    reached = {TenderState.DRAFT} | {to for row in TRANSITIONS.values() for to in row.values()}
    assert reached == set(TenderState)


def test_a_paused_tender_reaches_no_deadline():
    for state in (TenderState.OBJECTION_PAUSED, TenderState.SUSPENDED, TenderState.DRAFT):
        assert DeadlineReached not in TRANSITIONS[state]


def test_documents_on_offer_let_bidding_begin():
    act = acts.DocumentsOffered(tender_id="T-1", documents=())
    assert after(TenderState.NOTICE_PUBLISHED, act) == TenderState.BIDDING


def test_a_draft_cannot_be_terminated():
    act = acts.TenderTerminated(tender_id="T-1", reason="r", document_no="1", refund_by=NOON)
    with pytest.raises(TenderOutOfOrder) as refused:
        after(TenderState.DRAFT, act)
    assert refused.value.texts()["en"]["cause"].startswith("The tender is in state “draft”")
