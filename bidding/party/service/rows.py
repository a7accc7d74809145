"""Rows under a unique key: who comes second is told so, however close the two are."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.refusals import Refusal
from crypto.ledger import Base


async def add_unique(session: AsyncSession, row: Base, taken: Refusal) -> None:
    """Write *row* now, or raise *taken* where its unique key is."""
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise taken from None
