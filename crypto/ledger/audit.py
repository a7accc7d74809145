"""The audit: reads the whole ledger and the whole log again and says where they no longer agree.

It trusts no column: commitments are recomputed from the entries' text, the tree from the leaves, and
each checkpoint from the tree. What the platform itself could rewrite without a trace (a log rolled
back, or one that tells two stories) shows only against checkpoints that somebody else kept.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.commitments import commitment
from crypto.errors import CryptoError
from crypto.jcs import parse
from crypto.ledger.acts import KINDS, instant
from crypto.ledger.log_tables import Head, Leaf, TreeNode
from crypto.ledger.tables import Entry, Pending, Stream
from crypto.merkle import Frontier, Node, leaf_hash
from crypto.notes import open_note, parse_note
from crypto.vkeys import VerifierKey

Asked: TypeAlias = Select[*tuple[Any, ...]]

PAGE = 2048
MOST = 100


async def audit(
    session: AsyncSession, *, log: VerifierKey | None = None, known: Iterable[Checkpoint] = ()
) -> list[str]:
    """Every fault found, in the order in which it was met, at most 100; an empty list is a clean ledger.

    Takes a session of its own: it forgets the rows it has read.

    *log* is the key every checkpoint must be signed with. *known* are checkpoints that others keep
    (witnesses, receipts): the log must still contain each of them. Memory does not grow with the log.
    """
    faults: list[str] = []
    for part in (_entries(session), _streams(session), _unlogged(session), _log(session, log, list(known))):
        async for fault in part:
            faults.append(fault)
            if len(faults) == MOST:
                return faults
    return faults


async def _entries(session: AsyncSession) -> AsyncIterator[str]:
    """Each stream in its order: dense, chained, and each row what its own text says."""
    before: Entry | None = None
    async for entry in _pages(session, select(Entry), (Entry.stream, Entry.seq)):
        if before is None or before.stream != entry.stream:
            before = None
        for fault in _entry_faults(entry, before):
            yield f"{_name(entry)}: {fault}"
        before = entry


def _entry_faults(entry: Entry, before: Entry | None) -> Iterator[str]:
    last_seq, last = (before.seq, before.commitment) if before else (0, bytes(32))
    if entry.seq != last_seq + 1:
        yield f"seq {last_seq + 1} is missing before it"
    if commitment(entry.blind, entry.text) != entry.commitment:
        yield "its text is not what was committed to"
    try:
        said = parse(entry.text.encode())
    except CryptoError:
        yield "its text is not the spelling of an entry"
        return
    if said["prev"] != last.hex() and entry.seq == last_seq + 1:
        yield "it does not continue the entry before it"
    if any(said[name] != value for name, value in _columns(entry).items()):
        yield "its row differs from its text"
    if entry.kind in KINDS and KINDS[entry.kind].audience != entry.audience:
        yield "its audience is not that of its kind"


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "kind": entry.kind,
        "by": entry.by,
        "at": instant(entry.at),
    }


async def _streams(session: AsyncSession) -> AsyncIterator[str]:
    """Each stream's row against its last entry: a tail cut off shows here."""
    last = select(Entry.stream, func.max(Entry.seq).label("seq")).group_by(Entry.stream).subquery()
    asked = (
        select(Stream, last.c.seq, Entry.commitment)
        .outerjoin(last, last.c.stream == Stream.id)
        .outerjoin(Entry, and_(Entry.stream == Stream.id, Entry.seq == last.c.seq))
        .where(or_(func.coalesce(last.c.seq, 0) != Stream.last_seq, Entry.commitment != Stream.head))
    )
    for stream, seq, _ in await session.execute(asked.order_by(Stream.id).limit(MOST)):
        yield f"stream {stream.id}: its head is seq {stream.last_seq}, its last entry seq {seq or 0}"
    orphans = select(last.c.stream).where(last.c.stream.not_in(select(Stream.id))).limit(MOST)
    for name in (await session.execute(orphans)).scalars():
        yield f"stream {name}: its head is gone"


async def _unlogged(session: AsyncSession) -> AsyncIterator[str]:
    """Entries that neither stand in the log nor wait for it would never be proved."""
    asked = (
        select(Entry)
        .outerjoin(Leaf, Leaf.entry_id == Entry.id)
        .outerjoin(Pending, Pending.entry_id == Entry.id)
        .where(Leaf.index.is_(None), Pending.entry_id.is_(None))
    )
    for entry in (await session.execute(asked.order_by(Entry.id).limit(MOST))).scalars():
        yield f"{_name(entry)}: it neither stands in the log nor waits for it"


