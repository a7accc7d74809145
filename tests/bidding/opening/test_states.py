"""The three life tables: every state is there, and can be reached."""

import pytest

from bidding.acts import opening as acts
from bidding.opening import states
from bidding.opening.states import Answer, BidStatus, OpeningState
from bidding.refusals.opening import BidStatusOutOfOrder, OpeningOutOfOrder
from tests.conftest import NOON

TABLES = [
    (states.TRANSITIONS, OpeningState, {OpeningState.SCHEDULED}),
    (states.BID_TRANSITIONS, BidStatus, {BidStatus.SUBMITTED, BidStatus.WITHDRAWN}),
    (states.PRICE_ANSWERS, Answer, {Answer.NONE}),
    (states.RECORD_ANSWERS, Answer, {Answer.NONE}),
]


@pytest.mark.parametrize(("table", "kind", "first"), TABLES)
def test_every_state_has_a_row_and_can_be_reached(table, kind, first):
    assert set(table) == set(kind)
    reached = set(first)
    while fresh := {to for one in reached for to in table[one].values()} - reached:
        reached |= fresh
    assert reached == set(kind)


ENDS = [OpeningState.FAILED, OpeningState.TERMINATED, OpeningState.PUBLISHED]


@pytest.mark.parametrize("state", ENDS)
def test_nothing_follows_an_end(state):
    assert states.TRANSITIONS[state] == {}
    with pytest.raises(OpeningOutOfOrder):
        states.after(state, acts.OpeningStarted(tender_id="T-1"))


def test_a_paused_opening_enters_no_step():
    step = acts.StageEntered(tender_id="T-1", stage="announce", left="price_confirm")
    with pytest.raises(OpeningOutOfOrder) as refused:
        states.after(OpeningState.PAUSED, step)
    assert refused.value.attempted == "opening.stage-entered"


def test_a_bid_is_announced_only_after_it_was_decrypted():
    said = acts.BidAnnounced(tender_id="T-1", bidder_id="O-1", bid_id="B-1", items={}, findings=[])
    assert states.bid_after(BidStatus.DECRYPTED, said) is BidStatus.ANNOUNCED
    for status in set(BidStatus) - {BidStatus.DECRYPTED}:
        with pytest.raises(BidStatusOutOfOrder):
            states.bid_after(status, said)


def test_a_withdrawn_bid_is_never_asked_for_its_key():
    opened = acts.WindowOpened(tender_id="T-1", window="release", opens_at=NOON, closes_at=NOON)
    with pytest.raises(BidStatusOutOfOrder):
        states.bid_after(BidStatus.WITHDRAWN, opened)


@pytest.mark.parametrize("answer", list(Answer))
def test_a_new_version_of_the_record_asks_everyone_anew(answer):
    drawn = acts.RecordDrawn(tender_id="T-1", version=2, record_sha256="", previous_sha256="")
    assert states.record_after(answer, drawn) is Answer.NONE
