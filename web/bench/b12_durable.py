"""B12: how often the platform syncs for one accepted bid, and that it does so before it says yes."""

import asyncio
import re
import shutil
import sys
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from pathlib import Path

from web.bench import bids
from web.bench import world as worlds
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.scale import Scale
from web.bench.server import Server, free_port, serving
from web.bench.wire import Wire, upload
from web.bench.world import World

ROW = "B12"
_LIMIT = 3
_CALLS = "fsync,fdatasync,write,writev,sendto,sendmsg"
_LINE = re.compile(r"^\d+ +(\d+\.\d+) (?:<\.\.\. )?(\w+)(.*)$")
_QUIET = 1.5  # seconds without a request, so that what is counted belongs to the bid


def run(scale: Scale) -> Iterator[Line]:
    """Calls of fsync and fdatasync between a request and its answer, seen by strace."""
    if not shutil.which("strace"):
        yield Absent(row=ROW, what="syncs for each bid", why="strace is not installed")
        return
    home, port = scale.folder("b12"), free_port()
    world = worlds.build(home, domain=f"127.0.0.1:{port}", bidders=1)
    trace = home / "trace"
    words = ["-f", "-ttt", "-s", "16", "-e", f"trace={_CALLS}", "-o", str(trace), sys.executable, "-m", "web"]
    settings = {**world.environment(), "QIFENG_SERVER__PORT": str(port), "QIFENG_CLOCK__TICK_SECONDS": "3600"}
    with serving(
        words, port, path="/healthz", environment=settings, log=home / "log", program="strace"
    ) as server:
        spans = asyncio.run(_bid(server, world, home))
        time.sleep(_QUIET)
    events = list(_events(trace))
    for what, span in spans.items():
        yield from _counted(what, span, events)


@dataclass(frozen=True)
class _Span:
    """From just before a request to just after its answer, by the machine's clock."""

    start: float
    end: float


@dataclass(frozen=True)
class _Event:
    """A system call: when, and whether it is a sync or the beginning of a 2xx."""

    at: float
    is_sync: bool


async def _bid(server: Server, world: World, home: Path) -> dict[str, _Span]:
    party, doc = world.bidders[0], home / "技术标.pdf"
    doc.write_bytes(b"%PDF-1.7 " + bytes(2**20))
    async with bids.client(server.address, party) as caller:
        folder = await bids.sealed(caller, world.tender_id, party, home, doc)
        await bids.upload_all(caller, world.tender_id, folder)
        await asyncio.sleep(_QUIET)
        submitting = await _spanned(bids.handed_in(caller, world.tender_id, folder))
    await asyncio.sleep(_QUIET)
    part = await _spanned(asyncio.to_thread(_one_part, server, world, folder / "docs.age"))
    return {"submit, with the receipt's proof": submitting, "a part of an upload": part}


def _one_part(server: Server, world: World, file: Path) -> None:
    headers = {"Authorization": f"Bearer {world.bidders[0].token}"}
    with Wire(server.port) as wire:
        base = f"/api/tenders/{world.tender_id}/uploads"
        upload(wire, base, file, headers, name="docs.age", part=2**25)


async def _spanned(work: Awaitable[object]) -> _Span:
    start = time.time()
    await work
    return _Span(start, time.time())


def _events(trace: Path) -> Iterator[_Event]:
    for line in trace.read_text(errors="replace").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        at, call, rest = float(found[1]), found[2], found[3]
        if call in {"fsync", "fdatasync"} and "resumed" not in rest:
            yield _Event(at, is_sync=True)
        elif '"HTTP/1.1 2' in rest:
            yield _Event(at, is_sync=False)


def _counted(what: str, span: _Span, events: list[_Event]) -> Iterator[Line]:
    within = [one for one in events if span.start <= one.at <= span.end]
    answers = [span.start, *(one.at for one in within if not one.is_sync)]
    if len(answers) == 1:
        yield Absent(row=ROW, what=what, why="no answer was seen in the trace")
        return
    asked, answered = answers[-2:]  # the last request went out when the answer before it had come
    before = sum(one.is_sync and asked < one.at < answered for one in within)
    after = sum(one.is_sync and one.at > answered for one in within)
    yield Figure(row=ROW, what=f"{what}: syncs before the 2xx", ours=before, theirs=_LIMIT, unit="calls",
                 peer="limit", bar=at_most(1.0))  # fmt: skip
    yield Figure(row=ROW, what=f"{what}: syncs after it", ours=after, theirs=1, unit="calls",
                 peer="none allowed", bar=at_most(0.0))  # fmt: skip
