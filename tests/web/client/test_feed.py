"""Following a stream: whole and in order, whatever the network does."""

import asyncio
from dataclasses import dataclass

import pytest

from bidding.acts import DeskAct, PublicAct
from tests.web.test_live import OneDoor
from web.api.feeds import read_feed
from web.app import App, application
from web.client import Client, Feed, Refused
from web.live.server import Hall
from web.settings import Limits, Settings
from web.unit import working


@dataclass(frozen=True, kw_only=True)
class Spoken(PublicAct):
    kind = "test.spoken"
    words: str


@dataclass(frozen=True, kw_only=True)
class Muttered(DeskAct):
    kind = "test.muttered"
    words: str


@pytest.fixture
async def app(db):
    return App(settings=Settings(limits=Limits(sockets_per_address=40)), db=db, door=OneDoor())


@pytest.fixture
async def hall(app):
    return Hall(app)


@pytest.fixture
async def client(app, hall, aiohttp_server):
    built = application(app, read_feed.__endpoint__)
    hall.attach(built)
    server = await aiohttp_server(built)
    async with Client(str(server.make_url("/"))) as made:
        yield made


async def say(app, *words, act=Spoken):
    for word in words:
        async with working(app, by="tester") as unit:
            await unit.record(act(tender_id="T1", words=word))


async def words(feed, count):
    async with asyncio.timeout(20):
        return [(one.seq, one.body["words"]) for one in [await feed.next() for _ in range(count)]]


async def live(feed):
    async with asyncio.timeout(20):
        while not feed.is_live:
            await asyncio.sleep(0.01)


async def test_what_was_said_before_and_after_joining_is_heard_once_each(app, client):
    await say(app, "一", "二")
    async with Feed(client, [("T1", "public")]) as feed:
        assert await words(feed, 2) == [(1, "一"), (2, "二")]
        await live(feed)
        await say(app, "三")
        assert await words(feed, 1) == [(3, "三")]
        assert feed.seen == {("T1", "public"): 3}
    async with Feed(client, [("T1", "public")], after={("T1", "public"): 2}) as feed:
        assert await words(feed, 1) == [(3, "三")]


async def test_a_message_that_was_lost_is_asked_for_when_the_next_comes(app, hall, client, monkeypatch):
    async with Feed(client, [("T1", "public")]) as feed:
        await live(feed)

        async def lose(*_words, **_named):
            return None

        with monkeypatch.context() as deaf:
            deaf.setattr(hall.sio, "emit", lose)
            await say(app, "一", "二")
        await say(app, "三")
        assert await words(feed, 3) == [(1, "一"), (2, "二"), (3, "三")]


async def test_a_last_message_that_was_lost_is_noticed_by_the_head(app, hall, client, monkeypatch):
    async with Feed(client, [("T1", "public")]) as feed:
        await live(feed)

        async def lose(*_words, **_named):
            return None

        with monkeypatch.context() as deaf:
            deaf.setattr(hall.sio, "emit", lose)
            await say(app, "一")
        await hall.tell_heads()
        assert await words(feed, 1) == [(1, "一")]


async def test_a_dropped_connection_is_made_again_and_nothing_is_missing(app, hall, client):
    async with Feed(client, [("T1", "public")]) as feed:
        await live(feed)
        for sid in list(hall._listeners):
            await hall.sio.disconnect(sid)
        await say(app, "一", "二")
        assert await words(feed, 2) == [(1, "一"), (2, "二")]
        await live(feed)
        await say(app, "三")
        assert await words(feed, 1) == [(3, "三")]


async def test_where_no_socket_can_be_had_the_feed_is_polled(app, aiohttp_server):
    server = await aiohttp_server(application(app, read_feed.__endpoint__))
    await say(app, "一")
    async with Client(str(server.make_url("/"))) as client, Feed(client, [("T1", "public")]) as feed:
        assert await words(feed, 1) == [(1, "一")]
        await say(app, "二")
        assert await words(feed, 1) == [(2, "二")]
        assert not feed.is_live


async def test_a_long_history_comes_whole(app, client, monkeypatch):
    monkeypatch.setattr("web.live.feeds.LIMIT", 3)
    monkeypatch.setattr("web.live.feeds.read.__kwdefaults__", {"limit": 3})
    said = [str(number) for number in range(10)]
    await say(app, *said)
    async with Feed(client, [("T1", "public")]) as feed:
        assert await words(feed, 10) == list(enumerate(said, 1))


async def test_a_stream_that_is_not_ones_own_is_refused_and_the_listener_learns_why(app, client):
    await say(app, "heard by the desk", act=Muttered)
    async with Feed(client, [("T1", "desk")]) as feed:
        with pytest.raises(Refused) as caught:
            await words(feed, 1)
    assert caught.value.code == "sign-in-needed"


async def test_several_streams_of_a_crowd_of_listeners_are_each_whole(app, client):
    async def listen():
        async with Feed(client, [("T1", "public"), ("T2", "public")]) as feed:
            return await words(feed, 20)

    crowd = [asyncio.create_task(listen()) for _ in range(10)]
    await say(app, *[str(number) for number in range(20)])
    expected = list(enumerate(map(str, range(20)), 1))
    assert await asyncio.gather(*crowd) == [expected] * 10
