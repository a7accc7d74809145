"""Questions about tenders, on both databases."""

import pytest

from bidding.refusals.tender import TenderAbsent
from bidding.tender.queries import acceptable_notices, lock_tender, terms_of
from bidding.tender.tables import NoticeVersion
from crypto.ledger import Unit
from tests.bidding.tender import makers
from tests.conftest import NOON, at


@pytest.mark.parametrize("share", [True, False])
async def test_a_locked_tender_speaks_of_its_terms(session, share):
    row = await makers.tender(session)
    unit = Unit(session, by="tester", clock=at(NOON))
    locked = await lock_tender(unit, row.id, share=share)
    assert terms_of(locked).sha256 == locked.notice_sha256


async def test_no_tender_is_a_refusal(session):
    with pytest.raises(TenderAbsent):
        await lock_tender(Unit(session, by="tester", clock=at(NOON)), "nothing")


async def test_a_bid_may_name_an_older_notice_until_resubmission_was_required(session):
    row = await makers.tender(session)
    for number, again in ((2, True), (3, False)):
        version = NoticeVersion(
            tender_id=row.id, version=number, notice_sha256=f"{number}" * 64, previous="", terms={},
            requires_resubmission=again, published_at=NOON,
        )  # fmt: skip
        session.add(version)
    await session.flush()
    assert await acceptable_notices(session, row.id) == {"2" * 64, "3" * 64}
