"""The platform as a process: it starts from its settings, lives through a restart, and stops in order."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import socketio
from aiohttp import ClientSession

from crypto.errors import KeyFileBroken
from tests.conftest import NOON
from web.app import build
from web.keyring import Keyring
from web.settings import DatabaseSection, Keys, Settings

PASSPHRASE = "示例口令"
_TALK = """
from web.__main__ import run
from web.serve import serve
from web.settings import load
run(serve(load(), ready=lambda port: print("PORT", port, flush=True)))
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    directory = tmp_path_factory.mktemp("keys")
    Keyring.create(directory, PASSPHRASE, operator="示例中心", now=NOON - timedelta(days=1))
    return directory


@asynccontextmanager
async def process(home, keys):
    surroundings = os.environ | {
        "QIFENG_SERVER__PORT": "0",
        "QIFENG_DATABASE__URL": f"sqlite+aiosqlite:///{home}/q.db",
        "QIFENG_STORAGE__URL": str(home / "objects"),
        "QIFENG_KEYS__DIRECTORY": str(keys),
        "QIFENG_KEYS__PASSPHRASE": PASSPHRASE,
    }
    one = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TALK, env=surroundings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            line = (await one.stdout.readline()).decode().split()
        if line[:1] != ["PORT"]:
            raise AssertionError((await one.stderr.read()).decode())
        yield one, f"http://127.0.0.1:{line[1]}"
    finally:
        if one.returncode is None:
            one.kill()
        await one.wait()


async def test_the_process_serves_its_pages_and_stops_in_order_when_told(tmp_path, keys):
    async with process(tmp_path, keys) as (one, origin), ClientSession() as session:
        for path in (
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/openapi.json",
            "/",
            "/log",
            "/api/time",
            "/log/trust",
        ):
            async with session.get(origin + path) as answer:
                assert answer.status == 200, path
        one.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await one.wait() == 0
        lines = (await one.stderr.read()).decode().splitlines()
    assert all(line.startswith("{") for line in lines), lines
    assert not any('"level": "error"' in line for line in lines), lines


async def test_listeners_are_let_go_when_the_process_stops(tmp_path, keys):
    listener, gone = socketio.AsyncClient(reconnection=False), asyncio.Event()

    async def on_disconnect(*_):
        gone.set()

    listener.on("disconnect", on_disconnect)
    async with process(tmp_path, keys) as (one, origin):
        await listener.connect(origin, transports=["websocket"])
        answer = await listener.call(
            "join", {"streams": [{"tender_id": "T1", "audience": "public", "after": 0}]}
        )
        assert answer["streams"][0]["last_seq"] == 0
        one.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            await gone.wait()
            assert await one.wait() == 0


async def test_a_process_that_was_killed_starts_again_on_what_it_left(tmp_path, keys):
    async with process(tmp_path, keys) as (one, origin), ClientSession() as session:
        async with session.get(origin + "/readyz") as answer:
            assert answer.status == 200
        one.kill()
        await one.wait()
    async with (
        process(tmp_path, keys) as (_, origin),
        ClientSession() as session,
        session.get(origin + "/readyz") as answer,
    ):
        assert answer.status == 200


async def test_without_its_keys_the_platform_does_not_start(tmp_path, keys):
    database = DatabaseSection(url=f"sqlite+aiosqlite:///{tmp_path}/q.db")
    for chosen in (
        Keys(directory=keys),
        Keys(directory=keys, passphrase="wrong"),
        Keys(directory=tmp_path, passphrase="x"),
    ):
        with pytest.raises(KeyFileBroken):
            await build(Settings(keys=chosen, database=database))


def test_a_keyring_is_never_made_over_another(keys):
    with pytest.raises(FileExistsError):
        Keyring.create(keys, PASSPHRASE, operator="示例中心", now=NOON)


def test_key_files_are_for_their_owner_only(keys):
    for path in keys.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
