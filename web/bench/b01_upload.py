"""B1: taking in ciphertext, hashed and durable before the 2xx, beside the disk's limit and tus's server."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from web.bench import node
from web.bench import world as worlds
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.measure import Case, Cost, interleave
from web.bench.scale import Scale
from web.bench.server import Server, free_port, platform, serving
from web.bench.wire import Wire, discard, upload
from web.bench.world import World

ROW = "B1"
_INTRO = b"age-encryption.org/v1\n"
_PART = 32 * 2**20
_PACKAGES = ("@tus/server@2", "@tus/file-store@2")
_TUS_SERVER = """
import { Server } from '@tus/server'
import { FileStore } from '@tus/file-store'
import http from 'node:http'
const tus = new Server({ path: '/files', datastore: new FileStore({ directory: process.argv[3] }) })
const app = http.createServer((req, res) =>
  req.url === '/healthz' ? res.end('ok') : tus.handle(req, res))
app.listen(Number(process.argv[2]), '127.0.0.1')
"""


def run(scale: Scale) -> Iterator[Line]:
    """MB/s by the wall and CPU seconds of the server, for parts of 32 MiB as clients send them."""
    if not sys.platform.startswith("linux"):
        yield Absent(row=ROW, what="CPU of a process", why="read from /proc, which is Linux's")
        return
    home, mib, port = scale.folder("b01"), scale.pick(256, 1024), free_port()
    source = _source(home / "docs.age", mib)
    world = worlds.build(home, domain=f"127.0.0.1:{port}", bidders=1)
    with ExitStack() as running:
        ours = running.enter_context(platform(world.environment(), port, log=home / "ours.log"))
        cases: dict[str, Case] = {"limit": _Limit(source, home / "limit"), "ours": _Ours(ours, world, source)}
        try:
            theirs = running.enter_context(_tus_server(home))
            cases["tus"] = _Theirs(theirs, source, home / "files")
        except node.NodeAbsent as why:
            yield Absent(row=ROW, what="@tus/server", why=str(why))
        costs = interleave(cases, rounds=scale.rounds)
    yield from _figures(costs, mib)


def _figures(costs: dict[str, Cost], mib: int) -> Iterator[Line]:
    what, limit = f"upload of {mib} MiB", "read, hash, write, fsync"
    yield Figure(row=ROW, what=f"{what}: wall", ours=costs["ours"].wall, theirs=costs["limit"].wall, unit="s",
                 peer=limit, bar=at_most(1.4, 1.8))  # fmt: skip
    yield Figure(row=ROW, what=f"{what}: server's CPU", ours=costs["ours"].cpu, theirs=costs["limit"].cpu,
                 unit="s", peer=limit, bar=at_most(2.0, 2.5))  # fmt: skip
    if "tus" in costs:
        peer = "@tus/server, neither hashes nor syncs"
        yield Figure(row=ROW, what=f"{what}: wall", ours=costs["ours"].wall, theirs=costs["tus"].wall,
                     unit="s", peer=peer, bar=at_most(1.1))  # fmt: skip
        yield Figure(row=ROW, what=f"{what}: server's CPU", ours=costs["ours"].cpu, theirs=costs["tus"].cpu,
                     unit="s", peer=peer)  # fmt: skip


def _source(path: Path, mib: int) -> Path:
    with path.open("wb") as out:
        out.write(_INTRO + os.urandom(2**20 - len(_INTRO)))
        for _ in range(mib - 1):
            out.write(os.urandom(2**20))
    return path


class _Limit:
    """What no server can beat: the same bytes read, hashed, written and synced in place, in one buffer."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source, self._target = source, target

    def __call__(self) -> None:
        self._target.unlink(missing_ok=True)
        digest, view = hashlib.sha256(), memoryview(bytearray(2**20))
        with self._source.open("rb", buffering=0) as src, self._target.open("wb", buffering=0) as out:
            while size := src.readinto(view):
                digest.update(view[:size])
                out.write(view[:size])
            os.fsync(out.fileno())


class _Ours:
    """The product, over tus, as a bidder's client sends."""

    def __init__(self, server: Server, world: World, source: Path) -> None:
        self._server, self._source, self._last = server, source, ""
        self._base = f"/api/tenders/{world.tender_id}/uploads"
        self._headers = {"Authorization": f"Bearer {world.bidders[0].token}"}

    def __call__(self) -> float:
        with Wire(self._server.port) as wire:
            if self._last:
                discard(wire, self._base, self._last, self._headers)
            before = self._server.cpu()
            self._last = upload(wire, self._base, self._source, self._headers, name="docs.age", part=_PART)
            return self._server.cpu() - before


class _Theirs:
    """The tus project's own server for Node."""

    def __init__(self, server: Server, source: Path, store: Path) -> None:
        self._server, self._source, self._store = server, source, store

    def __call__(self) -> float:
        for old in self._store.iterdir():
            old.unlink()
        before = self._server.cpu()
        with Wire(self._server.port) as wire:
            upload(wire, "/files", self._source, {}, name="docs.age", part=_PART)
        return self._server.cpu() - before


def _tus_server(home: Path) -> AbstractContextManager[Server]:
    folder, port, store = node.modules(*_PACKAGES), free_port(), home / "files"
    store.mkdir(exist_ok=True)
    script = folder / "tus.mjs"
    script.write_text(_TUS_SERVER)
    words = [str(script), str(port), str(store)]
    return serving(words, port, path="/healthz", environment={}, log=home / "tus.log", program=node.node())
