"""The sequencer: takes new entries into the log, among covers, and signs the tree they make.

Everything happens in the caller's transaction: entries become leaves, nodes and a checkpoint together
or not at all. A checkpoint may leave the process only after that transaction has been committed, and
witnesses are asked only then: a tree that was rolled back must never have been seen.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.checkpoints import Checkpoint
from crypto.commitments import cover as cover_commitment
from crypto.ledger import nodes
from crypto.ledger.log_tables import Head, Leaf, TreeNode
from crypto.ledger.tables import Entry, Pending
from crypto.merkle import Frontier, leaf_hash
from crypto.notes import NoteSigner

STEP = 8  # every batch is a multiple of this, so that growth does not count entries
BATCH = 4096  # entries at once: bounds memory and how long the lock is held
COVER_MEAN = timedelta(seconds=20)
_LOCK = 0x716966656E67  # one sequencer among all replicas

_system = SystemRandom()


@dataclass(frozen=True)
class _Fresh:
    """A leaf about to be: an entry's commitment or, without an entry, a cover."""

    commitment: bytes
    entry_id: int | None = None


async def integrate(
    session: AsyncSession, *, signer: NoteSigner, now: datetime, forced: bool = False
) -> Checkpoint | None:
    """Take in up to BATCH waiting entries and sign the new tree; None where nothing waits.

    Entries of one stream keep their order; covers fill the batch to a multiple of 8 and stand at
    random places among them. With *forced* (a deadline) all that waits is taken in, and there is a
    new checkpoint even if nothing does. Commits nothing itself.
    """
    await _lock(session)
    real = await _waiting(session, limit=None if forced else BATCH)
    if not real and not forced:
        return None
    batch = _among_covers(real, -len(real) % STEP or (0 if real else STEP))
    return await _grow(session, batch, signer=signer, now=now, forced=forced)


async def cover(session: AsyncSession, *, signer: NoteSigner, now: datetime) -> Checkpoint:
    """Grow the log by 8 covers and nothing else, so that its growth tells little about bids.

    To be called at random moments (`next_cover_delay`) while any tender is open.
    """
    await _lock(session)
    return await _grow(session, _among_covers([], STEP), signer=signer, now=now, forced=False)


def next_cover_delay(rng: random.Random | None = None) -> timedelta:
    """How long to wait before the next `cover`: exponential, 20 seconds on average, at most 2 minutes.

    A waiting time without memory says nothing about when the last batch was.
    """
    drawn = (rng or _system).expovariate(1 / COVER_MEAN.total_seconds())
    return min(timedelta(seconds=drawn), 6 * COVER_MEAN)


async def _lock(session: AsyncSession) -> None:
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


async def _waiting(session: AsyncSession, *, limit: int | None) -> list[_Fresh]:
    asked = (
        select(Entry.commitment, Entry.id)
        .join(Pending, Pending.entry_id == Entry.id)
        .order_by(Entry.id)
        .limit(limit)
    )
    return [_Fresh(commitment, entry_id) for commitment, entry_id in await session.execute(asked)]


def _among_covers(real: Sequence[_Fresh], covers: int) -> list[_Fresh]:
    """The real leaves in their order, with covers at random places between them."""
    total = len(real) + covers
    hidden, rest = set(_system.sample(range(total), covers)), iter(real)
    return [_Fresh(cover_commitment()) if place in hidden else next(rest) for place in range(total)]


async def _grow(
    session: AsyncSession, batch: Sequence[_Fresh], *, signer: NoteSigner, now: datetime, forced: bool
) -> Checkpoint:
    start = await _size(session)
    tree = await nodes.frontier(session, start)
    await _write(session, tree, batch)
    await _no_longer_waiting(session, start)
    head = Checkpoint(signer.name, tree.size, tree.root())
    note = str(signer.sign(head.text))
    row = {"size": head.size, "root": head.root, "at": now, "note": note, "forced": forced}
    await session.execute(insert(Head), [row])
    return head


async def _size(session: AsyncSession) -> int:
    return (await session.execute(select(func.max(Head.size)))).scalar_one() or 0


async def _write(session: AsyncSession, tree: Frontier, batch: Sequence[_Fresh]) -> None:
    leaves, completed = [], []
    for fresh in batch:
        leaves.append({"index": tree.size, "entry_id": fresh.entry_id, "commitment": fresh.commitment})
        completed += tree.append(leaf_hash(fresh.commitment))
    await session.execute(insert(Leaf), leaves)
    await session.execute(insert(TreeNode), [{"place": n.place, "hash": one} for n, one in completed])


async def _no_longer_waiting(session: AsyncSession, start: int) -> None:
    # By what was taken in, not by range: on PostgreSQL a smaller id may be committed later.
    taken = select(Leaf.entry_id).where(Leaf.index >= start, Leaf.entry_id.is_not(None))
    await session.execute(delete(Pending).where(Pending.entry_id.in_(taken)))
