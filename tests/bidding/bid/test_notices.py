"""A bid rests on a notice that stands, and is sealed to what that notice names."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.bid import acceptance, service
from bidding.bid.sealing import committee_of, sealing_facts
from bidding.refusals.bid import BidOnOldNotice
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.tables import NoticeVersion
from bidding.tender.terms import Committee, ShareHolder
from crypto.age import generate_identity, recipient_of
from tests.bidding.bid import makers
from tests.conftest import NOON


async def amend(db, tender_id, *, again):
    """A new version of the notice; *again* asks for new bids."""
    async with makers.unit(db) as unit:
        tender = await lock_tender(unit, tender_id)
        terms = terms_of(tender)
        later = replace(terms, bid_deadline=terms.bid_deadline + timedelta(days=1))
        tender.terms, tender.notice_sha256 = later.plain(), later.sha256
        tender.bid_deadline, tender.opening_time = later.bid_deadline, later.bid_deadline
        tender.version += 1
        row = NoticeVersion(
            tender_id=tender.id, version=tender.version, notice_sha256=later.sha256, previous=terms.sha256,
            terms=later.plain(), requires_resubmission=again, published_at=NOON,
        )  # fmt: skip
        unit.session.add(row)


async def test_a_bid_sealed_before_an_amendment_that_asks_for_no_new_bids_is_taken(
    db, vault, tmp_path, tender_id, bidder
):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    await amend(db, tender_id, again=False)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    assert (await makers.submit(db, vault, order, bidder)).bid.round == 1


async def test_a_bid_sealed_before_an_amendment_that_asks_for_new_bids_is_refused(
    db, vault, tmp_path, tender_id, bidder
):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    await amend(db, tender_id, again=True)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    with pytest.raises(BidOnOldNotice) as refused:
        await makers.submit(db, vault, order, bidder)
    async with db.reading() as session:
        newest = (await sealing_facts(session, tender_id, bidder.actor.organisation_id)).notice_sha256
    assert refused.value.newest == newest


async def test_an_amendment_between_judging_and_deciding_is_not_missed(
    db, vault, tmp_path, tender_id, bidder
):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    async with db.reading() as session:
        sealed = await acceptance.prepare(
            session, order, actor=bidder.actor, vault=vault, trust=makers.TRUST, now=NOON
        )
    await amend(db, tender_id, again=True)
    with pytest.raises(BidOnOldNotice):
        async with makers.unit(db) as unit:
            await service.submit(unit, sealed, actor=bidder.actor)


async def test_with_a_committee_in_the_notice_the_receipt_says_that_a_fallback_exists(
    db, vault, tmp_path, bidder
):
    members = tuple(
        ShareHolder(
            number=number, organisation_id=f"o{number}", person_id=f"p{number}", name=f"示例委员{number}",
            recipient=recipient_of(generate_identity()),
        )
        for number in (1, 2, 3)
    )  # fmt: skip
    tender_id = await makers.a_tender(db, committee=Committee(m=2, members=members))
    folder = await makers.sealed_folder(
        db, tmp_path, tender_id, bidder, consent="同意在密钥遗失时由委员会解密"
    )
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    assert {"share-1.age", "share-2.age", "share-3.age"} <= set(order.objects)
    taken = await makers.submit(db, vault, order, bidder)
    assert taken.bid.has_fallback


def test_a_tender_without_a_committee_has_none_to_name():
    from tests.bidding.tender.makers import terms

    assert committee_of(terms(), 1) is None
