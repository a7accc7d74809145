"""Opening the bids: each for itself, and the log decides whose fault a failure is."""

import json

import pytest
from sqlalchemy import select

from bidding.acts import bidder_stream
from bidding.bid.states import BidState
from bidding.bid.tables import Bid, BidObject, UploadPart
from bidding.opening import queries, service
from bidding.refusals.opening import PricesHidden
from crypto.age import decrypt, recipient_of
from crypto.ledger import since
from tests.bidding.opening import makers
from tests.bidding.opening.makers import ATREST, WINDOWS


async def to_the_layers(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    await meeting.release_layers()


async def parts_of(meeting, number, name):
    bid = await meeting.bid(number)
    asked = (
        select(UploadPart.key)
        .join(BidObject, BidObject.upload_id == UploadPart.upload_id)
        .where(BidObject.bid_id == bid.bid_id, BidObject.name == name)
    )
    async with meeting.db.reading() as session:
        return list((await session.execute(asked)).scalars())


async def spoil(meeting, number, name):
    """Change one byte of what the platform stores."""
    (key,) = await parts_of(meeting, number, name)
    (path,) = [one for one in meeting.vault_root.rglob("*") if one.is_file() and str(one).endswith(key)]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


@pytest.fixture
async def meeting(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path)
    meeting.vault_root = tmp_path / "objects"
    return meeting


async def test_every_bid_opens_and_nothing_of_its_price_is_told(meeting):
    await to_the_layers(meeting)
    assert await meeting.open_all() == 3
    assert (await meeting.bid(1)).items["bid_price"] == makers.PRICES[1]
    told = "".join(entry.text for entry in await meeting.public())
    assert not any(str(price) in told for price in makers.PRICES)


async def test_opening_again_decides_nothing_again(meeting):
    await to_the_layers(meeting)
    assert (await meeting.open_all(), await meeting.open_all()) == (3, 0)
    assert (await meeting.kinds()).count("bid.decrypted") == 3


@pytest.mark.parametrize("name", ["sheet.age", "key-sheet.age", "key-docs.age"])
async def test_bytes_that_changed_in_our_keeping_are_our_fault_and_stop_nobody(meeting, name):
    await to_the_layers(meeting)
    await spoil(meeting, 1, name)
    assert await meeting.open_all() == 3
    assert await meeting.statuses() == ["decrypted", "withdrawn_system_fault", "decrypted"]
    assert (await meeting.bid(1)).cause == "stored-bytes-differ"


async def test_a_bid_whose_bytes_cannot_be_read_stays_in_the_queue(meeting):
    await to_the_layers(meeting)
    (key,) = await parts_of(meeting, 0, "sheet.age")
    (path,) = [one for one in meeting.vault_root.rglob("*") if one.is_file() and str(one).endswith(key)]
    away = path.rename(path.with_name("away"))
    assert await meeting.open_all() == 2
    assert await meeting.statuses() == ["decrypt_queued", "decrypted", "decrypted"]
    away.rename(path)
    assert await meeting.open_all() == 1
    assert (await meeting.kinds())[-1] == "opening.decryption-ended"


async def test_the_bid_room_and_the_bidders_own_stream_hear_of_it(meeting):
    await to_the_layers(meeting)
    await meeting.open_all()
    actor = meeting.bidders[0].actor
    async with meeting.db.reading() as session:
        row = await session.get_one(Bid, (await meeting.bid(0)).bid_id)
        own = await since(session, bidder_stream(meeting.tender_id, actor.organisation_id), 0)
    assert row.state is BidState.OPENED
    assert own[-1].kind == "bid.opened"


async def test_the_published_sheet_key_opens_the_sheet_from_its_logged_ciphertext(meeting):
    await meeting.to_the_announcement()
    await meeting.host(service.announce_next, atrest=ATREST)
    (entry,) = [one for one in await meeting.public() if one.kind == "key.sheet-published"]
    identity = json.loads(entry.text)["body"]["identity"]
    sealed = (meeting.folders[0] / "sheet.age").read_bytes()
    sheet = json.loads(decrypt(sealed, identities=[identity]))["sheet"]
    assert sheet["bid_price"] == makers.PRICES[0]


async def test_the_supervision_edition_gets_every_key_when_prices_are_public(meeting):
    await meeting.to_the_prices()
    async with meeting.db.reading() as session:
        with pytest.raises(PricesHidden):
            await queries.released_keys(session, meeting.tender_id, atrest=ATREST)
    await meeting.advance()
    await meeting.pass_window(WINDOWS.price_confirm)
    await meeting.advance()
    async with meeting.db.reading() as session:
        keys = await queries.released_keys(session, meeting.tender_id, atrest=ATREST)
    assert [recipient_of(one.bidder_identity) for one in keys] == [
        (await meeting.bid(number)).recipient for number in range(3)
    ]
