"""The draw of a coefficient: every party for itself, nothing twice, and the beacon after the reveals."""

from datetime import timedelta

import pytest

from bidding.opening import service
from bidding.opening.stages import Stage
from bidding.refusals.opening_keys import (
    BeaconsDiffer,
    DrawOutOfOrder,
    DrawPartyUnknown,
    DrawSecretForeign,
)
from crypto import draws
from tests.bidding.opening import makers
from tests.bidding.opening.makers import HOST, OWNER, SUPERVISOR, WITNESS
from tests.conftest import TICK

SHARE = draws.new_share()


@pytest.fixture
async def meeting(db, vault, tmp_path):
    """A meeting at the draw, its rules published."""
    meeting = await makers.a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_list()
    await meeting.advance()
    await meeting.check_everyone()
    await meeting.host(service.announce_cap)
    await meeting.advance()
    assert await meeting.stage() is Stage.COEFFICIENT_DRAW
    meeting.draw_row = await meeting.host(service.specify_draw, reveal_seconds=60)
    return meeting


async def commit(meeting, actor, party, share=SHARE):
    commitment = draws.commit(meeting.draw_row.draw_id, party, share)
    await meeting.host(service.commit_draw, actor=actor, commitment=commitment)


async def typed(meeting, actor, value):
    order = service.BeaconEntry(tender_id=meeting.tender_id, value=value)
    return await meeting.do(service.enter_beacon, order, actor=actor)


async def revealed(meeting):
    await commit(meeting, HOST, "agency_host")
    await meeting.host(service.close_commits)
    await meeting.host(service.reveal_draw, actor=HOST, secret=SHARE.hex())


async def test_a_willing_bidder_may_add_its_own_chance(meeting):
    await commit(meeting, meeting.bidders[1].actor, "bidder-2")
    await meeting.host(service.close_commits)
    actor = meeting.bidders[1].actor
    await meeting.host(service.reveal_draw, actor=actor, secret=SHARE.hex())
    assert (await meeting.kinds())[-1] == "draw.revealed"


async def test_a_party_commits_once_and_a_stranger_never(meeting):
    await commit(meeting, OWNER, "procuring_entity")
    for actor in (OWNER,):
        with pytest.raises(DrawPartyUnknown):
            await commit(meeting, actor, "procuring_entity")


async def test_the_rules_are_published_once(meeting):
    with pytest.raises(DrawOutOfOrder):
        await meeting.host(service.specify_draw)


async def test_nobody_commits_after_the_close_or_reveals_before_it(meeting):
    await commit(meeting, HOST, "agency_host")
    with pytest.raises(DrawOutOfOrder):
        await meeting.host(service.reveal_draw, actor=HOST, secret=SHARE.hex())
    await meeting.host(service.close_commits)
    with pytest.raises(DrawOutOfOrder):
        await commit(meeting, OWNER, "procuring_entity")


async def test_a_draw_without_any_party_is_not_begun(meeting):
    with pytest.raises(DrawOutOfOrder):
        await meeting.host(service.close_commits)


@pytest.mark.parametrize(
    "secret", [bytes(32).hex(), SHARE.hex().upper(), "zz"], ids=["another", "upper-case", "no-hex"]
)
async def test_what_is_revealed_is_what_was_committed_to(meeting, secret):
    await commit(meeting, HOST, "agency_host")
    await meeting.host(service.close_commits)
    with pytest.raises(DrawSecretForeign):
        await meeting.host(service.reveal_draw, actor=HOST, secret=secret)


async def test_who_reveals_too_late_is_absent(meeting):
    await commit(meeting, HOST, "agency_host")
    await commit(meeting, SUPERVISOR, "supervisor")
    await meeting.host(service.close_commits)
    meeting.now += timedelta(seconds=60)
    await meeting.host(service.reveal_draw, actor=HOST, secret=SHARE.hex())
    meeting.now += TICK
    with pytest.raises(DrawOutOfOrder):
        await meeting.host(service.reveal_draw, actor=SUPERVISOR, secret=SHARE.hex())
    meeting.now += timedelta(seconds=5)
    await typed(meeting, HOST, "1 2 3")
    row = await typed(meeting, WITNESS, "1,2,3")
    assert draws.from_json(row.transcript).absent() == (
        "procuring_entity", "supervisor", "bidder-1", "bidder-2", "bidder-3",
    )  # fmt: skip


async def test_the_beacon_is_read_only_after_the_reveals_are_over(meeting):
    await revealed(meeting)
    meeting.now += timedelta(seconds=65) - TICK
    with pytest.raises(DrawOutOfOrder):
        await typed(meeting, HOST, "1 2 3")
    meeting.now += TICK
    await typed(meeting, HOST, "1 2 3")


async def test_two_people_must_read_the_same_beacon(meeting):
    await revealed(meeting)
    meeting.now += timedelta(seconds=70)
    await typed(meeting, HOST, "1 2 3")
    for actor, value in ((HOST, "1 2 3"), (WITNESS, "1 2 4"), (WITNESS, "nonsense")):
        with pytest.raises(BeaconsDiffer):
            await typed(meeting, actor, value)
    row = await typed(meeting, WITNESS, "１ 2，3".replace("，", ","))
    assert row.state == "drawn"
    assert (await meeting.opening()).coefficient in {"0.95", "0.96", "0.97"}
