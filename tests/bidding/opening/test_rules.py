"""The rules at their boundaries; what the verbs' own tests show is not shown again."""

from datetime import timedelta

import pytest

from bidding.opening import rules
from bidding.opening.stages import Stage
from bidding.opening.states import Answer, BidStatus
from bidding.refusals.opening import (
    DeadlineNotReached,
    FewUndecided,
    PricesHidden,
    RecordUnfinished,
    TooFewBidders,
)
from bidding.refusals.opening_keys import LayerTooEarly
from tests.conftest import NOON, TICK


def test_the_deadline_instant_is_still_bidding_time_and_the_next_tick_is_not():
    for moment in (NOON - TICK, NOON):
        with pytest.raises(DeadlineNotReached):
            rules.refuse_early_start(now=moment, deadline=NOON)
    rules.refuse_early_start(now=NOON + TICK, deadline=NOON)


def test_two_are_too_few_and_three_are_not():
    with pytest.raises(TooFewBidders) as refused:
        rules.refuse_too_few(count=2)
    assert refused.value.facts() == {"count": 2, "minimum": 3}
    rules.refuse_too_few(count=3)


def test_two_opened_need_a_decision_and_three_need_none():
    with pytest.raises(FewUndecided):
        rules.refuse_undecided_few(opened=2, decision=None)
    rules.refuse_undecided_few(opened=2, decision="fail")
    rules.refuse_undecided_few(opened=3, decision=None)


@pytest.mark.parametrize("stage", list(Stage))
def test_prices_are_hidden_before_the_reading_and_at_no_time_after(stage):
    if list(Stage).index(stage) < list(Stage).index(Stage.ANNOUNCE):
        with pytest.raises(PricesHidden):
            rules.refuse_hidden_prices(stage=stage)
    else:
        rules.refuse_hidden_prices(stage=stage)


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.DECRYPT_LAYERS}))
def test_a_layer_comes_off_in_its_step_alone(stage):
    with pytest.raises(LayerTooEarly):
        rules.refuse_early_layer(stage=stage, statuses=[BidStatus.DECRYPT_QUEUED])


def test_a_layer_waits_for_a_bid_that_is_still_pending():
    rules.refuse_early_layer(stage=Stage.DECRYPT_LAYERS, statuses=[BidStatus.DECRYPT_QUEUED])
    with pytest.raises(LayerTooEarly):
        rules.refuse_early_layer(stage=Stage.DECRYPT_LAYERS, statuses=[BidStatus.DECRYPT_PENDING])


def test_a_note_stands_for_a_signature_and_never_for_an_answer():
    rules.refuse_unfinished_record(answers=[Answer.DEEMED], signed=[], note="监标人因故离席")
    with pytest.raises(RecordUnfinished) as refused:
        rules.refuse_unfinished_record(answers=[Answer.NONE], signed=rules.SIGNING, note="来不及")
    assert refused.value.missing == "answers"


@pytest.mark.parametrize("window", [timedelta(0), timedelta(hours=1)])
def test_the_door_is_open_at_both_its_ends(window):
    rules.refuse_outside_sign_in(now=NOON, opens_at=NOON - window, closes_at=NOON)
    rules.refuse_outside_sign_in(now=NOON, opens_at=NOON, closes_at=NOON + window)
