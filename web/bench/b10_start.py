"""B10: from the command to the first 200, and the memory of an idle platform, beside bare aiohttp."""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from web.bench import world as worlds
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.scale import Scale
from web.bench.server import Server, free_port, platform, serving

ROW = "B10"
_SETTLE = 2.0
_TOOLS = ("requests", "valkey")
_BARE = """
import sys
from aiohttp import web
async def ok(request):
    return web.Response(text="ok")
app = web.Application()
app.router.add_get("/healthz", ok)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


def run(scale: Scale) -> Iterator[Line]:
    """Seconds and MiB, medians over the rounds; the database has its schema already."""
    if not sys.platform.startswith("linux"):
        yield Absent(row=ROW, what="memory and CPU of a process", why="read from /proc, which is Linux's")
        return
    home = scale.folder("b10")
    port = free_port()
    world = worlds.build(home, domain=f"127.0.0.1:{port}")
    environment = world.environment(PYTHONPATH=str(_without_tools(home)))
    seen: dict[str, list[tuple[float, ...]]] = {"ours": [], "bare": []}
    for _ in range(scale.rounds):
        with platform(environment, port, log=home / "ours.log") as server:
            seen["ours"].append(_look(server))
        with bare(home) as server:
            seen["bare"].append(_look(server))
    yield _figure(seen, 0, "cold start to the first 200: CPU", "s", 4.5, 7.0)
    yield _figure(seen, 1, "cold start to the first 200: wall", "s", 4.5, 7.0)
    yield _figure(seen, 2, "memory while idle", "MiB", 2.2, 2.2)


def _without_tools(home: Path) -> Path:
    """A folder that hides what only developers install and a library would import if it were there."""
    folder = home / "hidden"
    folder.mkdir()
    for name in _TOOLS:
        (folder / f"{name}.py").write_text(f"raise ImportError('{name} is no part of the product')\n")
    return folder


def bare(home: Path) -> AbstractContextManager[Server]:
    """One handler on aiohttp and nothing else."""
    port = free_port()
    return serving(["-c", _BARE, str(port)], port, path="/healthz", environment={}, log=home / "bare.log")


def _look(server: Server) -> tuple[float, ...]:
    time.sleep(_SETTLE)
    return server.start_cpu, server.start_seconds, server.rss()


def _figure(
    seen: dict[str, list[tuple[float, ...]]], at: int, what: str, unit: str, goal: float, passes: float
) -> Figure:
    ours, theirs = (statistics.median(one[at] for one in seen[name]) for name in ("ours", "bare"))
    bar = at_most(goal, passes)
    return Figure(row=ROW, what=what, ours=ours, theirs=theirs, unit=unit, peer="bare aiohttp", bar=bar)
