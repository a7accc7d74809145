"""B3: durable appends to the ledger, proofs from its rows, and the whole log hashed again."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crypto import merkle
from crypto.ledger import Act
from crypto.ledger.audit import audit
from crypto.ledger.engine import Database
from crypto.ledger.log_queries import consistency, inclusion
from crypto.ledger.streams import append
from crypto.merkle import Frontier, leaf_hash
from web.bench.figures import Absent, Figure, Line, at_least, at_most
from web.bench.scale import Scale
from web.migrate import migrate

ROW = "B3"
_NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
_WRITERS = 64
_PROOF_LIMIT = 250.0  # µs
_DRAWS = 400
_RAW = "INSERT INTO bench_raw (stream, body, hash) VALUES (:stream, :body, :hash)"
_TABLE = "CREATE TABLE bench_raw (id INTEGER PRIMARY KEY, stream TEXT, body TEXT, hash BLOB)"


@dataclass(frozen=True, kw_only=True)
class Measured(Act):
    """An act as large as most, in a stream of its own."""

    kind = "bench.measured"
    audience = "public"
    place: str
    said: str = "示" * 60

    @property
    def stream(self) -> str:
        return f"bench/{self.place}"


def run(scale: Scale) -> Iterator[Line]:
    """Appends per second beside a bare INSERT through the same driver; proofs in microseconds."""
    lines = asyncio.run(_run(scale))
    yield from lines
    yield from _recomputed(scale.pick(10**5, 10**6))


async def _run(scale: Scale) -> list[Line]:
    home = scale.folder("b03")
    db = Database(f"sqlite+aiosqlite:///{home}/ledger.db")
    try:
        await migrate(db)
        appended = await _appends(db, rounds=scale.rounds, count=scale.pick(300, 2000))
        return [*appended, *await _proofs(home, scale.pick(10**5, 10**6))]
    finally:
        await db.dispose()


async def _appends(db: Database, *, rounds: int, count: int) -> list[Line]:
    async with db.writer.begin() as connection:
        await connection.execute(text(_TABLE))
    seen: dict[str, list[float]] = {"raw": [], "one": [], "many": []}
    for _ in range(rounds):
        seen["raw"].append(count / await _timed(_in_turn(count, lambda: _insert(db))))
        seen["one"].append(count / await _timed(_in_turn(count, lambda: _append(db, "one"))))
        seen["many"].append(count / await _timed(_at_once(db, count)))
    raw, one, many = (statistics.median(seen[name]) for name in ("raw", "one", "many"))
    driver = "INSERT + COMMIT, same driver"
    return [
        Figure(row=ROW, what="durable append, one writer", ours=one, theirs=raw, unit="/s", peer=driver,
               bar=at_least(0.9, 0.7)),
        Figure(row=ROW, what=f"durable append, {_WRITERS} writers", ours=many, theirs=one, unit="/s",
               peer="one writer", bar=at_least(8, 4)),
        Figure(row=ROW, what=f"durable append, {_WRITERS} writers", ours=many, theirs=1500, unit="/s",
               peer="Tessera on 2 vCPU, as published"),
    ]  # fmt: skip


async def _insert(db: Database) -> None:
    async with db.writing.begin() as session:
        row = {"stream": "bench/raw", "body": "示" * 120, "hash": bytes(32)}
        await session.execute(text(_RAW), row)


async def _append(db: Database, place: str) -> None:
    async with db.writing.begin() as session:
        await append(session, Measured(place=place), at=_NOW, by="bench")


async def _in_turn(count: int, work: Callable[[], Awaitable[None]]) -> None:
    for _ in range(count):
        await work()


async def _at_once(db: Database, count: int) -> None:
    each = -(-count // _WRITERS)
    await asyncio.gather(*(_in_turn(each, partial(_append, db, str(number))) for number in range(_WRITERS)))


async def _timed(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _proofs(home: Path, size: int) -> list[Line]:
    """Proofs from the rows of a log of *size* leaves, of one a hundredth of it, and pymerkle's."""
    small, large = [await _proving(home, one) for one in (size // 100, size)]
    said = f"{size:,} leaves"
    lines: list[Line] = [
        Figure(row=ROW, what=f"inclusion proof from rows, {said}", ours=large.inclusion, theirs=_PROOF_LIMIT,
               unit="µs", peer="limit", bar=at_most(1.0)),
        Figure(row=ROW, what=f"consistency proof from rows, {said}", ours=large.consistency,
               theirs=_PROOF_LIMIT, unit="µs", peer="limit", bar=at_most(1.0)),
        Figure(row=ROW, what="inclusion proof, 100 × the leaves", ours=large.inclusion,
               theirs=small.inclusion, unit="µs", peer=f"{size // 100:,} leaves", bar=at_most(2.0)),
        Figure(row=ROW, what=f"audit of the rows, {said}", ours=large.audit, theirs=large.fetch, unit="s",
               peer="bare fetch + hash"),
    ]  # fmt: skip
    return [*lines, _beside_pymerkle(size)]


@dataclass(frozen=True)
class _Proving:
    """Microseconds for each proof, seconds for an audit and for fetching and hashing the same rows."""

    inclusion: float
    consistency: float
    audit: float
    fetch: float


async def _proving(home: Path, size: int) -> _Proving:
    path = home / f"log{size}.db"
    db = Database(f"sqlite+aiosqlite:///{path}")
    try:
        await migrate(db)
        _fill(path, size)
        places = [(number * 7919 + 1) % size for number in range(_DRAWS)]
        async with db.reading() as session:
            included = await _each(places, lambda place: inclusion(session, place, size))
            consistent = await _each(places, lambda place: consistency(session, place or 1, size))
            audited = await _timed(_audit_clean(db))
        return _Proving(included, consistent, audited, _fetched(path))
    finally:
        await db.dispose()


async def _each(places: list[int], prove: Callable[[int], Awaitable[list[bytes]]]) -> float:
    """The median, in µs."""
    seen = []
    for place in places:
        started = time.perf_counter()
        await prove(place)
        seen.append(time.perf_counter() - started)
    return statistics.median(seen) * 1e6


async def _audit_clean(db: Database) -> None:
    async with db.reading() as session:
        faults = [fault for fault in await audit(session) if fault.startswith(("leaf", "node", "stream"))]
    if faults:
        raise RuntimeError(f"the log made for measuring is not sound: {faults[0]}")


def _fill(path: Path, size: int) -> None:
    """The rows of a log of *size* leaves that belong to no entry."""
    leaves, nodes, tree = [], [], Frontier()
    for index in range(size):
        commitment = sha256(index.to_bytes(8)).digest()
        leaves.append((index, commitment))
        nodes += [(node.place, value) for node, value in tree.append(leaf_hash(commitment))]
    with sqlite3.connect(path) as base:
        base.executemany('INSERT INTO log_leaf ("index", commitment) VALUES (?, ?)', leaves)
        base.executemany("INSERT INTO log_node (place, hash) VALUES (?, ?)", nodes)
        head = (size, tree.root(), _NOW.replace(tzinfo=None).isoformat(" "), "", False)
        base.execute("INSERT INTO log_checkpoint (size, root, at, note, forced) VALUES (?, ?, ?, ?, ?)", head)
    base.close()


def _fetched(path: Path) -> float:
    started, tree = time.perf_counter(), Frontier()
    base = sqlite3.connect(path)
    for (commitment,) in base.execute('SELECT commitment FROM log_leaf ORDER BY "index"'):
        tree.append(leaf_hash(commitment))
    dict(base.execute("SELECT place, hash FROM log_node").fetchall())
    base.close()
    return time.perf_counter() - started


def _beside_pymerkle(size: int) -> Line:
    try:
        pymerkle: Any = import_module("pymerkle")
    except ImportError:
        return Absent(row=ROW, what="pymerkle", why="the package is not installed")
    ours, held = Frontier(), dict[merkle.Node, bytes]()
    theirs: Any = pymerkle.InmemoryTree(algorithm="sha256")
    for index in range(size):
        entry = index.to_bytes(8)
        theirs.append_entry(entry)
        held.update(ours.append(leaf_hash(entry)))
    places = range(0, size, size // _DRAWS)
    mine = _mean(places, lambda place: merkle.assemble(merkle.inclusion_spans(place, size), held))
    other = _mean(places, lambda place: theirs.prove_inclusion(place + 1, size))
    return Figure(
        row=ROW, what=f"inclusion proof in memory, {size:,}", ours=mine, theirs=other, unit="µs",
        peer="pymerkle", bar=at_most(0.15),
    )  # fmt: skip


def _mean(places: range, prove: Callable[[int], object]) -> float:
    started = time.perf_counter()
    for place in places:
        prove(place)
    return (time.perf_counter() - started) / len(places) * 1e6


def _recomputed(size: int) -> Iterator[Line]:
    leaves = [sha256(index.to_bytes(8)).digest() for index in range(size)]
    started = time.perf_counter()
    merkle.root_of(map(leaf_hash, leaves))
    ours = time.perf_counter() - started
    started = time.perf_counter()
    for leaf in leaves:
        sha256(b"\x00" + leaf).digest()
        sha256(b"\x01" + leaf + leaf).digest()
    theirs = time.perf_counter() - started
    yield Figure(
        row=ROW, what=f"the root over {size:,} leaves again", ours=ours, theirs=theirs, unit="s",
        peer="its hashes alone", bar=at_most(2.5),
    )  # fmt: skip
