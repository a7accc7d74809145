"""Many bidders and the closer meet at the deadline: nobody late is in, nobody in time is missing."""

import asyncio
import json
import random
from datetime import timedelta

import pytest

from bidding.bid import queries, service
from bidding.opening.service import reach_deadline
from bidding.refusals import OutOfOrder, OutOfTime
from bidding.refusals.bid import BiddingNotOpen
from bidding.tender.queries import get
from crypto.ledger import Unit, database_clock
from crypto.ledger.engine import Database
from tests.bidding.bid import makers
from tests.conftest import TICK

BIDDERS = 48


async def race(db_url, db, tender_id, entrants, deadline):
    """Two replicas, each with its own connections, and a closer in both; who was taken in."""
    replicas = [Database(db_url), Database(db_url)] if not db.is_sqlite else [db, db]
    rng = random.Random(7)
    taken = []

    async def enter(replica, bidder, sealed, wait):
        await asyncio.sleep(wait)
        try:
            async with replica.writing.begin() as session:
                unit = Unit(session, by=bidder.actor.label)
                result = await service.submit(unit, sealed, actor=bidder.actor)
                await asyncio.sleep(rng.uniform(0, 0.05))  # the commit comes late, the locks are still held
        except (OutOfTime, OutOfOrder):
            return
        taken.append(result)

    async def close(replica):
        while True:
            async with replica.writing.begin() as session:
                if await is_closed(session):
                    return
            await asyncio.sleep(0.005)

    async def is_closed(session):
        await reach_deadline(Unit(session, by="platform/clock"), tender_id)
        tender = await get(session, tender_id)
        await session.refresh(tender)
        return tender.state != "bidding"

    async with db.reading() as session:
        now = await database_clock(session)
    until = (deadline - now).total_seconds()
    # Some come at once and some too late, however busy the machine is; the rest crowd the last instants.
    waits = [0.0] * 8 + [until + 0.2] * 4
    waits += [max(0.0, until + rng.uniform(-0.12, 0.03)) for _ in entrants[len(waits) :]]
    entering = [
        enter(replicas[place % 2], bidder, sealed, wait)
        for place, ((bidder, sealed), wait) in enumerate(zip(entrants, waits, strict=True))
    ]
    await asyncio.gather(*entering, *(close(replica) for replica in replicas))
    for replica in replicas:
        if replica is not db:
            await replica.dispose()
    return taken


async def test_the_deadline_lets_nobody_in_late_and_loses_nobody(db_url, db):
    async with db.reading() as session:
        now = await database_clock(session)
    tender_id = await makers.a_tender(db, bid_deadline=now + timedelta(days=1))
    async with db.reading() as session:
        notice = (await get(session, tender_id)).notice_sha256
    entrants = []
    for number in range(BIDDERS):
        bidder = await makers.a_bidder(db, number)
        entrants.append((bidder, await makers.light_bid(db, tender_id, bidder, notice_sha256=notice)))
    async with db.writing.begin() as session:
        deadline = await database_clock(session) + timedelta(seconds=1.5)
        tender = await get(session, tender_id)
        tender.bid_deadline, tender.opening_time = deadline, deadline
    taken = await race(db_url, db, tender_id, entrants, deadline)

    assert [one.bid.id for one in taken if one.bid.submitted_at > deadline] == []
    async with db.reading() as session:
        standing = {bid.id for bid in await queries.live_bids(session, tender_id)}
        bound = await bound_bids(session, tender_id)
    assert standing == {one.bid.id for one in taken}
    assert bound == sorted(one.entry.commitment.hex() for one in taken)
    assert 0 < len(taken) < BIDDERS, "a race that nobody lost proves nothing"


async def bound_bids(session, tender_id):
    """The commitments of bids in the act that the deadline made."""
    from bidding.acts import public_stream
    from crypto.ledger import since

    entries = [
        one for one in await since(session, public_stream(tender_id), 0) if one.kind == "deadline.reached"
    ]
    assert len(entries) == 1
    return json.loads(entries[0].text)["body"]["bids"]


async def one_entrant(db):
    tender_id = await makers.a_tender(db)
    async with db.reading() as session:
        tender = await get(session, tender_id)
    bidder = await makers.a_bidder(db)
    sealed = await makers.light_bid(db, tender_id, bidder, notice_sha256=tender.notice_sha256)
    return tender_id, tender.bid_deadline, bidder, sealed


async def test_the_closer_waits_for_a_bid_that_was_decided_in_time(db):
    tender_id, deadline, bidder, sealed = await one_entrant(db)

    async def close():
        async with makers.unit(db, deadline + TICK) as unit:
            await reach_deadline(unit, tender_id)

    async with makers.unit(db, deadline) as unit:
        taken = await service.submit(unit, sealed, actor=bidder.actor)
        closing = asyncio.create_task(close())
        await asyncio.sleep(0.3)
        assert not closing.done()
    await closing
    async with db.reading() as session:
        assert await bound_bids(session, tender_id) == [taken.entry.commitment.hex()]


async def test_a_bid_that_waited_for_the_closer_is_refused_whatever_its_clock_said(db):
    tender_id, deadline, bidder, sealed = await one_entrant(db)

    async def enter():
        async with makers.unit(db, deadline) as unit:
            await service.submit(unit, sealed, actor=bidder.actor)

    async with makers.unit(db, deadline + TICK) as unit:
        await reach_deadline(unit, tender_id)
        entering = asyncio.create_task(enter())
        await asyncio.sleep(0.3)
        assert not entering.done()
    with pytest.raises(BiddingNotOpen):
        await entering
    async with db.reading() as session:
        assert await queries.live_bids(session, tender_id) == []
