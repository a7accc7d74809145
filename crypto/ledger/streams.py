"""Streams: append to one, catch up with one."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.ledger.acts import Act
from crypto.ledger.leaves import commitment, entry_text
from crypto.ledger.tables import Entry, Pending, Stream


async def append(session: AsyncSession, act: Act, *, at: datetime, by: str) -> Entry:
    """Write *act* at the end of its stream, in the caller's transaction.

    The stream's row stays locked until commit, so `seq` has no gap and its order is commit order.
    """
    stream = await lock(session, act.stream)
    body, seq, blind = act.body(), stream.last_seq + 1, secrets.token_bytes(16)
    text = entry_text(stream=stream.id, seq=seq, kind=act.kind, at=at, by=by, prev=stream.head, body=body)
    seal = commitment(blind, text)
    entry = Entry(
        stream=stream.id, seq=seq, kind=act.kind, audience=act.audience,
        by=by, at=at, text=text, blind=blind, commitment=seal,
    )  # fmt: skip
    session.add(entry)
    stream.last_seq, stream.head = seq, seal
    await session.flush()
    session.add(Pending(entry_id=entry.id))
    return entry


async def lock(session: AsyncSession, stream_id: str) -> Stream:
    """The stream's row, made if new, locked until the transaction ends."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    fresh = insert(Stream).values(id=stream_id, last_seq=0, head=bytes(32)).on_conflict_do_nothing()
    await session.execute(fresh)
    asked = select(Stream).where(Stream.id == stream_id).with_for_update()
    return (await session.execute(asked, execution_options={"populate_existing": True})).scalar_one()


async def since(session: AsyncSession, stream_id: str, seq: int, *, limit: int = 500) -> Sequence[Entry]:
    """At most *limit* entries of the stream after *seq*, in order, without a gap."""
    asked = select(Entry).where(Entry.stream == stream_id, Entry.seq > seq).order_by(Entry.seq).limit(limit)
    return (await session.execute(asked)).scalars().all()


async def head(session: AsyncSession, stream_id: str) -> int:
    """The newest `seq` of the stream, 0 while nothing was recorded."""
    asked = select(Stream.last_seq).where(Stream.id == stream_id)
    return (await session.execute(asked)).scalar_one_or_none() or 0
