"""What keeps one caller from taking the platform from the others, and what every answer carries."""

import asyncio
import contextlib
import json

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bidding.party.roles import Role
from web.app import App, application
from web.endpoint import endpoint
from web.limits import address_of
from web.logs import hide_secrets
from web.metrics import render
from web.patience import GuardedRunner, patient_body
from web.settings import Limits, Server, Settings, Site


@endpoint("GET", "/tenders/{tender_id}/x", act="x.read", roles={Role.PUBLIC})
async def read_x(call):
    return None


@endpoint("POST", "/slow", act="slow", roles={Role.PUBLIC}, raw=True, media="text/plain")
async def take_slowly(call):
    got = [piece async for piece in patient_body(call.request, limit=10, idle_seconds=1)]
    return web.Response(text=str(len(b"".join(got))))


ROWS = [*read_x.__endpoint__, *take_slowly.__endpoint__]


def app_of(db, **sections):
    return application(App(settings=Settings(**sections), db=db), ROWS)


async def test_a_caller_over_its_budget_is_told_when_to_come_back(db, aiohttp_client):
    client = await aiohttp_client(app_of(db, limits=Limits(reads="3/minute")))
    answers = [await client.get("/tenders/T1/x") for _ in range(4)]
    assert [answer.status for answer in answers] == [204, 204, 204, 429]
    assert int(answers[3].headers["Retry-After"]) >= 1
    assert (await answers[3].json())["code"] == "too-often"


async def test_with_the_shared_count_out_of_reach_each_replica_counts_for_itself(db, aiohttp_client):
    dead = Limits(reads="3/minute", storage="async+valkey://127.0.0.1:1")
    client = await aiohttp_client(app_of(db, limits=dead))
    answers = [await client.get("/tenders/T1/x") for _ in range(4)]
    assert [answer.status for answer in answers] == [204, 204, 204, 429]


async def test_each_answer_carries_the_strict_policy_and_no_unsafe_source(db, aiohttp_client):
    client = await aiohttp_client(app_of(db))
    for path in ("/tenders/T1/x", "/nowhere"):
        answer = await client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers


async def test_https_sites_are_strict_about_transport(db, aiohttp_client):
    client = await aiohttp_client(app_of(db, site=Site(origin="https://q.example")))
    assert "max-age" in (await client.get("/tenders/T1/x")).headers["Strict-Transport-Security"]


async def test_an_answer_echoes_a_well_formed_request_id_and_replaces_another(db, aiohttp_client):
    client = await aiohttp_client(app_of(db))
    kept = await client.get("/tenders/T1/x", headers={"X-Request-ID": "caller-0001"})
    made = await client.get("/tenders/T1/x", headers={"X-Request-ID": "a b"})
    assert kept.headers["X-Request-ID"] == "caller-0001"
    assert len(made.headers["X-Request-ID"]) == 36


async def test_figures_do_not_name_a_tender_or_a_route(db, aiohttp_client):
    client = await aiohttp_client(app_of(db))
    await client.get("/tenders/T-canary/x")
    shown = render().decode()
    assert 'qifeng_requests_total{method="read",status="2xx"}' in shown
    assert "canary" not in shown
    assert "tenders" not in shown


async def test_the_access_log_has_the_act_and_not_the_path(db, aiohttp_client):
    client = await aiohttp_client(app_of(db))
    with capture_logs() as lines:
        await client.get("/tenders/T-canary/x", headers={"X-Request-ID": "caller-0002"})
    assert [(line["event"], line["act"], line["status"]) for line in lines] == [("answered", "x.read", 204)]
    assert "canary" not in str(lines)


def test_a_log_line_hides_what_names_a_secret():
    line = hide_secrets(None, "", {"event": "x", "token": "t", "Passphrase": "p", "status": 200})
    assert line == {"event": "x", "token": "…", "Passphrase": "…", "status": 200}
    assert json.dumps(line)


@pytest.fixture
async def guarded(db):
    settings = Settings(server=Server(header_seconds=1, connections_per_address=3))
    runner = GuardedRunner(application(App(settings=settings, db=db), ROWS), settings.server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield site._server.sockets[0].getsockname()[1]
    await runner.cleanup()


async def test_half_a_header_is_not_waited_for(guarded):
    reader, writer = await asyncio.open_connection("127.0.0.1", guarded)
    writer.write(b"GET /tenders/T1/x HTTP/1.1\r\nHost: x\r\n")
    async with asyncio.timeout(3):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()


async def test_a_header_that_comes_a_byte_at_a_time_is_cut_off_too(guarded):
    _, writer = await asyncio.open_connection("127.0.0.1", guarded)
    async with asyncio.timeout(4):
        with pytest.raises(ConnectionError):
            await _drip(writer)
    writer.close()


async def _drip(writer):
    while True:
        writer.write(b"G")
        await writer.drain()
        await asyncio.sleep(0.05)


async def test_a_whole_request_is_answered_and_a_long_answer_is_not_cut(guarded):
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{guarded}/tenders/T1/x") as answer:
        assert answer.status == 204


async def test_one_address_holds_a_bounded_number_of_connections(guarded):
    held = [await asyncio.open_connection("127.0.0.1", guarded) for _ in range(3)]
    reader, writer = await asyncio.open_connection("127.0.0.1", guarded)
    async with asyncio.timeout(0.8):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    for _, other in [*held, (reader, writer)]:
        other.close()
    await asyncio.sleep(0.05)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{guarded}/tenders/T1/x") as answer:
        assert answer.status == 204


async def test_a_body_that_pauses_too_long_or_grows_too_large_is_refused(db, aiohttp_client):
    client = await aiohttp_client(app_of(db))

    async def pausing():
        yield b"12"
        await asyncio.sleep(1.5)
        yield b"34"

    assert (await client.post("/slow", data=pausing())).status == 408
    assert (await client.post("/slow", data=b"x" * 11)).status == 413
    assert await (await client.post("/slow", data=b"x" * 10)).text() == "10"


class _Hops:
    remote = "10.0.0.1"

    def __init__(self, forwarded):
        self.headers = {"X-Forwarded-For": forwarded} if forwarded else {}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("1.2.3.4", (), "10.0.0.1"),
        ("1.2.3.4", ("10.0.0.1",), "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", ("10.0.0.1",), "1.2.3.4"),
        ("1.2.3.4, 10.0.0.2", ("10.0.0.1", "10.0.0.2"), "1.2.3.4"),
        ("", ("10.0.0.1",), "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_from_named_proxies_alone(forwarded, proxies, address):
    assert address_of(_Hops(forwarded), proxies) == address
