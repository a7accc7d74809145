"""Hard stop 18 (design 12): the coefficient is drawn while every price is still sealed."""

import json

import pytest

from bidding.opening import service
from bidding.opening.stages import Stage
from bidding.refusals.opening import StageOutOfOrder, StageUnfinished
from tests.bidding.opening import makers


async def test_no_key_can_be_released_before_the_coefficient_stands(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_list()
    await meeting.advance()
    await meeting.check_everyone()
    await meeting.host(service.announce_cap)
    await meeting.advance()
    assert await meeting.stage() is Stage.COEFFICIENT_DRAW
    with pytest.raises(StageUnfinished):
        await meeting.advance()
    with pytest.raises(StageOutOfOrder):
        await meeting.release(0)


async def test_once_keys_are_asked_for_no_coefficient_can_be_drawn(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_keys()
    kinds = await meeting.kinds()
    assert "draw.coefficient-drawn" in kinds
    assert not [kind for kind in kinds if kind.startswith("key.")]
    with pytest.raises(StageOutOfOrder):
        await meeting.host(service.specify_draw)


async def test_the_list_of_who_released_tells_no_price(db, vault, tmp_path):
    meeting = await makers.a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_keys()
    await meeting.release(0)
    last = (await meeting.public())[-1]
    assert last.kind == "key.bidder-released"
    assert set(json.loads(last.text)["body"]) == {"tender_id", "bidder_id", "bid_id"}
