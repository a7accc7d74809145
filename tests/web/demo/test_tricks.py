"""The dishonest are dishonest in earnest: what they hand in is well made, and fails where it must."""

from itertools import combinations

import pytest

from crypto.envelope import Folder, accept, open_share, recover
from crypto.envelope.statement import share_name
from crypto.errors import SharesInsufficient, StatementInvalid
from tests.crypto.envelope.conftest import BIDDER, KEYS, RIVAL, Desk, expected
from web.demo import tricks


@pytest.fixture
def sealed(tmp_path):
    document = tmp_path / "a.pdf"
    document.write_bytes(b"%PDF-1.7 " + bytes(1000))
    return Desk(tmp_path, {"a.pdf": document}).seal()


def shares_in(folder):
    keys = enumerate(KEYS.values(), 1)
    return [open_share((folder / share_name(number)).read_bytes(), key) for number, key in keys]


def test_a_copied_bid_is_signed_by_the_thief_and_refused_for_its_binding_alone(sealed, tmp_path):
    copy = tricks.copy_of(sealed.folder, tmp_path / "copy", RIVAL)
    assert (copy / "sheet.age").read_bytes() == (sealed.folder / "sheet.age").read_bytes()
    with pytest.raises(StatementInvalid) as refused:
        accept(Folder(copy), expected(RIVAL))
    assert refused.value.code == "bind-mismatch"


def test_spoiled_shares_are_accepted_name_the_right_key_and_lead_to_none(sealed):
    honest = shares_in(sealed.folder)
    recipient = sealed.statement.bidder_recipient
    assert recover(honest[:3], recipient) == sealed.bidder_identity

    tricks.spoil_shares(sealed.folder, BIDDER)
    assert accept(Folder(sealed.folder), expected()).has_fallback
    spoiled = shares_in(sealed.folder)
    assert {one.bidder_recipient for one in spoiled} == {recipient}
    for some in combinations(spoiled, 3):
        with pytest.raises(SharesInsufficient):
            recover(some, recipient)
