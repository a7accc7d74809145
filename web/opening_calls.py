"""What the handlers of the opening share: one act on the path's tender, and the instant it was asked for."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bidding.opening.windows import WindowKind
from bidding.refusals.opening import RecordStale, WindowNotOpen
from web.call import Call
from web.views.openings import Acts, acts

_MAX_DIGITS = 6


async def perform(call: Call, verb: Callable[..., Awaitable[Any]], **facts: Any) -> Acts:
    """Let *verb* act on the tender of the path; what it recorded."""
    async with call.acting() as unit:
        await verb(unit, call.path["tender_id"], **facts)
        return acts(unit.recorded)


async def perform_order(call: Call, verb: Callable[..., Awaitable[Any]], order: Any, **facts: Any) -> Acts:
    """Let *verb* carry out *order* for the caller; what it recorded."""
    async with call.acting() as unit:
        await verb(unit, order, actor=call.actor, **facts)
        return acts(unit.recorded)


async def asked_at(call: Call) -> datetime:
    """The database's clock as the request arrives, before it waits for any lock (domain §2.6)."""
    async with call.reading() as session:
        return await call.app.clock(session)


def window_kind(call: Call) -> WindowKind:
    """The window that the path names. Raises WindowNotOpen for one that does not exist."""
    try:
        return WindowKind(call.path["kind"])
    except ValueError:
        raise WindowNotOpen(window=call.path["kind"][:40]) from None


def version_of(call: Call) -> int:
    """The version of the record that the path names. Raises RecordStale for what is no number."""
    text = call.path["version"]
    if not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
        raise RecordStale(version=0, newest=0)
    return int(text)
