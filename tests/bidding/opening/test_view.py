"""The hall as it is seen: names at the list, one's own before others', in a fixed number of statements."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bidding.opening import queries, service
from bidding.opening.states import OpeningState
from bidding.opening.view import Audience, hall
from bidding.refusals.opening import NamesHidden, OpeningAbsent
from tests.bidding.opening import makers
from tests.bidding.opening.makers import DEADLINE
from tests.conftest import TICK


async def seen(meeting, audience=Audience.PUBLIC, bidder=None):
    mine = meeting.bidders[bidder].actor.organisation_id if bidder is not None else None
    async with meeting.db.reading() as session:
        return await hall(session, meeting.tender_id, audience=audience, now=meeting.now, bidder_id=mine)


def names_in(meeting, text):
    facts = [(one.actor.organisation_id, one.uscc, one.actor.organisation) for one in meeting.bidders]
    return [one for bidder in facts for one in bidder if one in text]


@pytest.mark.parametrize("audience", list(Audience))
async def test_before_the_list_no_audience_learns_who_bids_or_how_many(meeting, audience):
    for when in (DEADLINE - timedelta(hours=1), DEADLINE, DEADLINE + TICK):
        meeting.now = when
        if when > DEADLINE:
            await meeting.fall()
            await meeting.host(service.start)
        view = await seen(meeting, audience)
        assert (view.bids, view.released, view.opened) == (None, None, None)
        assert names_in(meeting, repr(view)) == []
        async with meeting.db.reading() as session:
            with pytest.raises((NamesHidden, OpeningAbsent)):
                await queries.listed_bids(session, meeting.tender_id)
        assert names_in(meeting, "".join(entry.text for entry in await meeting.public())) == []


async def test_a_bidder_sees_its_own_sign_in_before_the_deadline_and_nobody_elses(meeting):
    meeting.now = DEADLINE
    actor = meeting.bidders[0].actor
    await meeting.do(service.sign_in, meeting.tender_id, by=actor, actor=actor)
    assert (await seen(meeting, Audience.BIDDER, 0)).am_signed_in is True
    assert (await seen(meeting, Audience.BIDDER, 1)).am_signed_in is False
    assert names_in(meeting, repr(await seen(meeting, Audience.DESK))) == []


async def test_a_deposit_is_shown_to_its_bidder_and_to_the_desk(meeting):
    await meeting.to_the_keys()
    own = await seen(meeting, Audience.BIDDER, 1)
    assert [one.deposit for one in own.bids] == [None, "unpaid", None]
    assert [one.deposit for one in (await seen(meeting)).bids] == [None] * 3
    assert [one.deposit for one in (await seen(meeting, Audience.DESK)).bids] == ["unpaid"] * 3


async def test_an_unpaid_deposit_keeps_no_bid_from_being_opened(meeting):
    await meeting.to_the_prices()
    assert await meeting.statuses() == ["decrypted"] * 3


async def test_the_cap_is_shown_when_it_was_announced(meeting):
    await meeting.to_the_list()
    assert (await seen(meeting)).price_cap_fen is None
    await meeting.advance()
    await meeting.check_everyone()
    await meeting.host(service.announce_cap)
    assert (await seen(meeting)).price_cap_fen == 990_000_000


@pytest.mark.parametrize("count", [3, 4])
async def test_the_number_of_statements_does_not_grow_with_the_bids(db, vault, tmp_path, count):
    meeting = await makers.a_meeting(db, vault, tmp_path, count=count)
    await meeting.to_the_announcement()
    assert await statements(db, meeting) == STATEMENTS


STATEMENTS = 11


async def statements(db, meeting):
    heard = []
    engine = db.reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *facts: heard.append(facts[2]))
    await seen(meeting, Audience.DESK)
    return len([one for one in heard if one.lstrip().upper().startswith("SELECT")])


async def test_the_list_of_openings_tells_nothing_of_the_bids(meeting):
    async with meeting.db.reading() as session:
        (line,) = await queries.openings(session, since=DEADLINE - timedelta(days=1), until=DEADLINE)
    assert (line.tender_id, line.state) == (meeting.tender_id, OpeningState.SCHEDULED)
    assert names_in(meeting, repr(line)) == []
