from itertools import combinations

import pytest

from crypto.age import encrypt, generate_identity, recipient_of
from crypto.envelope import open_key, open_share, recover
from crypto.envelope.fallback import MAX_SHARE_FILE, Share
from crypto.errors import NoIdentityMatched, SharesInsufficient
from tests.crypto.envelope.conftest import KEYS, LAYERS, MEMBERS


def opened(sealed, members):
    files = {one.member: sealed.folder / one.name for one in sealed.statement.shares}
    return [open_share(files[member].read_bytes(), KEYS[member]) for member in members]


def test_any_three_of_five_members_recover_the_key_that_opens_the_bid(sealed):
    expected = sealed.statement.bidder_recipient
    for members in combinations(MEMBERS, 3):
        identity = recover(opened(sealed, members), expected)
        assert identity == sealed.bidder_identity
    key = (sealed.folder / "key-docs.age").read_bytes()
    assert open_key(key, LAYERS, identity, expected_recipient=sealed.statement.object("docs").recipient)


def test_two_members_recover_nothing(sealed):
    for members in combinations(MEMBERS, 2):
        with pytest.raises(SharesInsufficient):
            recover(opened(sealed, members), sealed.statement.bidder_recipient)


def test_one_share_told_three_times_recovers_nothing(sealed):
    with pytest.raises(SharesInsufficient):
        recover(opened(sealed, [MEMBERS[0]]) * 3, sealed.statement.bidder_recipient)


def test_a_member_opens_no_share_but_his_own(sealed):
    with pytest.raises(NoIdentityMatched):
        open_share((sealed.folder / "share-1.age").read_bytes(), KEYS[MEMBERS[1]])


def test_shares_of_another_bid_do_not_count(desk, sealed):
    other = desk.seal("other")
    mixed = opened(sealed, MEMBERS[:2]) + opened(other, MEMBERS[2:])
    with pytest.raises(SharesInsufficient):
        recover(mixed, sealed.statement.bidder_recipient)


def test_a_share_of_another_bid_does_not_spoil_enough_of_this_one(desk, sealed):
    stray = opened(desk.seal("other"), MEMBERS[3:4])
    mixed = stray + opened(sealed, MEMBERS[:3])
    assert recover(mixed, sealed.statement.bidder_recipient) == sealed.bidder_identity


def test_garbage_that_a_bidder_dealt_shows_when_it_is_combined(sealed):
    from dataclasses import replace

    shares = opened(sealed, MEMBERS[:3])
    dealt = shares[0].share  # not its first or last byte: X25519 ignores some bits of those
    spoiled = dealt[:9] + bytes([dealt[9] ^ 1]) + dealt[10:]
    with pytest.raises(SharesInsufficient, match="do not lead"):
        recover([replace(shares[0], share=spoiled), *shares[1:]], sealed.statement.bidder_recipient)


def test_a_share_says_whose_it_is(sealed):
    share = opened(sealed, [MEMBERS[3]])[0]
    assert (share.tender_id, share.lot, share.member) == ("T-2026-0001", "1", "member-4")
    assert share.bidder_recipient == sealed.statement.bidder_recipient
    assert Share.read(share.raw()) == share


@pytest.mark.parametrize("raw", [b"", b"x", b"{}", b'{"type":"x"}'])
def test_what_is_no_share_is_refused(raw):
    identity = generate_identity()
    with pytest.raises(SharesInsufficient):
        open_share(encrypt(raw, recipients=[recipient_of(identity)]), identity)


def test_a_huge_share_is_refused_unopened():
    with pytest.raises(SharesInsufficient):
        open_share(bytes(MAX_SHARE_FILE + 1), generate_identity())


@pytest.mark.parametrize("shares", [[], [b""], [b"", b""], [b"ab", b"c"], [b"xa", b"ya"], [b"x\0", b"y\1"]])
def test_what_cannot_be_shares_of_one_secret_is_refused(shares):
    made = [Share("T", "1", "age1x", "m", share) for share in shares]
    with pytest.raises(SharesInsufficient):
        recover(made, "age1x")
