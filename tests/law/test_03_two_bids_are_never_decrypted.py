"""Hard stop 3 (N-01): with two bids at the deadline no call that decrypts is possible."""

import pytest

from bidding.opening import service
from bidding.opening.states import OpeningState
from bidding.refusals.opening import OpeningOutOfOrder, TooFewBidders
from bidding.refusals.opening_keys import LayerTooEarly
from bidding.tender.queries import get
from bidding.tender.states import TenderState
from tests.bidding.opening import makers


async def test_two_bids_at_the_deadline_stay_sealed_whatever_is_tried(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, count=2)
    await meeting.fall()
    assert (await meeting.opening()).state is OpeningState.FAILED
    async with db.reading() as session:
        assert (await get(session, meeting.tender_id)).state is TenderState.FAILED
    with pytest.raises(TooFewBidders) as refused:
        await meeting.host(service.start)
    assert (refused.value.count, refused.value.rule) == (2, "N-01")
    for attempt in (meeting.advance(), meeting.release(0)):
        with pytest.raises(OpeningOutOfOrder):
            await attempt
    with pytest.raises((OpeningOutOfOrder, LayerTooEarly)):
        await meeting.release_layers(1)
    assert await meeting.open_all() == 0
    assert await meeting.kinds() == ["deadline.reached", "opening.failed"]


async def test_three_bids_at_the_deadline_are_opened(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, count=3)
    await meeting.to_the_prices()
    assert await meeting.statuses() == ["decrypted"] * 3


async def test_a_failed_opening_names_nobody(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, count=2)
    await meeting.fall()
    told = "".join(entry.text for entry in await meeting.public())
    assert not any(one.actor.organisation_id in told or one.uscc in told for one in meeting.bidders)
