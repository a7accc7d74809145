"""B5: from the last key to the announced prices, every act committed, beside the cipher's own cost."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import event

from bidding.bid import queries as bids
from bidding.bid.vault import LocalVault, StoredObject
from bidding.opening.service.unsealing import docs_context
from bidding.opening.tables import OpeningBid
from crypto.age import decrypt_file
from crypto.ledger.engine import Database
from web.bench import world as worlds
from web.bench.figures import Figure, Line, at_most
from web.bench.measure import spent
from web.bench.meeting import Meeting, document
from web.bench.scale import Scale

ROW = "B5"
_MIB = 5
_CHUNK = 64 * 1024
_EXCHANGES = 8  # two objects under two layers and the bidder's own, and one for each object itself
_FIRST_LIMIT = 50.0  # ms


@dataclass(frozen=True)
class _Run:
    """What one opening took: seconds, and milliseconds until its first bid was decided for good."""

    wall: float
    cpu: float
    first: float


def run(scale: Scale) -> Iterator[Line]:
    """Opening, reading the documents whole, and announcing; at a tenth of the bidders and at all of them."""
    count = scale.pick(50, 200)
    few = asyncio.run(_opening(scale.folder("b05-few"), count // 10))
    many = asyncio.run(_opening(scale.folder("b05"), count))
    limit = _limit(count)
    said, peer = f"{count} bids of {_MIB} MiB", "the same ciphers on one warm buffer"
    yield Figure(row=ROW, what=f"{said}: CPU", ours=many.cpu, theirs=limit, unit="s", peer=peer,
                 bar=at_most(2.5))  # fmt: skip
    yield Figure(row=ROW, what=f"{said}: wall", ours=many.wall, theirs=limit, unit="s", peer=peer,
                 bar=at_most(1.0, 1.5))  # fmt: skip
    yield Figure(row=ROW, what="first bid decided after the last key", ours=many.first, theirs=_FIRST_LIMIT,
                 unit="ms", peer="limit", bar=at_most(1.0))  # fmt: skip
    yield Figure(row=ROW, what=f"{said}: CPU", ours=many.cpu, theirs=few.cpu, unit="s",
                 peer=f"{count // 10} bids", bar=at_most(11.0))  # fmt: skip


async def _opening(home: Path, count: int) -> _Run:
    world = worlds.build(home, domain="bench.example", bidders=count)
    db = Database(world.url)
    try:
        meeting = Meeting(world, db, LocalVault(home / "objects"), world.now)
        await meeting.fill(document(home, _MIB))
        await meeting.to_the_layers()
        return await _measured(meeting, count)
    finally:
        await db.dispose()


async def _measured(meeting: Meeting, count: int) -> _Run:
    wall, cpu = time.perf_counter(), spent()
    await meeting.release_layers()
    keys_off, commits = time.perf_counter(), _commits(meeting.db)
    decided = await meeting.open_all()
    if decided != count:
        raise RuntimeError(f"{decided} of {count} bids were decided")
    await _read_documents(meeting)
    await meeting.announce()
    ended = time.perf_counter()
    return _Run(ended - wall, spent() - cpu, (commits[0] - keys_off) * 1e3)


def _commits(db: Database) -> list[float]:
    """When each commit of the writer happens from now on."""
    seen: list[float] = []
    event.listen(db.writer.sync_engine, "commit", lambda _connection: seen.append(time.perf_counter()))
    return seen


async def _read_documents(meeting: Meeting) -> None:
    """Decrypt every bid's documents whole, in two threads, as the hand-over to evaluation does."""
    jobs = []
    async with meeting.db.reading() as session:
        for party in meeting.world.bidders:
            row = await session.get_one(OpeningBid, (meeting.world.tender_id, party.organisation.id))
            objects = await bids.stored_objects(session, row.bid_id)
            sealed = row.docs_key_at_rest or b""
            key = meeting.world.keys.atrest.unseal(sealed, context=docs_context(row.bid_id))
            jobs.append((objects["docs.age"], key.decode()))
    with ThreadPoolExecutor(2) as pool:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(pool, _read, meeting.vault, *job) for job in jobs))


def _read(vault: LocalVault, stored: StoredObject, identity: str) -> None:
    with vault.reader(stored.parts) as file:
        sealed: Any = file  # it has readinto, which BinaryIO does not know
        decrypt_file(sealed, _Hashing(), identities=[identity])


class _Hashing:
    """A sink that keeps nothing but the digest."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def write(self, buffer: Any, /) -> int:
        self._digest.update(buffer)
        return len(buffer)


def _limit(count: int) -> float:
    """CPU seconds of the exchanges, the cipher and the digest alone, best of three."""
    return min(_bare(count) for _ in range(3))


def _bare(count: int) -> float:
    key, peer = X25519PrivateKey.generate(), X25519PrivateKey.generate().public_key()
    cipher, nonce = ChaCha20Poly1305(bytes(32)), bytes(12)
    sealed, out = cipher.encrypt(nonce, bytes(_CHUNK), None), bytearray(_CHUNK)
    before = time.process_time()
    for _ in range(count):
        for _ in range(_EXCHANGES):
            key.exchange(peer)
        digest = hashlib.sha256()
        for _ in range(_MIB * 2**20 // _CHUNK):
            cipher.decrypt_into(nonce, sealed, None, out)
            digest.update(out)
    return time.process_time() - before
