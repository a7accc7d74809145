"""Hard stop 27 (domain §2.3): a pause takes no time from anyone, however long it is."""

from datetime import timedelta

import pytest

from bidding.opening import service
from bidding.opening.view import Audience, hall
from bidding.refusals.opening import WindowNotOpen
from tests.bidding.opening import makers
from tests.conftest import TICK

HALF = timedelta(seconds=makers.WINDOWS.release // 2)


async def left(meeting):
    async with meeting.db.reading() as session:
        seen = await hall(session, meeting.tender_id, audience=Audience.PUBLIC, now=meeting.now)
    return seen.windows[0].left_s


async def test_what_was_left_before_the_pause_is_left_after_it_to_the_last_instant(meeting):
    await meeting.to_the_keys()
    meeting.now += HALF
    await meeting.host(service.pause, actor=makers.HOST, reason="中心网络故障")
    meeting.now += timedelta(days=2)
    assert await left(meeting) == HALF.total_seconds()
    assert await meeting.do(service.expire, meeting.tender_id) == []
    await meeting.host(service.resume, reason="网络恢复")
    meeting.now += HALF
    await meeting.release(0)
    meeting.now += TICK
    with pytest.raises(WindowNotOpen):
        await meeting.release(1)


async def test_two_pauses_take_no_more_than_one(meeting):
    await meeting.to_the_keys()
    for _ in range(2):
        meeting.now += HALF / 2
        await meeting.host(service.pause, actor=makers.HOST, reason="中心网络故障")
        meeting.now += timedelta(hours=3)
        await meeting.host(service.resume)
    assert await left(meeting) == HALF.total_seconds()
