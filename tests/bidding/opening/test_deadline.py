"""Before the deadline and over it: who may sign in, what is bound, and that it happens once."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from bidding.acts import bidder_stream
from bidding.bid import service as bid_service
from bidding.bid.service import WithdrawOrder
from bidding.opening import service
from bidding.opening.stages import Stage
from bidding.opening.states import OpeningState
from bidding.opening.tables import SignIn
from bidding.refusals.opening import DeadlineNotReached, OpeningOutOfOrder, SignInClosed
from bidding.tender.queries import get
from bidding.tender.states import TenderState
from crypto.commitments import commitment
from crypto.ledger import since
from tests.bidding.opening import makers
from tests.bidding.opening.makers import DEADLINE, HOST, a_meeting
from tests.conftest import TICK


@pytest.mark.parametrize(
    ("moment", "falls"), [(DEADLINE - TICK, False), (DEADLINE, False), (DEADLINE + TICK, True)]
)
async def test_the_deadline_falls_one_tick_after_itself(meeting, moment, falls):
    meeting.now = moment
    entry = await meeting.do(service.reach_deadline, meeting.tender_id)
    assert (entry is not None) is falls


async def test_the_deadline_falls_once_however_often_the_clock_asks(meeting):
    await meeting.fall()
    assert await meeting.do(service.reach_deadline, meeting.tender_id) is None
    assert await meeting.kinds() == ["deadline.reached"]


async def test_the_deadline_binds_every_bidders_stream_without_a_name(meeting):
    await meeting.fall()
    (entry,) = await meeting.public()
    body = json.loads(entry.text)["body"]
    async with meeting.db.reading() as session:
        heads = {}
        for bidder in meeting.bidders:
            stream = bidder_stream(meeting.tender_id, bidder.actor.organisation_id)
            last = (await since(session, stream, 0))[-1]
            heads[sha256(stream.encode()).hexdigest()] = last.commitment.hex()
    assert {one["stream_sha256"]: one["commitment"] for one in body["heads"]} == heads
    commitments = [one["commitment"] for one in body["heads"]]
    assert commitments == sorted(commitments)
    assert all(bidder.actor.organisation_id not in entry.text for bidder in meeting.bidders)


async def test_the_list_opens_each_commitment_of_the_deadline(meeting):
    await meeting.to_the_list()
    entries = {entry.kind: json.loads(entry.text)["body"] for entry in await meeting.public()}
    opened = [
        commitment(bytes.fromhex(row["entry"]["blind"]), row["entry"]["text"]).hex()
        for row in entries["opening.bidder-list"]["bidders"]
    ]
    assert sorted(opened) == entries["deadline.reached"]["bids"]
    rows = entries["opening.bidder-list"]["bidders"]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert [row["bidder_id"] for row in rows] == [one.actor.organisation_id for one in meeting.bidders]


async def test_a_withdrawn_bid_is_listed_as_withdrawn_and_does_not_count(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, count=4)
    last = meeting.bidders[3].actor
    await meeting.do(
        bid_service.withdraw, WithdrawOrder(tender_id=meeting.tender_id, key=None), by=last, actor=last
    )
    await meeting.to_the_list()
    assert await meeting.statuses() == ["submitted", "submitted", "submitted", "withdrawn"]


async def test_the_tender_and_the_opening_stand_at_the_deadline_together(meeting):
    await meeting.fall()
    opening = await meeting.opening()
    assert (opening.state, opening.stage) == (OpeningState.DEADLINE_REACHED, Stage.DEADLINE)
    async with meeting.db.reading() as session:
        assert (await get(session, meeting.tender_id)).state is TenderState.DEADLINE


async def test_the_host_cannot_begin_before_the_deadline(meeting):
    meeting.now = DEADLINE
    await meeting.do(service.open_sign_in, meeting.tender_id)
    with pytest.raises(DeadlineNotReached):
        await meeting.host(service.start)


DOOR = DEADLINE - timedelta(seconds=makers.WINDOWS.sign_in)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(DOOR - TICK, False), (DOOR, True), (DEADLINE, True), (DEADLINE + TICK, False)],
)
async def test_the_door_is_open_from_its_hour_to_the_deadline(meeting, moment, is_open):
    meeting.now = moment
    actor = meeting.bidders[0].actor
    if not is_open:
        with pytest.raises(SignInClosed):
            await meeting.do(service.sign_in, meeting.tender_id, by=actor, actor=actor)
        return
    row = await meeting.do(service.sign_in, meeting.tender_id, by=actor, actor=actor)
    assert (row.bidder_id, row.delegate, row.at) == (actor.organisation_id, actor.name, moment)


async def test_signing_in_twice_is_recorded_once_and_heard_by_the_bidder_alone(meeting):
    meeting.now = DEADLINE
    actor = meeting.bidders[0].actor
    for _ in range(2):
        await meeting.do(service.sign_in, meeting.tender_id, by=actor, actor=actor)
    async with meeting.db.reading() as session:
        own = await since(session, bidder_stream(meeting.tender_id, actor.organisation_id), 0)
        assert [entry.kind for entry in own] == ["bid.submitted", "opening.signed-in"]
        assert await session.get(SignIn, (meeting.tender_id, actor.organisation_id)) is not None
    assert await meeting.kinds() == []


async def test_who_did_not_sign_in_is_opened_all_the_same(meeting):
    meeting.now = DEADLINE
    actor = meeting.bidders[0].actor
    await meeting.do(service.sign_in, meeting.tender_id, by=actor, actor=actor)
    await meeting.to_the_prices()
    assert await meeting.statuses() == ["decrypted"] * 3


async def test_the_host_begins_once(meeting):
    await meeting.fall()
    await meeting.host(service.start)
    with pytest.raises(OpeningOutOfOrder):
        await meeting.do(service.start, meeting.tender_id, by=HOST)
