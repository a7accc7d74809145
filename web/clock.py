"""The ticker of each replica: what is due happens once, whoever looks first, because a state guards it."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bidding.acts import public_stream
from bidding.acts.log import CheckpointStamped
from bidding.acts.opening import DeadlineReached
from bidding.refusals import Refusal
from crypto.ledger import Entry, Unit
from crypto.ledger.log_queries import checkpoint
from crypto.ledger.streams import lock
from web.due import BY, SOURCES, Duty, Source
from web.metrics import TICK
from web.sequencing import Sequencer
from web.unit import working

if TYPE_CHECKING:
    from web.app import App

_log = structlog.get_logger(__name__)


class Ticker:
    """Looks for what is due, once a second; a fault of one thing holds up no other."""

    def __init__(self, app: "App", sequencer: Sequencer, sources: Sequence[Source] = SOURCES) -> None:
        self._app, self._sequencer, self._sources = app, sequencer, sources
        self._unstamped: set[str] = set()
        self._apart: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Go on until cancelled."""
        self._unstamped |= await self.passed_without_stamp()
        while True:
            started = perf_counter()
            await self.tick()
            took = perf_counter() - started
            TICK.set(took)
            await asyncio.sleep(max(0.0, self._app.settings.clock.tick_seconds - took))

    async def tick(self) -> None:
        """Do all that is due by now."""
        for source in self._sources:
            for duty in await self._due(source):
                await self._do(duty)
        for tender_id in list(self._unstamped):
            await self._stamp(tender_id)

    async def passed_without_stamp(self) -> set[str]:
        """The tenders whose deadline fell and whose closing checkpoint has no time stamp yet."""
        stamp = aliased(Entry)
        stamped = select(stamp.id).where(stamp.stream == Entry.stream, stamp.kind == CheckpointStamped.kind)
        asked = select(Entry.stream).where(Entry.kind == DeadlineReached.kind, ~stamped.exists())
        async with self._app.db.reading() as session:
            return {stream.split("/")[1] for stream in (await session.execute(asked)).scalars()}

    async def finish_apart(self) -> None:
        """Wait for what runs beside the clock."""
        await asyncio.gather(*self._apart.values())

    async def _due(self, source: Source) -> Sequence[Duty]:
        try:
            async with self._app.db.reading() as session:
                return await source(self._app, session, await self._app.clock(session))
        except Exception:  # noqa: BLE001 -- the next tick asks again
            _log.exception("could not ask what is due")
            return ()

    async def _do(self, duty: Duty) -> None:
        if duty.perform is not None:
            await self._guarded(duty, self._perform(duty, duty.perform))
        elif duty.apart is not None and (duty.kind, duty.tender_id) not in self._apart:
            key = (duty.kind, duty.tender_id)
            self._apart[key] = asyncio.create_task(self._guarded(duty, duty.apart()))
            self._apart[key].add_done_callback(lambda _: self._apart.pop(key, None))

    async def _guarded(self, duty: Duty, work: Awaitable[Any]) -> None:
        try:
            await work
        except Refusal as refusal:
            _log.info("no longer due", due=duty.kind, code=refusal.code)
        except Exception:  # noqa: BLE001 -- what is due stays due: the next tick tries again
            _log.exception("not done", due=duty.kind)

    async def _perform(self, duty: Duty, perform: Callable[[Unit], Awaitable[Any]]) -> None:
        async with working(self._app, by=BY) as unit:
            await perform(unit)
        if any(entry.kind == DeadlineReached.kind for entry in unit.recorded):
            self._unstamped.add(duty.tender_id)

    async def _stamp(self, tender_id: str) -> None:
        """Close the log over a deadline: a checkpoint at once, and an outside word for its time."""
        try:
            await self._sequencer.step(forced=True)
            await self._record_stamp(tender_id)
        except Exception:  # noqa: BLE001 -- the opening does not wait for a time stamp; the next tick tries again
            _log.exception("the closing checkpoint has no time stamp yet")
        else:
            self._unstamped.discard(tender_id)

    async def _record_stamp(self, tender_id: str) -> None:
        async with self._app.db.reading() as session:
            head = await checkpoint(session)
        # The text alone, which no later cosignature changes: receipts carry the same token.
        token = await self._app.timestamps.stamp(head.note.text.encode())
        async with working(self._app, by=BY) as unit:
            await lock(unit.session, public_stream(tender_id))
            if await _is_stamped(unit.session, tender_id):
                return
            await unit.record(
                CheckpointStamped(
                    tender_id=tender_id, size=head.size, root=head.root.hex(), checkpoint_at=head.at,
                    note=str(head.note), token=b64encode(token).decode(),
                )
            )  # fmt: skip


async def every(seconds: float, work: Callable[[], Awaitable[Any]], *, name: str) -> None:
    """Do *work* again and again until cancelled; its faults are logged and end nothing."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:  # noqa: BLE001 -- a periodic duty survives its own faults
            _log.exception("a periodic duty failed", duty=name)


async def _is_stamped(session: AsyncSession, tender_id: str) -> bool:
    asked = select(Entry.id).where(
        Entry.stream == public_stream(tender_id), Entry.kind == CheckpointStamped.kind
    )
    return (await session.execute(asked.limit(1))).first() is not None
