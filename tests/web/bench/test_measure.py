import asyncio
import os
import sys

import pytest
from aiohttp import web

from web.bench.load import press
from web.bench.measure import cpu_of, interleave, percentile, rss_of
from web.bench.wire import Wire

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def test_cases_take_turns_and_the_first_turn_is_thrown_away():
    seen = []
    costs = interleave({"a": lambda: seen.append("a"), "b": lambda: 7.0}, rounds=2)
    assert seen == ["a"] * 3
    assert costs["b"].cpu == 7.0


def test_a_percentile_is_one_of_the_values():
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([1.0], 0.99) == 1.0


@ON_LINUX
def test_cpu_and_memory_of_a_running_process_are_read():
    assert cpu_of(os.getpid()) > 0
    assert 5 < rss_of(os.getpid()) < 5000


@pytest.fixture
async def server(aiohttp_server):
    async def good(_request):
        return web.Response(text="ok")

    async def bad(_request):
        return web.Response(status=500, text="no")

    app = web.Application()
    app.router.add_get("/good", good)
    app.router.add_get("/bad", bad)
    return await aiohttp_server(app)


async def test_pressing_counts_every_answer(server):
    load = await press(server.port, "/good", {}, seconds=0.2, connections=2)
    assert len(load.took) > 4
    assert load.rate == len(load.took) / 0.2


async def test_a_pace_is_kept(server):
    load = await press(server.port, "/good", {}, seconds=0.5, connections=2, rate=20)
    assert 8 <= len(load.took) <= 12


async def test_an_answer_that_is_not_2xx_is_no_measurement(server):
    with pytest.raises(RuntimeError, match="answered 500"):
        await press(server.port, "/bad", {}, seconds=0.2, connections=1)


async def test_one_bare_socket_asks_twice(server):
    def ask():
        with Wire(server.port) as wire:
            return [wire.call("GET", path, {}) for path in ("/good", "/bad")]

    answers = await asyncio.to_thread(ask)
    assert [(status, body) for status, _, body in answers] == [(200, b"ok"), (500, b"no")]
