"""Terms survive their plain form, to the byte that is hashed."""

import json

from bidding.tender.terms import CoefficientSpec, Committee, ShareHolder, fold
from tests.bidding.tender.makers import terms


def share(number: int) -> ShareHolder:
    return ShareHolder(
        number=number, organisation_id=f"o{number}", person_id=f"p{number}", name="示例", recipient="age1"
    )


def test_terms_come_back_from_their_plain_form():
    whole = terms(
        committee=Committee(m=2, members=(share(1), share(2), share(3))),
        coefficient=CoefficientSpec(label="K", candidates=("0.95", "0.96")),
        price_cap_fen=None,
    )
    assert fold(json.loads(json.dumps(whole.plain()))) == whole


def test_terms_that_differ_in_one_fen_have_another_hash():
    one = terms(layers=())
    other = terms(layers=(), price_cap_fen=989_999_999)
    assert one.sha256 != other.sha256
    assert fold(one.plain()).sha256 == one.sha256
