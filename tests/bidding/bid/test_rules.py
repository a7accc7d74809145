"""The law of receiving bids, rule by rule, at the boundary."""

import pytest

from bidding.bid import rules
from bidding.bid.states import BidState, UploadState
from bidding.refusals import bid as no
from bidding.tender.states import BEFORE_DEADLINE, TenderState
from tests.conftest import NOON, TICK


@pytest.mark.parametrize("received_at", [NOON - TICK, NOON])
def test_a_bid_is_in_time_up_to_and_including_the_deadline(received_at):
    rules.refuse_late(deadline=NOON, received_at=received_at)
    rules.refuse_late_withdrawal(deadline=NOON, at=received_at)


def test_one_tick_after_the_deadline_is_late():
    with pytest.raises(no.BidLate) as refused:
        rules.refuse_late(deadline=NOON, received_at=NOON + TICK)
    assert (refused.value.deadline, refused.value.received_at) == (NOON, NOON + TICK)
    with pytest.raises(no.WithdrawalLate):
        rules.refuse_late_withdrawal(deadline=NOON, at=NOON + TICK)


@pytest.mark.parametrize("state", list(TenderState))
def test_bids_are_taken_while_bidding_and_at_no_other_time(state):
    if state is TenderState.BIDDING:
        rules.refuse_not_open(state=state)
    else:
        with pytest.raises(no.BiddingNotOpen):
            rules.refuse_not_open(state=state)


@pytest.mark.parametrize("state", list(TenderState))
def test_who_bids_is_told_from_the_deadline_on(state):
    if state in BEFORE_DEADLINE:
        with pytest.raises(no.SealedBeforeDeadline):
            rules.refuse_before_deadline(state=state)
    else:
        rules.refuse_before_deadline(state=state)


@pytest.mark.parametrize(
    ("is_invited", "invited", "passes"),
    [(False, (), True), (True, ("b",), True), (True, (), False), (True, ("c",), False)],
)
def test_only_the_invited_bid_where_there_are_invitations(is_invited, invited, passes):
    if passes:
        rules.refuse_uninvited(is_invited=is_invited, invited=invited, bidder_id="b")
    else:
        with pytest.raises(no.BidderNotInvited):
            rules.refuse_uninvited(is_invited=is_invited, invited=invited, bidder_id="b")


@pytest.mark.parametrize(
    ("last", "given_round", "previous", "follows"),
    [
        (None, 1, None, True),
        (None, 2, "s1", False),
        ((1, "s1"), 2, "s1", True),
        ((1, "s1"), 1, None, False),
        ((1, "s1"), 2, "s0", False),
        ((1, "s1"), 3, "s1", False),
    ],
)
def test_a_statement_follows_the_one_before_it(last, given_round, previous, follows):
    facts = {"last": last, "given_round": given_round, "previous": previous}
    if follows:
        rules.refuse_replayed(**facts)
    else:
        with pytest.raises(no.BidReplayed):
            rules.refuse_replayed(**facts)


def test_a_bid_rests_on_a_notice_that_stands():
    rules.refuse_old_notice(named="n1", acceptable=["n2", "n1"], newest="n2")
    with pytest.raises(no.BidOnOldNotice):
        rules.refuse_old_notice(named="n0", acceptable=["n2", "n1"], newest="n2")


def test_sizes_and_quotas_allow_their_limit_and_not_one_byte_more():
    rules.refuse_too_large(size=10, limit=10)
    rules.refuse_large_upload(size=10, limit=10)
    rules.refuse_over_quota(used=4, asked=6, limit=10)
    with pytest.raises(no.BidTooLarge):
        rules.refuse_too_large(size=11, limit=10)
    with pytest.raises(no.UploadTooLarge):
        rules.refuse_large_upload(size=11, limit=10)
    with pytest.raises(no.UploadQuotaReached):
        rules.refuse_over_quota(used=5, asked=6, limit=10)


@pytest.mark.parametrize("state", [None, *BidState])
def test_only_a_standing_bid_can_be_withdrawn(state):
    if state is BidState.SUBMITTED:
        rules.refuse_nothing_standing(state=state)
    else:
        with pytest.raises(no.NoStandingBid):
            rules.refuse_nothing_standing(state=state)


@pytest.mark.parametrize("state", list(UploadState))
def test_a_bid_takes_whole_uploads_once_and_then_they_stay(state):
    if state is UploadState.COMPLETED:
        rules.refuse_incomplete(name="docs.age", state=state)
    else:
        with pytest.raises(no.BidIncomplete):
            rules.refuse_incomplete(name="docs.age", state=state)
    if state is UploadState.TAKEN:
        with pytest.raises(no.UploadTaken):
            rules.refuse_taken(state=state)
    else:
        rules.refuse_taken(state=state)


@pytest.mark.parametrize(
    ("begun", "sealed"),
    [
        (b"", True), (b"a", True), (b"age-encryption.org/", True), (b"age-encryption.org/v1\n", True),
        (b"PK\x03\x04", False), (b"%PDF-", False), (b"age-encryption.com/", False), (b"Age", False),
    ],
)  # fmt: skip
def test_what_does_not_begin_as_an_age_file_is_unencrypted(begun, sealed):
    if sealed:
        rules.refuse_unencrypted(begun=begun)
    else:
        with pytest.raises(no.BidUnencrypted):
            rules.refuse_unencrypted(begun=begun)


def test_a_certificate_counts_until_the_instant_of_its_revocation():
    rules.refuse_revoked_certificate(revoked_at=None, at=NOON)
    rules.refuse_revoked_certificate(revoked_at=NOON + TICK, at=NOON)
    with pytest.raises(no.BidCertificateRevoked):
        rules.refuse_revoked_certificate(revoked_at=NOON, at=NOON)


def test_a_copied_part_another_signer_another_owner_and_a_reused_key_are_refused():
    rules.refuse_copied(seen=[])
    with pytest.raises(no.BidCopied):
        rules.refuse_copied(seen=["sha256:x"])
    rules.refuse_signed_by_another(signer_uscc="u", bidder_uscc="u")
    for signer in ("v", None):
        with pytest.raises(no.BidSignedByAnother):
            rules.refuse_signed_by_another(signer_uscc=signer, bidder_uscc="u")
    rules.refuse_foreign_upload(owner_id="a", asker_id="a")
    with pytest.raises(no.UploadAbsent):
        rules.refuse_foreign_upload(owner_id="a", asker_id="b")
    rules.refuse_reused_key(key="k", known="x", given="x")
    with pytest.raises(no.KeyReused):
        rules.refuse_reused_key(key="k", known="x", given="y")
    rules.refuse_out_of_step(received=3, offset=3)
    with pytest.raises(no.UploadOutOfStep):
        rules.refuse_out_of_step(received=3, offset=4)
