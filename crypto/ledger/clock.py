"""The one clock: the database's. Replicas never decide anything by their own."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.ledger.direct import Direct

_ASKED = Direct(select(func.clock_timestamp()))
Clock = Callable[[AsyncSession], Awaitable[datetime]]


async def database_clock(session: AsyncSession) -> datetime:
    """The instant of asking (not of the transaction's start), aware, in microseconds.

    PostgreSQL's `clock_timestamp()`; SQLite gets a function of the same name from `engine`.
    """
    ((value,),) = await _ASKED(session)
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(UTC)
