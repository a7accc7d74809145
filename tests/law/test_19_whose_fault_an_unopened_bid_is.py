"""Hard stop 19 (E-14, E-15): unopened because of the bidder is revoked; because of us, withdrawn."""

from bidding.bid.states import BidState
from bidding.bid.tables import Bid
from tests.bidding.opening import makers
from tests.bidding.opening.test_unsealing import spoil, to_the_layers


async def state_of(meeting, number):
    async with meeting.db.reading() as session:
        return (await session.get_one(Bid, (await meeting.bid(number)).bid_id)).state


async def test_a_bidder_who_never_released_has_revoked_its_bid(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(makers.WINDOWS.release)
    assert await meeting.statuses() == ["decrypt_queued", "decrypt_queued", "revoked_not_decrypted"]
    assert await state_of(meeting, 2) is BidState.REVOKED


async def test_bytes_that_we_damaged_make_the_bid_withdrawn_and_the_others_go_on(meeting, tmp_path):
    meeting.vault_root = tmp_path / "objects"
    await to_the_layers(meeting)
    await spoil(meeting, 1, "sheet.age")
    await meeting.open_all()
    assert await meeting.statuses() == ["decrypted", "withdrawn_system_fault", "decrypted"]
    assert await state_of(meeting, 1) is BidState.WITHDRAWN_SYSTEM_FAULT
    assert "bid.unopened-system-fault" in await meeting.kinds()


async def test_a_bidder_who_sealed_a_key_that_opens_nothing_has_revoked_its_bid(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, count=2)
    await makers.add_bid(meeting, tmp_path, 2, {}, is_malformed=True)
    await to_the_layers(meeting)
    await meeting.open_all()
    assert await meeting.statuses() == ["decrypted", "decrypted", "revoked_not_decrypted"]
    assert (await meeting.bid(2)).cause == "sealed-malformed"
