"""The life of a bid is a table in which every state has a row and can be reached."""

import pytest

from bidding.acts import bid as acts
from bidding.bid.faults import REFUSALS, refusal_of
from bidding.bid.states import RECEIVED, TRANSITIONS, BidState, after
from bidding.refusals.bid import BidOutOfOrder
from crypto.errors import StatementInvalid


def act(kind, **more):
    return kind(tender_id="t", bidder_id="b", bid_id="x", **more)


def test_every_state_has_a_row_and_is_reached_from_submitted():
    assert set(TRANSITIONS) == set(BidState)
    reached, waiting = {BidState.SUBMITTED}, [BidState.SUBMITTED]
    while waiting:
        for state in TRANSITIONS[waiting.pop()].values():
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    assert reached == set(BidState)


def test_withdrawing_and_revoking_lead_to_two_different_ends():
    withdrawn = act(acts.BidWithdrawn, round=1, statement_sha256="s")
    revoked = act(acts.BidRevoked, cause="c")
    assert after(BidState.SUBMITTED, withdrawn) is BidState.WITHDRAWN
    assert after(BidState.SUBMITTED, revoked) is BidState.REVOKED


@pytest.mark.parametrize("state", [BidState.WITHDRAWN, BidState.REPLACED, BidState.REVOKED, BidState.REFUSED])
def test_nothing_follows_an_end(state):
    for kind in (acts.BidOpened, acts.BidWithdrawn, acts.BidRevoked):
        more = {"cause": "c"} if kind is acts.BidRevoked else {}
        more |= {"round": 1, "statement_sha256": "s"} if kind is acts.BidWithdrawn else {}
        with pytest.raises(BidOutOfOrder):
            after(state, act(kind, **more))


def test_a_withdrawn_or_replaced_bid_does_not_count_for_the_three():
    assert set(BidState) - set(RECEIVED) == {BidState.WITHDRAWN, BidState.REPLACED}


@pytest.mark.parametrize("code", [*REFUSALS, "some-later-check"])
def test_every_finding_of_the_envelope_has_a_refusal_with_both_languages(code):
    class Facts:
        round, notice_sha256 = 2, "n"

    refusal = refusal_of(StatementInvalid(code, "1"), Facts())
    texts = refusal.texts()
    assert texts["zh"]["cause"]
    assert texts["en"]["remedy"]
    assert refusal.rule
