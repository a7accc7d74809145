"""What an archive covers: the checkpoint that it ends with, and a tender's entries up to there."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import bidder_stream, desk_stream, public_stream
from crypto.errors import LedgerBroken, NoteInvalid
from crypto.jcs import parse
from crypto.ledger import Entry
from crypto.ledger.log_queries import SignedHead, checkpoint
from crypto.ledger.log_tables import Head, Leaf

if TYPE_CHECKING:
    from web.app import App

_PATIENCE, _LOOK_AGAIN = 5.0, 0.1


@dataclass(frozen=True)
class Row:
    """An entry and its place in the log."""

    entry: Entry
    index: int

    @property
    def body(self) -> Any:
        return parse(self.entry.text.encode())["body"]


async def covering(app: "App", tender_id: str) -> SignedHead:
    """The newest checkpoint that enough witnesses cosigned, once it covers all that happened here.

    Where none does in time, the newest one: then the verifier says what is missing.
    """
    app.proof_wanted.set()
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE
    while True:
        async with app.db.reading() as session:
            needed = await _needed(session, tender_id)
            head = await _cosigned(app, session, needed) if needed else None
            if needed and (head or loop.time() > until):
                return head or await checkpoint(session)
        if loop.time() > until:
            raise LedgerBroken("the log does not take in what happened")
        await asyncio.sleep(_LOOK_AGAIN)


async def _needed(session: AsyncSession, tender_id: str) -> int | None:
    """How many leaves cover every entry of the tender; None while one of them waits."""
    asked = select(Leaf.index).select_from(Entry).outerjoin(Leaf, Leaf.entry_id == Entry.id)
    indexes = list((await session.execute(asked.where(_of(tender_id)))).scalars())
    return None if None in indexes or not indexes else max(indexes) + 1


async def _cosigned(app: "App", session: AsyncSession, needed: int) -> SignedHead | None:
    sizes = await session.execute(select(Head.size).where(Head.size >= needed).order_by(Head.size.desc()))
    for size in sizes.scalars().all():
        head = await checkpoint(session, size)
        try:
            app.trust_file.policy.judge(head.note)
        except NoteInvalid:
            continue
        return head
    return None


def _of(tender_id: str) -> ColumnElement[bool]:
    prefix = bidder_stream(tender_id, "")
    whole = Entry.stream.in_([public_stream(tender_id), desk_stream(tender_id)])
    return or_(whole, Entry.stream.startswith(prefix, autoescape=True))


async def entries_of(session: AsyncSession, tender_id: str, size: int) -> list[Row]:
    asked = select(Entry, Leaf.index).join(Leaf, Leaf.entry_id == Entry.id)
    asked = asked.where(_of(tender_id), Leaf.index < size).order_by(Entry.stream, Entry.seq)
    return [Row(entry, index) for entry, index in await session.execute(asked)]
