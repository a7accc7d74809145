"""The platform as a process of its own, started and ended by the demonstration."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from web.client import Client, ClientError
from web.demo.home import Home

_START_SECONDS, _STOP_SECONDS = 90, 20


class ServerFailed(RuntimeError):
    """The platform did not come up; its log says why."""


@asynccontextmanager
async def serving(home: Home) -> AsyncIterator[asyncio.subprocess.Process]:
    """The platform of *home*, up and answering; it is ended when the block ends. Raises ServerFailed."""
    log = (home.path / "server.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "web", cwd=home.path, env=home.environment(), stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    log.close()
    try:
        await _until_up(home, process)
        yield process
    finally:
        await _end(process)


async def _until_up(home: Home, process: asyncio.subprocess.Process) -> None:
    async with Client(home.url) as client:
        for _ in range(_START_SECONDS * 4):
            if process.returncode is not None:
                break
            try:
                await client.get("/readyz")
            except ClientError:
                await asyncio.sleep(0.25)
            else:
                return
    raise ServerFailed((home.path / "server.log").read_text(encoding="utf-8")[-4000:])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
