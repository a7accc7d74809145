"""The only place that emits: one message for each committed entry, to the room of its stream.

The database is the truth and this is a doorbell: what is lost here is healed by `seq`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from crypto.ledger import Entry

# A bus that hangs must not hold up an act that is already committed.
PATIENCE = 2.0
Emit = Callable[[str, Any, str], Awaitable[None]]
_log = structlog.get_logger(__name__)


async def _nobody_listens(_event: str, _data: Any, _room: str) -> None:
    return None


def message(entry: Entry) -> dict[str, Any]:
    """What a listener hears of an entry: its place, its facts and its blinded commitment."""
    whole = json.loads(entry.text)
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": whole["at"],
        "body": whole["body"],
        "commitment": entry.commitment.hex(),
    }


class Publisher:
    """Speaks to the rooms of the streams, and never fails an act that is already committed."""

    def __init__(self) -> None:
        self._emit: Emit = _nobody_listens

    def through(self, emit: Emit) -> None:
        """Speak through *emit(event, data, room)* from now on."""
        self._emit = emit

    async def publish(self, entries: Sequence[Entry]) -> None:
        """Tell the room of each entry's stream, in order."""
        for entry in entries:
            await self._say("entry", message(entry), entry.stream)

    async def head(self, stream: str, last_seq: int) -> None:
        """Tell the room how far its stream has come, so that a lost last message is noticed."""
        await self._say("head", {"stream": stream, "last_seq": last_seq}, stream)

    async def _say(self, event: str, data: dict[str, Any], room: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._emit(event, data, room)
        except Exception:  # noqa: BLE001 -- publishing is best effort: listeners heal by seq
            _log.exception("not published", event_name=event, room=room)
