"""The documents of opened bids: unpacked one bid at a time to a folder of their own, judged, written down."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog

from bidding.opening.service.inspections import (
    JudgedDocs,
    JudgedFile,
    SealedDocs,
    docs_to_inspect,
    record_inspection,
)
from bidding.opening.unsealing import read_manifest
from crypto.envelope import open_docs
from crypto.envelope.manifest import FileFact
from crypto.envelope.statement import object_name
from crypto.errors import CryptoError
from web.inspection.inspector import AT_ONCE, inspect
from web.inspection.judgement import Judgement
from web.inspection.limits import Limits
from web.inspection.rooms import Room
from web.unit import unbroken, working

if TYPE_CHECKING:
    from web.app import App

BY = "platform/inspection"
BID_SECONDS = 900.0  # for all files of one bid: ten thousand slow files must not hold up an opening
_DOCS = object_name("docs")
_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
_log = structlog.get_logger(__name__)


async def inspect_all(
    app: "App", tender_id: str, *, is_last: bool = False, limits: Limits | None = None
) -> None:
    """Look into every opened bid of the tender that nobody has looked into, one after the other.

    Safe to run again, at the same time, and on several replicas: each bid is written down once. A bid
    whose bytes cannot be had just now is left for the next time, or where this *is_last* written down as
    `docs-unavailable`: what the platform cannot do stops no opening.
    """
    tried: set[str] = set()
    while await _inspect_next(app, tender_id, tried, is_last=is_last, limits=limits or Limits()):
        pass


async def _inspect_next(
    app: "App", tender_id: str, tried: set[str], *, is_last: bool, limits: Limits
) -> bool:
    gate = _GATES.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    async with gate:
        docs = await _next(app, tender_id, tried)
        if docs is None:
            return False
        tried.add(docs.bidder_id)
        judged = await _judged(docs, limits)
        if judged is None and is_last:
            judged = JudgedDocs(bidder_id=docs.bidder_id, files=(), findings=("docs-unavailable",))
        if judged is not None:
            async with working(app, by=BY) as unit:
                await record_inspection(unit, tender_id, judged)
        return True


async def _next(app: "App", tender_id: str, tried: set[str]) -> SealedDocs | None:
    async with app.db.reading() as session:
        waiting = await docs_to_inspect(session, tender_id, vault=app.vault, atrest=app.atrest)
    return next((one for one in waiting if one.bidder_id not in tried), None)


async def _judged(docs: SealedDocs, limits: Limits) -> JudgedDocs | None:
    """What was found in one bid; None where it could not be had, for whatever reason."""
    try:
        room = await asyncio.to_thread(Room.enter, docs.size)
    except OSError:
        _log.exception("no room for the documents of a bid", bid_id=docs.bid_id)
        return None
    try:
        return await _judge(docs, room.folder, limits)
    except Exception:  # noqa: BLE001 -- one bid's fault, whatever it is, stops no other
        _log.exception("the documents of a bid could not be looked into", bid_id=docs.bid_id)
        return None
    finally:
        await unbroken(asyncio.to_thread(room.leave))


async def _judge(docs: SealedDocs, folder: Path, limits: Limits) -> JudgedDocs:
    # The thread cannot be cancelled; it must be over before its folder goes.
    facts, findings = await unbroken(asyncio.to_thread(_unpack, docs, folder / "docs"))
    turns = _Turns(limits, until=asyncio.get_running_loop().time() + BID_SECONDS)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(turns.look(folder / "docs", fact)) for fact in facts]
    files = tuple(task.result() for task in tasks)
    return JudgedDocs(bidder_id=docs.bidder_id, files=files, findings=findings)


def _unpack(docs: SealedDocs, dest: Path) -> tuple[tuple[FileFact, ...], tuple[str, ...]]:
    """The files that were proved to be those of the manifest, and what is wrong with the rest."""
    try:
        with docs.open(_DOCS) as sealed:
            return open_docs(sealed, docs.identity, docs.context, dest).files, ()
    except CryptoError:
        return _proved(docs, dest), ("docs-unreadable",)


def _proved(docs: SealedDocs, dest: Path) -> tuple[FileFact, ...]:
    try:
        with docs.open(_DOCS) as sealed:
            manifest = read_manifest(sealed, docs.identity, docs.context)
    except CryptoError:
        return ()
    return tuple(fact for fact in manifest.files if (dest / fact.name).is_file())


class _Turns:
    """The files of one bid take turns until its time is over; what is left then is said to be unseen."""

    def __init__(self, limits: Limits, *, until: float) -> None:
        self._limits, self._until = limits, until
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def look(self, folder: Path, fact: FileFact) -> JudgedFile:
        async with self._gate:
            found = await self._judgement(folder / fact.name)
        return JudgedFile(
            name=fact.name, size=fact.size, sha256=fact.sha256, kind=found.kind, findings=found.findings,
            facts=found.facts,
        )  # fmt: skip

    async def _judgement(self, path: Path) -> Judgement:
        if asyncio.get_running_loop().time() >= self._until:
            return Judgement("other", ("file-not-inspected",))
        return await inspect(path, self._limits)
