"""What the clock has to do, at the instant it has to, and once."""

import asyncio
from datetime import timedelta

import pytest

from bidding.opening import service
from bidding.opening.service import Due, DueKind
from bidding.opening.states import OpeningState
from bidding.opening.windows import SETTLING
from bidding.tender.queries import lock_tender
from bidding.tender.states import TenderState
from tests.bidding.opening.makers import DEADLINE, HOST, WINDOWS
from tests.conftest import TICK

DOOR = DEADLINE - timedelta(seconds=WINDOWS.sign_in)
GRACE = timedelta(seconds=WINDOWS.host_grace)


async def due(meeting, now=None):
    async with meeting.db.reading() as session:
        return await service.due(session, now or meeting.now)


async def perform(meeting):
    return [one.kind for one in await due(meeting) if await meeting.do(service.perform, one)]


async def test_the_door_and_the_deadline_are_due_at_their_instants(meeting):
    tender = meeting.tender_id
    assert await due(meeting, DOOR - TICK) == []
    assert await due(meeting, DOOR) == [Due(DueKind.SIGN_IN, tender)]
    assert await due(meeting, DEADLINE) == [Due(DueKind.SIGN_IN, tender)]
    assert await due(meeting, DEADLINE + TICK) == [Due(DueKind.DEADLINE, tender)]


async def test_the_door_opens_once(meeting):
    meeting.now = DOOR
    assert await perform(meeting) == [DueKind.SIGN_IN]
    assert await perform(meeting) == []
    assert (await meeting.opening()).state is OpeningState.SIGN_IN_OPEN


async def test_two_replicas_that_saw_the_same_deadline_let_it_fall_once(meeting):
    meeting.now = DEADLINE + TICK
    (one,) = await due(meeting)
    assert [await meeting.do(service.perform, one) for _ in range(2)] == [True, False]


async def test_many_at_the_same_instant_sign_in_release_and_let_the_deadline_fall_once(meeting):
    meeting.now = DEADLINE
    actors = [one.actor for one in meeting.bidders]
    await asyncio.gather(
        *(meeting.do(service.sign_in, meeting.tender_id, by=one, actor=one) for one in actors)
    )
    meeting.now = DEADLINE + TICK
    fallen = await asyncio.gather(*(meeting.do(service.reach_deadline, meeting.tender_id) for _ in range(4)))
    assert len([one for one in fallen if one is not None]) == 1
    assert await meeting.kinds() == ["deadline.reached"]


async def test_all_bidders_release_at_the_same_instant_and_each_is_counted_once(meeting):
    await meeting.to_the_keys()
    await asyncio.gather(*(meeting.release(one) for one in (0, 1, 2, 0, 1, 2)))
    assert (await meeting.kinds()).count("key.bidder-released") == 3


async def test_a_suspended_tender_has_no_deadline(meeting):
    async with meeting.acting() as unit:
        row = await lock_tender(unit, meeting.tender_id)
        row.state, row.suspended_at = TenderState.SUSPENDED, DEADLINE
    assert await due(meeting, DEADLINE + timedelta(days=1)) == []


async def test_a_host_who_has_not_begun_when_the_grace_is_over_is_reported_once(meeting):
    await meeting.fall()
    meeting.now = DEADLINE + GRACE
    assert await perform(meeting) == []
    meeting.now += TICK
    assert await perform(meeting) == [DueKind.HOST_LATE]
    assert await perform(meeting) == []


async def test_a_window_is_due_when_its_last_requests_have_settled(meeting):
    await meeting.to_the_keys()
    end = meeting.now + timedelta(seconds=WINDOWS.release)
    assert await due(meeting, end + SETTLING) == []
    assert await due(meeting, end + SETTLING + TICK) == [Due(DueKind.WINDOWS, meeting.tender_id)]


async def test_a_paused_opening_has_nothing_due(meeting):
    await meeting.to_the_keys()
    await meeting.host(service.pause, actor=HOST, reason="中心断网")
    assert await due(meeting, meeting.now + timedelta(days=9)) == []


async def test_the_bids_are_due_when_the_last_layer_is_off_and_not_before(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    await meeting.release_layers(1)
    assert await due(meeting) == []
    await meeting.release_layers(2)
    assert await due(meeting) == [Due(DueKind.OPEN_BIDS, meeting.tender_id)]
    await meeting.open_all()
    assert await due(meeting) == []


async def test_a_closed_opening_publishes_its_record_once(meeting):
    await meeting.to_the_close()
    await meeting.host(service.close)
    assert await perform(meeting) == [DueKind.PUBLISH]
    assert await perform(meeting) == []


@pytest.mark.parametrize("kind", sorted(set(DueKind) - {DueKind.OPEN_BIDS}))
async def test_everything_that_may_be_due_does_nothing_where_nothing_is(meeting, kind):
    await meeting.to_the_keys()
    before = await meeting.kinds()
    assert await meeting.do(service.perform, Due(kind, meeting.tender_id)) is False
    assert await meeting.kinds() == before
