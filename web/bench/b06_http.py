"""B6: a point read for someone signed in, beside a bare handler with the same SQL and driver."""

import asyncio
import statistics
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from crypto.certificates import Profile
from crypto.ledger.engine import Database
from web.bench import world as worlds
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.load import press
from web.bench.measure import percentile
from web.bench.scale import Scale
from web.bench.server import Server, free_port, platform, serving
from web.bench.world import Party, World

ROW = "B6"
_BARE = """
import sys
import uvloop
from aiohttp import web
from sqlalchemy import select
from bidding.party.tables import Organisation
from crypto.ledger.engine import Database

db = Database(sys.argv[2])

async def read(request):
    async with db.reading() as session:
        row = await session.get(Organisation, request.match_info["id"])
        return web.json_response({"id": row.id, "uscc": row.uscc, "name": row.name, "kinds": row.kinds})

async def ok(request):
    return web.Response(text="ok")

app = web.Application()
app.router.add_get("/api/organisations/{id}", read)
app.router.add_get("/healthz", ok)
uvloop.install()
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""


@dataclass(frozen=True)
class _Seen:
    """Answers per second when pressed, CPU µs for each, and p99 in ms at half of that pace."""

    rate: float
    cpu: float
    p99: float


def run(scale: Scale) -> Iterator[Line]:
    """CPU for each answer, answers per second, p99 at half of the saturation."""
    if not sys.platform.startswith("linux"):
        yield Absent(row=ROW, what="CPU of a process", why="read from /proc, which is Linux's")
        return
    home, port = scale.folder("b06"), free_port()
    world = worlds.build(home, domain=f"127.0.0.1:{port}")
    caller = worlds.apart(_caller, world)
    seconds = scale.pick(2, 8)
    with platform(world.environment(), port, log=home / "ours.log") as ours, _bare(world, home) as bare:
        seen = _turns({"ours": ours, "bare": bare}, caller, seconds, scale.rounds)
    yield from _figures(seen["ours"], seen["bare"])


def _figures(ours: _Seen, bare: _Seen) -> Iterator[Line]:
    what, peer = "point read, session and role", "bare aiohttp, same SQL"
    yield Figure(row=ROW, what=f"{what}: CPU", ours=ours.cpu, theirs=bare.cpu, unit="µs", peer=peer,
                 bar=at_most(2.0, 3.5))  # fmt: skip
    yield Figure(row=ROW, what=f"{what}: answers", ours=ours.rate, theirs=bare.rate, unit="/s",
                 peer=peer)  # fmt: skip
    yield Figure(row=ROW, what=f"{what}: p99 at half pace", ours=ours.p99, theirs=bare.p99, unit="ms",
                 peer=peer, bar=at_most(3.0))  # fmt: skip


def _turns(servers: Mapping[str, Server], caller: Party, seconds: int, rounds: int) -> dict[str, _Seen]:
    seen: dict[str, list[_Seen]] = {name: [] for name in servers}
    for turn in range(rounds + 1):
        for name, server in servers.items():
            found = asyncio.run(_ask(server, caller, seconds))
            if turn:
                seen[name].append(found)
    return {name: _median(turns) for name, turns in seen.items()}


async def _ask(server: Server, caller: Party, seconds: int) -> _Seen:
    path = f"/api/organisations/{caller.organisation.id}"
    headers = {"Authorization": f"Bearer {caller.token}"}
    before = server.cpu()
    pressed = await press(server.port, path, headers, seconds=seconds)
    cpu = (server.cpu() - before) / len(pressed.took)
    paced = await press(server.port, path, headers, seconds=seconds, rate=pressed.rate / 2)
    return _Seen(pressed.rate, cpu * 1e6, percentile(paced.took, 0.99) * 1e3)


def _median(turns: list[_Seen]) -> _Seen:
    return _Seen(*(statistics.median(getattr(one, name) for one in turns) for name in ("rate", "cpu", "p99")))


async def _caller(world: World) -> Party:
    db = Database(world.url)
    try:
        async with worlds.acting(db, world.now) as unit:
            return await worlds.enrol(unit, world, OrganisationKind.CENTRE, Role.CENTRE_OPS, Profile.STAFF)
    finally:
        await db.dispose()


def _bare(world: World, home: Path) -> AbstractContextManager[Server]:
    port = free_port()
    words = ["-c", _BARE, str(port), world.url]
    return serving(words, port, path="/healthz", environment={}, log=home / "bare.log")
