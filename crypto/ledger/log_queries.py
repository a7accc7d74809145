"""Questions to the log: proofs, checkpoints, tiles, and what the witnesses said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto import merkle
from crypto.cosign import verify_cosignature
from crypto.errors import NoteInvalid
from crypto.ledger import nodes
from crypto.ledger.direct import Direct
from crypto.ledger.log_tables import Cosignature, Head, Leaf
from crypto.ledger.tables import Entry, Pending
from crypto.merkle import Node
from crypto.notes import Note, Signature, parse_note, parse_signature
from crypto.proofs import LogProof
from crypto.tiles import Tile, entry_bundle, hash_tile, parse_tile, tile_holds
from crypto.vkeys import VerifierKey
from crypto.witness import AddCheckpoint, OldSizeDiffers, Witness

_TOGETHER = 256  # entries per statement: some forty nodes each, below what the drivers bind at once


class NotInLog(LookupError):
    """The entry waits for its checkpoint, the size has none, or the log is still empty."""


@dataclass(frozen=True)
class SignedHead:
    """A checkpoint as the log keeps it; `note` carries the log's signature and all cosignatures."""

    size: int
    root: bytes
    at: datetime
    forced: bool
    note: Note


async def latest_size(session: AsyncSession) -> int:
    """How many leaves the newest checkpoint covers; 0 while there is none."""
    ((size,),) = await _LATEST(session)
    return size or 0


_LATEST = Direct(select(func.max(Head.size)))


async def checkpoint(session: AsyncSession, size: int | None = None) -> SignedHead:
    """The newest checkpoint, or the one of *size* leaves, with its cosignatures; else NotInLog."""
    wanted = select(func.max(Head.size)).scalar_subquery() if size is None else size
    asked: Select[Head, str | None] = (
        select(Head, Cosignature.line)
        .outerjoin(Cosignature, Cosignature.checkpoint_size == Head.size)
        .where(Head.size == wanted)
        .order_by(Cosignature.witness)
    )
    rows = (await session.execute(asked)).all()
    if not rows:
        raise NotInLog("no checkpoint" if size is None else f"no checkpoint of {size} leaves")
    row = rows[0][0]
    lines = [parse_signature(line) for _, line in rows if line is not None]
    return SignedHead(row.size, row.root, row.at, row.forced, parse_note(row.note).signed_also(*lines))


async def leaf_index(session: AsyncSession, entry_id: int) -> int:
    """Where the entry stands in the log; NotInLog while it waits."""
    asked = select(Leaf.index).where(Leaf.entry_id == entry_id)
    found = (await session.execute(asked)).scalar_one_or_none()
    if found is None:
        raise NotInLog(f"entry {entry_id} waits for a checkpoint")
    return found


async def waiting(session: AsyncSession) -> int:
    """How many entries wait to be taken in."""
    return (await session.execute(select(func.count()).select_from(Pending))).scalar_one()


async def proof_for(session: AsyncSession, entry_id: int, *, size: int | None = None) -> str:
    """The `.tlog-proof` text of an entry under the newest checkpoint, or under the one of *size* leaves.

    NotInLog while the entry waits, or where that checkpoint does not cover it.
    """
    return (await proofs_for(session, [entry_id], size=size))[entry_id]


async def proofs_for(
    session: AsyncSession, entry_ids: Sequence[int], *, size: int | None = None
) -> dict[int, str]:
    """The proofs of many entries under one checkpoint: as many statements as for one, up to 256 entries.

    NotInLog as `proof_for`.
    """
    head = await checkpoint(session, size)
    proofs: dict[int, str] = {}
    for start in range(0, len(entry_ids), _TOGETHER):
        proofs |= await _proofs(session, entry_ids[start : start + _TOGETHER], head)
    return proofs


async def inclusion(session: AsyncSession, index: int, size: int) -> list[bytes]:
    """The audit path of the leaf at *index* in the tree of *size* leaves."""
    return await nodes.path(session, merkle.inclusion_spans(index, size))


async def consistency(session: AsyncSession, old: int, new: int) -> list[bytes]:
    """The proof that the tree of *new* leaves continues the one of *old*; both must have existed."""
    if new > await latest_size(session):
        raise NotInLog(f"the log has no {new} leaves")
    return await nodes.path(session, merkle.consistency_spans(old, new))


