"""A step is left when its work is done, and not before."""

import pytest

from bidding.opening.gates import GATES, BidFacts, Facts, refuse_unfinished
from bidding.opening.stages import BEFORE_START, Stage
from bidding.opening.states import Answer, BidStatus
from bidding.refusals.opening import StageUnfinished

CHECKED = BidFacts(status=BidStatus.SUBMITTED, identity_ok=False, deposit="unpaid")


@pytest.mark.parametrize("stage", sorted(set(Stage) - {*BEFORE_START, Stage.CLOSED}))
def test_every_step_of_the_host_has_a_gate(stage):
    assert stage in GATES


@pytest.mark.parametrize(
    ("stage", "undone", "done", "missing"),
    [
        (Stage.DISCIPLINE, Facts(), Facts(done=frozenset({"discipline"})), "discipline"),
        (Stage.BIDDER_LIST, Facts(), Facts(done=frozenset({"bidder-list"})), "bidder-list"),
        (
            Stage.IDENTITY_CHECK,
            Facts(bids=(CHECKED, BidFacts(status=BidStatus.SUBMITTED, identity_ok=True))),
            Facts(bids=(CHECKED, BidFacts(status=BidStatus.WITHDRAWN))),
            "deposits",
        ),
        (
            Stage.IDENTITY_CHECK,
            Facts(bids=(BidFacts(status=BidStatus.SUBMITTED, deposit="paid"),)),
            Facts(bids=(CHECKED,)),
            "identity-checks",
        ),
        (
            Stage.DECRYPT_BIDDER,
            Facts(opened_windows=frozenset({"release"}), open_windows=frozenset({"release"})),
            Facts(opened_windows=frozenset({"release"})),
            "release-window",
        ),
        (
            Stage.PRICE_CONFIRM,
            Facts(),
            Facts(opened_windows=frozenset({"price_confirm"})),
            "price_confirm-window",
        ),
        (
            Stage.ANNOUNCE,
            Facts(bids=(BidFacts(status=BidStatus.DECRYPTED),)),
            Facts(bids=(BidFacts(status=BidStatus.ANNOUNCED), BidFacts(status=BidStatus.REVOKED))),
            "announcements",
        ),
        (
            Stage.OBJECTION,
            Facts(opened_windows=frozenset({"objection"}), open_objections=1),
            Facts(opened_windows=frozenset({"objection"})),
            "answers-to-objections",
        ),
        (
            Stage.RECORD,
            Facts(opened_windows=frozenset({"record_confirm"}), bids=(BidFacts(status=BidStatus.ANNOUNCED),)),
            Facts(
                opened_windows=frozenset({"record_confirm"}),
                bids=(BidFacts(status=BidStatus.ANNOUNCED, record_answer=Answer.DISPUTED),),
            ),
            "answers-to-the-record",
        ),
    ],
)  # fmt: skip
def test_the_gate_names_what_is_missing_and_opens_when_it_is_done(stage, undone, done, missing):
    with pytest.raises(StageUnfinished) as refused:
        refuse_unfinished(stage, undone)
    assert refused.value.missing == missing
    refuse_unfinished(stage, done)
