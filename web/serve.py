"""The whole platform in one process: pages, API, live feeds, the clock and the sequencer."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid import orphans, uploads
from bidding.tender.queries import coming_deadlines
from web.app import APP, App, application, build
from web.clock import Ticker, every
from web.due import BY
from web.live.server import Hall
from web.logs import configure
from web.migrate import migrate
from web.patience import GuardedRunner
from web.sequencing import Sequencer
from web.settings import Settings
from web.unit import working

# The sweep is daily work; a process that is restarted now and then must still come to it.
_RECHECK, _EXPIRE, _TRUST, _SWEEP = 30, 60, 3600, 6 * 3600
_log = structlog.get_logger(__name__)


def platform(app: App) -> web.Application:
    """The application with everything that runs beside it; cleaning it up ends all of that."""
    built = application(app)
    hall = Hall(app)
    hall.attach(built)
    built.on_shutdown.append(_end_arrivals)
    built.cleanup_ctx.append(_beside(app, hall))
    return built


async def serve(settings: Settings, *, ready: Callable[[int], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT; *ready* is told the port. Requests under way are finished first.

    Raises KeyFileBroken where the keys cannot be opened, OSError where the port is taken.
    """
    configure(settings.server.log_level, settings.server.log_format)
    app = await build(settings)
    await migrate(app.db)
    _spare_the_collector()
    runner = GuardedRunner(
        platform(app), settings.server, access_log=None, shutdown_timeout=settings.server.shutdown_seconds
    )
    await runner.setup()
    try:
        port = await _listen(runner, settings)
        _log.info("serving", origin=settings.site.origin, port=port)
        if ready is not None:
            ready(port)
        await _until_told()
    finally:
        await runner.cleanup()
        await app.db.dispose()


async def _end_arrivals(built: web.Application) -> None:
    built[APP].end_arrivals()


async def _listen(runner: web.AppRunner, settings: Settings) -> int:
    server = settings.server
    site = web.TCPSite(runner, server.host, server.port, reuse_port=server.reuse_port or None)
    await site.start()
    return int(runner.addresses[0][1])


async def _until_told() -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, told.set)
    await told.wait()


def _beside(app: App, hall: Hall) -> Callable[[web.Application], AsyncIterator[None]]:
    async def beside(_application: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work) for work in _duties(app, hall)]
        yield
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    return beside


def _duties(app: App, hall: Hall) -> list[Coroutine[Any, Any, None]]:
    sequencer = Sequencer(app)

    async def expire() -> None:
        async with working(app, by=BY) as unit:
            await uploads.expire(unit, app.vault)

    async def sweep() -> None:
        async with app.db.reading() as session:
            count = await orphans.sweep(session, app.vault, now=await app.clock(session))
        _log.info("parts of no upload removed", count=count)

    async def refresh() -> None:
        async with app.db.reading() as session:
            app.refresh_trust(now=await app.clock(session))

    return [
        sequencer.run(),
        sequencer.cover_forever(_any_open),
        Ticker(app, sequencer).run(),
        every(app.settings.clock.head_seconds, hall.tell_heads, name="heads"),
        every(_RECHECK, hall.recheck, name="recheck"),
        every(_EXPIRE, expire, name="expire"),
        every(_TRUST, refresh, name="trust"),
        every(_SWEEP, sweep, name="sweep"),
    ]


async def _any_open(session: AsyncSession, now: datetime) -> bool:
    return bool(await coming_deadlines(session, now=now, limit=1))


def _spare_the_collector() -> None:
    # The third generation walks every task and connection: the 250 ms tail of a large hall.
    gc.set_threshold(100_000, 50, 1000)
    gc.freeze()