async def _log(
    session: AsyncSession, log: VerifierKey | None, known: Sequence[Checkpoint]
) -> AsyncIterator[str]:
    """The tree built again from its leaves, held against its nodes and every checkpoint."""
    tree, agreed, at = Frontier(), 0, -1
    asked = select(Leaf, Entry.id, Entry.commitment).outerjoin(Entry, Entry.id == Leaf.entry_id)
    while page := (await session.execute(_after(asked, (Leaf.index,), (at,)))).all():
        at = page[-1][0].index
        expected = await _expected(session, tree.size, at + 1, known)
        built: dict[Node, bytes] = {}
        for leaf, entry_id, sealed in page:
            for fault in _leaf_faults(leaf, tree.size, entry_id, sealed):
                yield fault
            built.update(tree.append(leaf_hash(leaf.commitment)))
            for head, whose in expected.get(tree.size, ()):
                if head.root != tree.root():
                    yield f"checkpoint {head.size} ({whose}): other leaves, the first from leaf {agreed} on"
                agreed = tree.size
        async for fault in _node_faults(session, built):
            yield fault
        session.expunge_all()
    async for fault in _head_faults(session, tree.size, log, known):
        yield fault


def _leaf_faults(leaf: Leaf, expected: int, entry_id: int | None, sealed: bytes | None) -> Iterator[str]:
    name = f"leaf {leaf.index}" + (f" (entry {leaf.entry_id})" if leaf.entry_id else "")
    if leaf.index != expected:
        yield f"{name}: it stands where leaf {expected} should"
    if leaf.entry_id is not None and entry_id is None:
        yield f"{name}: its entry is gone"
    elif sealed is not None and sealed != leaf.commitment:
        yield f"{name}: not the commitment of its entry"


async def _expected(
    session: AsyncSession, start: int, end: int, known: Sequence[Checkpoint]
) -> dict[int, list[tuple[Checkpoint, str]]]:
    """The roots that trees of more than *start* and at most *end* leaves must have, and who says so."""
    found: dict[int, list[tuple[Checkpoint, str]]] = {}
    asked = select(Head.size, Head.root).where(Head.size > start, Head.size <= end)
    for size, root in await session.execute(asked):
        found.setdefault(size, []).append((Checkpoint("", size, root), "our own"))
    for one in known:
        if start < one.size <= end:
            found.setdefault(one.size, []).append((one, "kept by others"))
    return found


async def _node_faults(session: AsyncSession, built: dict[Node, bytes]) -> AsyncIterator[str]:
    wanted = sorted(built)
    for start in range(0, len(wanted), PAGE):
        part = wanted[start : start + PAGE]
        asked = select(TreeNode.place, TreeNode.hash).where(TreeNode.place.in_([n.place for n in part]))
        kept = {row[0]: row[1] for row in await session.execute(asked)}
        for node in part:
            if kept.get(node.place) != built[node]:
                how = "altered" if node.place in kept else "missing"
                yield f"node {node.level}/{node.offset}: {how}"


async def _head_faults(
    session: AsyncSession, size: int, log: VerifierKey | None, known: Sequence[Checkpoint]
) -> AsyncIterator[str]:
    newest = 0
    async for head in _pages(session, select(Head), (Head.size,)):
        newest = head.size
        if fault := _note_fault(head, log):
            yield f"checkpoint {head.size}: {fault}"
    if newest != size:
        yield f"the newest checkpoint has {newest} leaves, the log {size}"
    for one in known:
        if one.size > size:
            yield f"checkpoint {one.size} (kept by others): the log was rolled back to {size} leaves"


def _note_fault(head: Head, log: VerifierKey | None) -> str | None:
    try:
        note = parse_note(head.note)
        said = parse_checkpoint(note.text)
        if log is not None:
            open_note(note, [log])
    except CryptoError as why:
        return str(why)
    return None if (said.size, said.root) == (head.size, head.root) else "its note says something else"


async def _pages(session: AsyncSession, asked: Asked, key: tuple[Any, ...]) -> AsyncIterator[Any]:
    """The rows in the order of *key*, a page at a time: a cursor held open would hold the whole log."""
    after: tuple[Any, ...] | None = None
    while rows := (await session.execute(_after(asked, key, after))).scalars().all():
        for row in rows:
            yield row
        after = tuple(getattr(rows[-1], column.key) for column in key)
        session.expunge_all()


def _after(asked: Asked, key: tuple[Any, ...], after: tuple[Any, ...] | None) -> Asked:
    page = asked.order_by(*key).limit(PAGE)
    return page if after is None else page.where(tuple_(*key) > after)


def _name(entry: Entry) -> str:
    return f"entry {entry.id} ({entry.stream} seq {entry.seq})"
