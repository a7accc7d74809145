"""Hard stop 4 (N-01, T-11): three bids of which one was withdrawn before the deadline are two."""

from bidding.bid import service as bids
from bidding.bid.service import WithdrawOrder
from bidding.opening.states import OpeningState
from tests.bidding.opening import makers


async def test_one_of_three_withdrawn_at_the_deadline_instant_stops_the_opening(meeting):
    meeting.now = makers.DEADLINE
    actor = meeting.bidders[1].actor
    order = WithdrawOrder(tender_id=meeting.tender_id, key=None)
    await meeting.do(bids.withdraw, order, by=actor, actor=actor)
    await meeting.fall()
    assert (await meeting.opening()).state is OpeningState.FAILED
    assert await meeting.statuses() == ["submitted", "withdrawn", "submitted"]
