"""The live feed: complete, in order, to those entitled and to nobody else."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

import pytest
import socketio

from bidding.acts import BidderAct, DeskAct, PublicAct
from bidding.party.roles import NOBODY, Actor, Role
from web.api.feeds import read_feed
from web.app import App, application
from web.live.frames import text_frame
from web.live.server import Hall
from web.settings import Limits, Settings
from web.unit import working

BIDDER = Actor(
    person_id="p9", organisation_id="o9", name="乙", organisation="示例乙建设有限公司",
    roles=frozenset({Role.BIDDER}), certificate_sha256="00" * 32,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Said(PublicAct):
    kind = "test.said"
    words: str


@dataclass(frozen=True, kw_only=True)
class Whispered(DeskAct):
    kind = "test.whispered"
    words: str


@dataclass(frozen=True, kw_only=True)
class Confided(BidderAct):
    kind = "test.confided"
    words: str


class OneDoor:
    """Everyone who comes is `actor`."""

    def __init__(self, actor=NOBODY):
        self.actor = actor

    async def identify(self, request, app):
        return self.actor

    async def roles_on(self, app, actor, tender_id):
        return actor.roles

    async def refuse_without_step_up(self, request, app, actor, act):
        return None


@pytest.fixture
async def hall(db, aiohttp_server):
    app = App(settings=Settings(limits=Limits(sockets_per_address=40)), db=db, door=OneDoor())
    built = application(app, read_feed.__endpoint__)
    made = Hall(app)
    made.attach(built)
    made.app, made.server = app, await aiohttp_server(built)
    return made


class Listener:
    """A real client that keeps what it hears and heals gaps as the protocol says."""

    def __init__(self):
        self.sio = socketio.AsyncClient(reconnection=False)
        self.heard, self.heads = [], []
        self.sio.on("entry", self.hear)
        self.sio.on("head", self.heads.append)

    async def hear(self, entry):
        self.heard.append((entry["seq"], entry["body"]["words"]))

    async def leave(self):
        await self.sio.disconnect()
        if self.sio.eio.http is not None and not self.sio.eio.http.closed:
            await self.sio.eio.http.close()

    async def enter(self, hall, *, audience="public", after=0, tender="T1", headers=None):
        await self.sio.connect(
            str(hall.server.make_url("/")), transports=["websocket"], headers=headers or {}
        )
        return await self.join(audience=audience, after=after, tender=tender)

    async def join(self, *, audience="public", after=0, tender="T1"):
        return await self.sio.call(
            "join", {"streams": [{"tender_id": tender, "audience": audience, "after": after}]}
        )


@pytest.fixture
async def listener():
    one = Listener()
    yield one
    await one.leave()


async def say(hall, *words, act=Said, **extra):
    for word in words:
        async with working(hall.app, by="tester") as unit:
            await unit.record(act(tender_id="T1", words=word, **extra))


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_listener_gets_what_was_said_before_and_hears_what_is_said_after(hall, listener):
    await say(hall, "一", "二", "三")
    answer = await listener.enter(hall, after=1)
    assert [(e["seq"], e["body"]["words"]) for e in answer["streams"][0]["entries"]] == [(2, "二"), (3, "三")]
    await say(hall, "四", "五")
    await until(lambda: len(listener.heard) == 2)
    assert listener.heard == [(4, "四"), (5, "五")]


async def test_a_burst_arrives_whole_and_in_order(hall, listener):
    await listener.enter(hall)
    await asyncio.gather(*(say(hall, *[f"{n}-{i}" for i in range(20)]) for n in range(3)))
    await until(lambda: len(listener.heard) == 60)
    assert [seq for seq, _ in listener.heard] == list(range(1, 61))


async def test_what_is_said_to_the_desk_or_to_a_bidder_is_not_heard_in_public(hall, listener):
    await listener.enter(hall)
    await say(hall, "秘密", act=Whispered)
    await say(hall, "私下", act=Confided, bidder_id="o9")
    await say(hall, "公开")
    await until(lambda: listener.heard)
    assert listener.heard == [(1, "公开")]


@pytest.mark.parametrize(
    ("actor", "audience", "code"),
    [
        (NOBODY, "desk", "sign-in-needed"),
        (NOBODY, "bidder", "sign-in-needed"),
        (BIDDER, "desk", "role-missing"),
        (replace(BIDDER, roles=frozenset({Role.AGENCY_HOST})), "bidder", "role-missing"),
        (replace(BIDDER, roles=frozenset({Role.CENTRE_OPS})), "desk", "role-missing"),
    ],
)
async def test_only_those_entitled_may_join_a_stream(hall, listener, actor, audience, code):
    hall.app.door.actor = actor
    assert (await listener.enter(hall, audience=audience))["problem"]["code"] == code
    await say(hall, "秘密", act=Whispered)
    await say(hall, "私下", act=Confided, bidder_id="o9")
    await asyncio.sleep(0.1)
    assert listener.heard == []


async def test_a_bidder_hears_its_own_stream_and_cannot_name_anothers(hall, listener):
    hall.app.door.actor = BIDDER
    await say(hall, "别人的", act=Confided, bidder_id="o8")
    answer = await listener.enter(hall, audience="bidder")
    assert (answer["streams"][0]["stream"], answer["streams"][0]["entries"]) == ("tender/T1/bidder/o9", [])
    await say(hall, "自己的", act=Confided, bidder_id="o9")
    await until(lambda: listener.heard)
    assert listener.heard == [(1, "自己的")]
    odd = await listener.join(audience="bidder/o8")
    assert odd["problem"]["code"] == "form-defect"


async def test_a_gap_is_healed_by_asking_again(hall, listener):
    await listener.enter(hall)
    await say(hall, *"甲乙丙")
    answer = await listener.sio.call("sync", {"tender_id": "T1", "audience": "public", "after": 1})
    assert [e["seq"] for e in answer["entries"]] == [2, 3]
    assert (answer["last_seq"], answer["more"]) == (3, False)


async def test_head_ticks_tell_how_far_each_joined_stream_has_come(hall, listener):
    await listener.enter(hall)
    await say(hall, *"甲乙")
    await hall.tell_heads()
    await until(lambda: listener.heads)
    assert listener.heads == [{"stream": "tender/T1/public", "last_seq": 2}]


async def test_polling_tells_the_same_as_the_socket(hall, listener, aiohttp_client):
    answer = await listener.enter(hall)
    await say(hall, *"甲乙丙")
    await until(lambda: len(listener.heard) == 3)
    client = await aiohttp_client(hall.server)
    polled = await (await client.get("/api/feeds/T1/public?after=0")).json()
    assert [(e["seq"], e["body"]["words"]) for e in polled["entries"]] == listener.heard
    assert answer["streams"][0]["stream"] == polled["stream"]
    assert (await client.get("/api/feeds/T1/desk")).status == 401
    assert (await client.get("/api/feeds/T1/everyone")).status == 404


async def test_a_page_of_another_site_cannot_open_a_socket(hall, listener):
    with pytest.raises(socketio.exceptions.ConnectionError):
        await listener.enter(hall, headers={"Origin": "https://evil.example"})


async def test_who_signed_out_hears_nothing_more(hall, listener):
    hall.app.door.actor = BIDDER
    await listener.enter(hall, audience="bidder")
    hall.app.door.actor = NOBODY
    await hall.recheck()
    await until(lambda: not listener.sio.connected)
    await say(hall, "私下", act=Confided, bidder_id="o9")
    assert listener.heard == []


async def test_one_address_may_not_open_any_number_of_sockets(db, aiohttp_server):
    app = App(settings=Settings(limits=Limits(sockets_per_address=1)), db=db, door=OneDoor())
    built = application(app, ())
    made = Hall(app)
    made.attach(built)
    made.server = await aiohttp_server(built)
    first, second = Listener(), Listener()
    try:
        await first.enter(made)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await second.enter(made)
    finally:
        for one in (first, second):
            await one.leave()


async def test_a_listener_that_lags_too_far_is_let_go_and_the_others_hear_on(hall, listener):
    await listener.enter(hall)
    lagging = next(iter(hall.sio.eio.sockets.values()))
    lagging.wire.sending, lagging.wire.send = 1, partial(_stuck, lagging.wire)
    hall.sio.manager.backlog = 3
    other = Listener()
    try:
        await other.enter(hall)
        for n in range(10):
            await say(hall, str(n))
        await until(lambda: len(other.heard) == 10)
        await until(lambda: len(hall._listeners) == 1)
    finally:
        await other.leave()
    assert lagging.queue.qsize() <= 4


async def _stuck(wire, _message):
    """As a full transport: nothing moves until the connection is gone."""
    while not wire.transport.is_closing():
        await asyncio.sleep(0.01)
    raise ConnectionResetError


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_frames_have_the_three_lengths_of_the_rfc(size):
    frame = text_frame("x" * size)
    head = 2 if size < 126 else 4 if size < 65536 else 10
    assert (frame[0], len(frame)) == (0x81, head + size)
    assert frame[1] == (size if size < 126 else 126 if size < 65536 else 127)


def test_the_bus_manager_keeps_the_direct_way_to_its_own_listeners():
    from web.live.manager import BusManager, DirectManager, manager

    assert type(manager(bus="", channel="q", backlog=5)) is DirectManager
    order = BusManager.__mro__
    assert order.index(DirectManager) > order.index(socketio.AsyncRedisManager)
