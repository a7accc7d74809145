"""Submitting, replacing and withdrawing real sealed bids, on both databases."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bidding.acts import bidder_stream, public_stream
from bidding.bid import queries, service
from bidding.bid.outcomes import known_outcome
from bidding.bid.service import WithdrawOrder
from bidding.bid.states import BidState
from bidding.bid.tables import Bid, BidObject, BidWeed
from bidding.refusals import bid as no
from bidding.refusals.party import AffiliateBids
from bidding.tender.states import TenderState
from crypto.certificates import Revocation, crl
from crypto.certificates.trust import TrustStore
from crypto.ledger import head, since
from tests.bidding.bid import makers
from tests.conftest import NOON, TICK


async def count(db, table) -> int:
    async with db.reading() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def nothing_was_kept(db) -> bool:
    return [await count(db, table) for table in (Bid, BidObject, BidWeed)] == [0, 0, 0]


async def test_a_bid_is_taken_in_whole_and_told_to_its_bidder_alone(db, vault, tmp_path, tender_id, bidder):
    taken = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    mine = bidder_stream(tender_id, bidder.actor.organisation_id)
    async with db.reading() as session:
        entries = await since(session, mine, 0)
        assert [entry.kind for entry in entries] == ["bid.submitted"]
        assert await head(session, public_stream(tender_id)) == 0
    body = json.loads(entries[0].text)["body"]
    assert body["statement_sha256"] == taken.bid.statement_sha256
    assert sorted(one["name"] for one in body["objects"]) == [
        "docs.age", "key-docs.age", "key-sheet.age", "sheet.age",
    ]  # fmt: skip
    assert (body["round"], body["has_fallback"]) == (1, False)


async def test_what_was_uploaded_reads_back_as_it_was_sealed(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    taken = await makers.submit(db, vault, order, bidder)
    async with db.reading() as session:
        stored = await queries.stored_objects(session, taken.bid.id)
    for name, one in stored.items():
        with vault.reader(one.parts) as found:
            assert found.read() == (folder / name).read_bytes()


@pytest.mark.parametrize(("tick", "late"), [(-TICK, False), (0 * TICK, False), (TICK, True)])
async def test_the_deadline_instant_is_in_time_and_one_tick_later_is_not(
    db, vault, tmp_path, tender_id, bidder, tick, late
):
    moment = await makers.deadline_of(db, tender_id) + tick
    if late:
        with pytest.raises(no.BidLate):
            await makers.a_bid(db, vault, tmp_path, tender_id, bidder, moment=moment)
        assert await nothing_was_kept(db)
    else:
        taken = await makers.a_bid(db, vault, tmp_path, tender_id, bidder, moment=moment)
        assert taken.bid.submitted_at == moment


async def test_a_second_round_replaces_the_first_whose_hashes_stay(db, vault, tmp_path, tender_id, bidder):
    first = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    second = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    async with db.reading() as session:
        rows = await queries.submissions(session, tender_id, bidder.actor.organisation_id)
        kept = await queries.objects_of(session, first.bid.id)
    assert [(row.round, row.state) for row in rows] == [(1, BidState.REPLACED), (2, BidState.SUBMITTED)]
    assert second.bid.previous_statement_sha256 == first.bid.statement_sha256
    assert len(kept) == 4


async def test_an_older_statement_sent_again_is_refused(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    await makers.submit(db, vault, await makers.order_of(db, vault, tender_id, bidder, folder), bidder)
    again = await makers.order_of(db, vault, tender_id, bidder, folder)
    with pytest.raises(no.BidReplayed) as refused:
        await makers.submit(db, vault, again, bidder)
    assert (refused.value.expected, refused.value.given) == (2, 1)


async def test_another_bidders_ciphertext_is_refused(db, vault, tmp_path, tender_id, bidder, rival):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    stolen = await makers.order_of(db, vault, tender_id, rival, folder)
    with pytest.raises(no.BidSignedByAnother):
        await makers.submit(db, vault, stolen, rival)
    own = await makers.sealed_folder(db, tmp_path, tender_id, rival)
    swapped = {"docs.age": (folder / "docs.age").read_bytes()}
    mixed = await makers.order_of(db, vault, tender_id, rival, own, changed=swapped)
    with pytest.raises((no.BidBoundToAnother, no.BidAltered)):
        await makers.submit(db, vault, mixed, rival)
    assert await nothing_was_kept(db)


async def test_a_ciphertext_seen_before_is_refused_whoever_sends_it(db, tender_id, bidder, rival):
    notice = await notice_of(db, tender_id)
    mine = await makers.light_bid(db, tender_id, bidder, notice_sha256=notice)
    theirs = await makers.light_bid(db, tender_id, rival, notice_sha256=notice)
    async with makers.unit(db) as unit:
        await service.submit(unit, mine, actor=bidder.actor)
    object.__setattr__(theirs.accepted, "weeds", (*theirs.accepted.weeds, mine.accepted.weeds[0]))
    with pytest.raises(no.BidCopied):
        async with makers.unit(db) as unit:
            await service.submit(unit, theirs, actor=rival.actor)
    assert await count(db, Bid) == 1


async def notice_of(db, tender_id) -> str:
    from bidding.tender.queries import get

    async with db.reading() as session:
        return (await get(session, tender_id)).notice_sha256


@pytest.mark.parametrize(
    "plain", [b"PK\x03\x04" + bytes(1 << 20), b"%PDF-1.7\n" + bytes(1 << 20)], ids=["zip", "pdf"]
)
async def test_a_plain_file_in_the_envelopes_place_is_refused(db, vault, tmp_path, tender_id, bidder, plain):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    with pytest.raises(no.BidUnencrypted):
        await makers.order_of(db, vault, tender_id, bidder, folder, changed={"docs.age": plain})
    assert await nothing_was_kept(db)


@pytest.mark.parametrize("raw", [b"", b"{}", b"PK\x03\x04", b'{"type": 1}', "投标".encode()])
async def test_a_statement_that_is_none_is_ill_formed(db, vault, tmp_path, tender_id, bidder, raw):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder, changed={"statement.json": raw})
    with pytest.raises(no.BidIllFormed):
        await makers.submit(db, vault, order, bidder)


async def test_a_truncated_ciphertext_is_refused_as_truncated(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    short = (folder / "docs.age").read_bytes()[:-1]
    order = await makers.order_of(db, vault, tender_id, bidder, folder, changed={"docs.age": short})
    with pytest.raises(no.BidTruncated):
        await makers.submit(db, vault, order, bidder)


async def test_a_flipped_byte_in_an_upload_is_refused_as_altered(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    flipped = bytearray((folder / "docs.age").read_bytes())
    flipped[-1] ^= 1
    order = await makers.order_of(db, vault, tender_id, bidder, folder, changed={"docs.age": bytes(flipped)})
    with pytest.raises(no.BidAltered):
        await makers.submit(db, vault, order, bidder)


async def test_a_bid_for_another_tender_is_refused(db, vault, tmp_path, tender_id, bidder):
    other = await makers.a_tender(db)
    folder = await makers.sealed_folder(db, tmp_path, other, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    with pytest.raises(no.BidForAnotherTender):
        await makers.submit(db, vault, order, bidder)


async def test_a_missing_object_and_one_too_many_are_refused(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    short = {name: id_ for name, id_ in order.objects.items() if name != "docs.age"}
    with pytest.raises(no.BidIncomplete):
        await makers.submit(db, vault, makers.replace(order, objects=short), bidder)
    unknown = {**order.objects, "docs.age": "no-such-upload"}
    with pytest.raises(no.BidIncomplete):
        await makers.submit(db, vault, makers.replace(order, objects=unknown), bidder)
    (folder / "extra.age").write_bytes((folder / "key-docs.age").read_bytes())
    more = await makers.order_of(db, vault, tender_id, bidder, folder)
    with pytest.raises(no.BidIncomplete):
        await makers.submit(db, vault, more, bidder)


async def test_a_rivals_upload_cannot_be_named(db, vault, tmp_path, tender_id, bidder, rival):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, rival, folder)
    with pytest.raises(no.BidIncomplete):
        await makers.submit(db, vault, order, bidder)


async def test_a_signature_by_another_key_is_broken(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    other = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    wrong = {"statement.p7s": (other / "statement.p7s").read_bytes()}
    order = await makers.order_of(db, vault, tender_id, bidder, folder, changed=wrong)
    with pytest.raises(no.BidSignatureBroken):
        await makers.submit(db, vault, order, bidder)


async def test_a_certificate_of_a_foreign_authority_is_refused(db, vault, tmp_path, tender_id, bidder):
    foreign = makers.credential("示例甲建设有限公司", bidder.uscc, issuing=makers.FOREIGN_ISSUING)
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder, signer=foreign)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    with pytest.raises(no.BidCertificateUntrusted):
        await makers.submit(db, vault, order, bidder)


async def test_a_revoked_certificate_is_refused(db, vault, tmp_path, tender_id, bidder):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder)
    gone = Revocation(bidder.credential.certificate.serial_number, NOON - timedelta(days=1))
    listed = crl(makers.ISSUING, [gone], now=NOON - timedelta(hours=1), next_update=NOON + timedelta(days=7))
    with pytest.raises(no.BidCertificateRevoked):
        await makers.submit(
            db, vault, order, bidder, trust=TrustStore(roots=(makers.ROOT.certificate,), crls=(listed,))
        )
    assert await nothing_was_kept(db)


async def test_the_operators_affiliates_do_not_bid(db, vault, tender_id):
    affiliate = await makers.a_bidder(db, 2, is_operator_affiliate=True)
    with pytest.raises(AffiliateBids):
        await makers.upload(db, makers.Receiver(vault), tender_id, affiliate, "docs.age", b"age-")


async def test_only_the_invited_bid_where_bidders_are_invited(db, vault, bidder, rival):
    closed = await makers.a_tender(db, is_invited=True, invited=(bidder.actor.organisation_id,))
    with pytest.raises(no.BidderNotInvited):
        await makers.upload(db, makers.Receiver(vault), closed, rival, "docs.age", b"age-")
    assert await makers.upload(db, makers.Receiver(vault), closed, bidder, "docs.age", b"age-")


async def test_more_than_the_notice_allows_is_refused(db, vault, tmp_path, bidder):
    small = await makers.a_tender(db, max_bid_bytes=1_100_000)
    folder = await makers.sealed_folder(db, tmp_path, small, bidder)
    (folder / "sheet.age").write_bytes((folder / "sheet.age").read_bytes() + bytes(60_000))
    order = await makers.order_of(db, vault, small, bidder, folder)
    with pytest.raises(no.BidTooLarge):
        await makers.submit(db, vault, order, bidder)


async def test_a_suspended_tender_takes_no_bid(db, tender_id, bidder):
    light = await makers.light_bid(db, tender_id, bidder, notice_sha256=await notice_of(db, tender_id))
    from bidding.tender.queries import lock_tender

    async with makers.unit(db) as unit:
        tender = await lock_tender(unit, tender_id)
        tender.state, tender.suspended_at = TenderState.SUSPENDED, NOON
    with pytest.raises(no.BiddingNotOpen):
        async with makers.unit(db) as unit:
            await service.submit(unit, light, actor=bidder.actor)


async def test_the_same_key_and_order_get_the_same_receipt_and_another_order_is_refused(
    db, vault, tmp_path, tender_id, bidder
):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    order = await makers.order_of(db, vault, tender_id, bidder, folder, key="key-000001")
    first = await makers.submit(db, vault, order, bidder)
    async with db.reading() as session:
        known = await known_outcome(session, bidder.actor.organisation_id, key=order.key, body=order.sha256)
        assert (known.bid.id, known.entry.id) == (first.bid.id, first.entry.id)
        with pytest.raises(no.KeyReused):
            await known_outcome(session, bidder.actor.organisation_id, key=order.key, body="0" * 64)
        assert await known_outcome(session, bidder.actor.organisation_id, key="key-000002") is None


async def test_two_submits_with_one_key_at_once_make_one_bid(db, tender_id, bidder):
    notice = await notice_of(db, tender_id)
    light = await makers.light_bid(db, tender_id, bidder, notice_sha256=notice, key="key-000001")
    seen = []
    for _ in range(2):
        async with makers.unit(db) as unit:
            seen.append((await service.submit(unit, light, actor=bidder.actor)).entry.id)
    assert seen[0] == seen[1]
    assert await count(db, Bid) == 1


@pytest.mark.parametrize(("tick", "late"), [(0 * TICK, False), (TICK, True)])
async def test_a_bid_can_be_withdrawn_until_the_deadline_instant(db, tender_id, bidder, tick, late):
    light = await makers.light_bid(db, tender_id, bidder, notice_sha256=await notice_of(db, tender_id))
    async with makers.unit(db) as unit:
        await service.submit(unit, light, actor=bidder.actor)
    moment = await makers.deadline_of(db, tender_id) + tick
    order = WithdrawOrder(tender_id=tender_id)
    if late:
        with pytest.raises(no.WithdrawalLate):
            async with makers.unit(db, moment) as unit:
                await service.withdraw(unit, order, actor=bidder.actor)
    else:
        async with makers.unit(db, moment) as unit:
            taken = await service.withdraw(unit, order, actor=bidder.actor)
        assert (taken.bid.state, taken.entry.kind) == (BidState.WITHDRAWN, "bid.withdrawn")


async def test_after_withdrawing_a_bidder_may_submit_the_next_round(db, vault, tmp_path, tender_id, bidder):
    await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    async with makers.unit(db) as unit:
        await service.withdraw(unit, WithdrawOrder(tender_id=tender_id), actor=bidder.actor)
    with pytest.raises(no.NoStandingBid):
        async with makers.unit(db) as unit:
            await service.withdraw(unit, WithdrawOrder(tender_id=tender_id), actor=bidder.actor)
    taken = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    assert taken.bid.round == 2


async def test_before_the_deadline_nobody_learns_who_bids_and_after_it_the_standing_bids_are_listed(
    db, tender_id, bidder, rival
):
    notice = await notice_of(db, tender_id)
    for one in (bidder, rival):
        light = await makers.light_bid(db, tender_id, one, notice_sha256=notice)
        async with makers.unit(db) as unit:
            await service.submit(unit, light, actor=one.actor)
    async with makers.unit(db) as unit:
        await service.withdraw(unit, WithdrawOrder(tender_id=tender_id), actor=rival.actor)
    async with db.reading() as session:
        for question in (queries.live_bids, queries.final_bids):
            with pytest.raises(no.SealedBeforeDeadline):
                await question(session, tender_id)
    await makers.reach_deadline(db, tender_id)
    async with db.reading() as session:
        mine, theirs = bidder.actor.organisation_id, rival.actor.organisation_id
        assert [bid.bidder_id for bid in await queries.live_bids(session, tender_id)] == [mine]
        assert [bid.bidder_id for bid in await queries.final_bids(session, tender_id)] == [mine, theirs]


async def test_the_openings_conclusions_end_a_bid_once(db, tender_id, bidder):
    light = await makers.light_bid(db, tender_id, bidder, notice_sha256=await notice_of(db, tender_id))
    async with makers.unit(db) as unit:
        bid = (await service.submit(unit, light, actor=bidder.actor)).bid
    with pytest.raises(no.SealedBeforeDeadline):
        async with makers.unit(db) as unit:
            await service.mark_opened(unit, bid.id)
    await makers.reach_deadline(db, tender_id)
    async with makers.unit(db) as unit:
        assert (await service.mark_failed_by_system(unit, bid.id, cause="存储故障")).cause == "存储故障"
    with pytest.raises(no.BidOutOfOrder):
        async with makers.unit(db) as unit:
            await service.mark_revoked(unit, bid.id, cause="未解密")
