"""`python -m web.bench.hall PORT HOME`: the live hall of the product, with a way to make it speak."""

import asyncio
import sys
import time
from pathlib import Path

from aiohttp import web

from crypto.ledger import Entry
from crypto.ledger.engine import Database
from web.app import App, application
from web.live.server import Hall
from web.migrate import migrate
from web.serve import _spare_the_collector
from web.settings import Settings

STREAM = "tender/bench/public"
_TEXT = '{"at":"2026-11-23T04:00:00.000000Z","body":{"tender_id":"bench","said":"%s","sent":%d}}'


def entry(seq: int) -> Entry:
    """An act of the usual size that carries the instant at which it was said, in nanoseconds."""
    return Entry(
        stream=STREAM, seq=seq, kind="opening.stage-entered", audience="public", by="bench",
        text=_TEXT % ("s" * 60, time.time_ns()), commitment=bytes(32),
    )  # fmt: skip


async def platform(home: Path) -> web.Application:
    """The product's application without endpoints, with its hall, and `/fire`."""
    db = Database(f"sqlite+aiosqlite:///{home}/hall.db")
    await migrate(db)
    app = App(settings=_settings(), db=db)
    built = application(app, ())
    Hall(app).attach(built)

    async def fire(request: web.Request) -> web.Response:
        count, rate = int(request.query["count"]), float(request.query["rate"])
        for seq in range(count):
            await app.publisher.publish([entry(seq + 1)])
            await asyncio.sleep(1 / rate if rate else 0)
        return web.Response(text="ok")

    async def healthy(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    built.router.add_get("/healthz", healthy)
    built.router.add_post("/fire", fire)
    return built


def _settings() -> Settings:
    return Settings.model_validate({"limits": {"sockets_per_address": 100_000, "reads": "1000000000/minute"}})


def main() -> None:
    """Serve until told to stop."""
    import uvloop

    uvloop.install()
    _spare_the_collector()
    port, home = int(sys.argv[1]), Path(sys.argv[2])
    web.run_app(platform(home), host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