async def tile(session: AsyncSession, path: str) -> bytes:
    """What is published at `tile/…` (c2sp.org/tlog-tiles); NotInLog where the log has no such tile."""
    try:
        wanted = parse_tile(path)
    except ValueError:
        raise NotInLog(path) from None
    if not tile_holds(wanted, await latest_size(session)):
        raise NotInLog(path)
    return await _bundle(session, wanted) if wanted.level is None else await _hashes(session, wanted)


async def ask_for(session: AsyncSession, old: int) -> AddCheckpoint:
    """What a witness that has seen *old* leaves is sent: the newest checkpoint and why it continues."""
    head = await checkpoint(session)
    return AddCheckpoint(old, tuple(await consistency(session, old, head.size)), head.note)


async def cosign_with(session: AsyncSession, witnesses: Iterable[Witness], *, at: datetime) -> int:
    """Let these witnesses cosign the newest checkpoint, and keep their lines; how many were new.

    To be called after the checkpoint was committed, never in the transaction that made it. A witness
    elsewhere is asked with `ask_for` and its answer kept with `keep_cosignature`.
    """
    head, kept = await checkpoint(session), 0
    for witness in witnesses:
        if any(line.is_by(witness.cosigner.vkey) for line in head.note.signatures):
            continue
        line = await _cosigned(session, witness, at=at)
        kept += await keep_cosignature(session, head.size, witness.cosigner.vkey, str(line))
    return kept


async def keep_cosignature(session: AsyncSession, size: int, witness: VerifierKey, line: str) -> bool:
    """Keep a witness's line under the checkpoint of *size* leaves; False where there is one already.

    NoteInvalid where the line is not this witness's cosignature of that checkpoint.
    """
    head = await checkpoint(session, size)
    if verify_cosignature(Note(head.note.text, (parse_signature(line),)), witness) is None:
        raise NoteInvalid(f"not a line of {witness.name}")
    if any(known.is_by(witness) for known in head.note.signatures):
        return False
    row = {"checkpoint_size": size, "witness": witness.name, "line": line}
    await session.execute(insert(Cosignature), [row])
    return True


@dataclass(frozen=True)
class _Logged:
    """An entry and where it stands in the log."""

    entry_id: int
    index: int
    extra: bytes

    def proof(self, head: SignedHead, hashes: Mapping[Node, bytes]) -> str:
        path = merkle.assemble(merkle.inclusion_spans(self.index, head.size), hashes)
        return str(LogProof(self.extra, self.index, tuple(path), head.note))


async def _proofs(session: AsyncSession, ids: Sequence[int], head: SignedHead) -> dict[int, str]:
    logged = await _logged(session, ids)
    for entry_id in ids:
        _refuse_uncovered(entry_id, logged.get(entry_id), head.size)
    spans = [span for one in logged.values() for span in merkle.inclusion_spans(one.index, head.size)]
    hashes = await nodes.read(session, set(merkle.needed(spans)))
    return {entry_id: one.proof(head, hashes) for entry_id, one in logged.items()}


async def _logged(session: AsyncSession, ids: Sequence[int]) -> dict[int, _Logged]:
    asked = select(Entry.id, Leaf.index, Entry.blind, Entry.text).join(Leaf, Leaf.entry_id == Entry.id)
    rows = await session.execute(asked.where(Entry.id.in_(ids)))
    return {row[0]: _Logged(row[0], row[1], row[2] + row[3].encode()) for row in rows}


def _refuse_uncovered(entry_id: int, logged: _Logged | None, size: int) -> None:
    if logged is None:
        raise NotInLog(f"entry {entry_id} waits for a checkpoint")
    if logged.index >= size:
        raise NotInLog(f"entry {entry_id} came after the checkpoint of {size} leaves")


async def _cosigned(session: AsyncSession, witness: Witness, *, at: datetime) -> Signature:
    try:
        return witness.add_checkpoint(await ask_for(session, 0), at=at)
    except OldSizeDiffers as known:
        return witness.add_checkpoint(await ask_for(session, known.size), at=at)


async def _bundle(session: AsyncSession, tile: Tile) -> bytes:
    places = Leaf.index.between(tile.places.start, tile.places.stop - 1)
    asked = select(Leaf.commitment).where(places).order_by(Leaf.index)
    return entry_bundle((await session.execute(asked)).scalars())


async def _hashes(session: AsyncSession, tile: Tile) -> bytes:
    wanted = [Node(tile.node_level, offset) for offset in tile.places]
    found = await nodes.read(session, wanted)
    return hash_tile([found[node] for node in wanted])
