"""Streams: append to one, catch up with one."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.ledger.acts import Act
from crypto.ledger.direct import Direct
from crypto.ledger.leaves import commitment, entry_text
from crypto.ledger.tables import Entry, Pending, Stream


async def append(session: AsyncSession, act: Act, *, at: datetime, by: str) -> Entry:
    """Write *act* at the end of its stream, in the caller's transaction.

    The stream's row stays locked until commit, so `seq` has no gap and its order is commit order. What
    the session held back is written first. The entry is detached: whoever changes it changes no row.
    """
    last_seq, prev = await _end(session, act.stream)
    body, seq, blind = act.body(), last_seq + 1, secrets.token_bytes(16)
    text = entry_text(stream=act.stream, seq=seq, kind=act.kind, at=at, by=by, prev=prev, body=body)
    row: dict[str, Any] = {
        "stream": act.stream, "seq": seq, "kind": act.kind, "audience": act.audience,
        "by": by, "at": at, "text": text, "blind": blind, "commitment": commitment(blind, text),
    }  # fmt: skip
    ((entry_id,),) = await _WRITE(session, **row)
    await _ADVANCE(session, which=act.stream, reached=seq, newest=row["commitment"])
    await _WAIT(session, entry_id=entry_id)
    return Entry(id=entry_id, **row)


async def _end(session: AsyncSession, stream_id: str) -> tuple[int, bytes]:
    """The stream's last `seq` and head, its row made if new and locked."""
    ((last_seq, prev),) = await _LOCK[session.get_bind().dialect.name](session, id=stream_id)
    return last_seq, prev


def _locking(insert: Any) -> Direct:
    # The update changes nothing: it locks the row that is there already, in the same statement.
    fresh = insert(Stream).values(id=bindparam("id"), last_seq=0, head=bytes(32))
    same = fresh.on_conflict_do_update(index_elements=[Stream.id], set_={"id": fresh.excluded.id})
    return Direct(same.returning(Stream.last_seq, Stream.head))


_LOCK = {"sqlite": _locking(sqlite_insert), "postgresql": _locking(postgres_insert)}
_COLUMNS = ("stream", "seq", "kind", "audience", "by", "at", "text", "blind", "commitment")
_WRITE = Direct(insert(Entry).values({name: bindparam(name) for name in _COLUMNS}).returning(Entry.id))
_ADVANCE = Direct(
    update(Stream)
    .where(Stream.id == bindparam("which"))
    .values(last_seq=bindparam("reached"), head=bindparam("newest"))
)
_WAIT = Direct(insert(Pending).values(entry_id=bindparam("entry_id")))


async def lock(session: AsyncSession, stream_id: str) -> Stream:
    """The stream's row, made if new, locked until the transaction ends."""
    of_dialect = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    fresh = of_dialect(Stream).values(id=stream_id, last_seq=0, head=bytes(32)).on_conflict_do_nothing()
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
