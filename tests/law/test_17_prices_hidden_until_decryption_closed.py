"""Hard stop 17 (E-13): no price leaves by any door until all decryption has ended and the reading began."""

import json

import pytest
from sqlalchemy import select

from bidding.opening import queries, service
from bidding.opening.record import record_of
from bidding.opening.view import Audience, hall
from bidding.refusals.opening import PricesHidden, RecordStale
from crypto.ledger import Entry
from tests.bidding.opening import makers


async def everything_told(meeting, *, bidder: int | None = None) -> str:
    """All acts of every stream, and the hall as every audience sees it."""
    mine = meeting.bidders[bidder].actor.organisation_id if bidder is not None else None
    async with meeting.db.reading() as session:
        acts = (await session.execute(select(Entry.text))).scalars().all()
        halls = [
            await hall(session, meeting.tender_id, audience=one, now=meeting.now, bidder_id=mine)
            for one in Audience
        ]
    return "".join(acts) + "".join(map(repr, halls))


def prices_in(text: str) -> list[int]:
    return [price for price in makers.PRICES[:3] if str(price) in text]


async def test_no_price_is_told_while_anything_is_still_sealed(meeting):
    await meeting.to_the_keys()
    assert prices_in(await everything_told(meeting)) == []
    await meeting.release(0, 1, 2)
    await meeting.pass_window(makers.WINDOWS.release)
    await meeting.advance()
    await meeting.release_layers()
    assert prices_in(await everything_told(meeting)) == []
    await meeting.open_all()
    assert prices_in(await everything_told(meeting)) == []


async def test_at_the_confirmation_a_bidder_sees_its_own_price_and_no_other(meeting):
    await meeting.to_the_prices()
    await meeting.advance()
    assert prices_in(await everything_told(meeting)) == []
    assert prices_in(await everything_told(meeting, bidder=1)) == [makers.PRICES[1]]


async def test_the_questions_for_prices_are_refused_until_the_reading(meeting):
    await meeting.to_the_prices()
    async with meeting.db.reading() as session:
        for ask in (queries.announced_bids, queries.opened_bid_ids):
            with pytest.raises(PricesHidden):
                await ask(session, meeting.tender_id)
        with pytest.raises(RecordStale):
            await record_of(session, meeting.tender_id)


async def test_each_price_is_told_when_its_bid_is_read_out(meeting):
    await meeting.to_the_announcement()
    for count in range(1, 4):
        entry = await meeting.host(service.announce_next, atrest=makers.ATREST)
        assert json.loads(entry.text)["body"]["items"]["bid_price"] == makers.PRICES[count - 1]
        told = await everything_told(meeting)
        assert prices_in(told) == list(makers.PRICES[:count])
