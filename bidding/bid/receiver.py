"""Bytes on their way in: into the vault, hashed once as they pass, a bounded number of pieces at a time."""

import asyncio
import hashlib
import secrets
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from bidding.bid.rules import refuse_large_upload, refuse_unencrypted
from bidding.bid.vault import Chunks, Part, Vault
from bidding.refusals.bid import ChecksumMismatch, UploadBusy
from crypto.envelope.accept import AGE_INTRO

_MOST_AT_ONCE = 1024
_MOST_OF_ONE_OWNER = 16
_MOST_DIGESTS = 4096
_READ = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of an upload that is durable in the vault, not yet known to the database.

    `whole` is the running SHA-256 from the first byte to this piece's last, where it is known here.
    """

    upload_id: str
    key: str
    start: int
    size: int
    whole: "hashlib._Hash | None" = field(default=None, repr=False, compare=False)

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True)
class Checksum:
    """What the sender says its piece hashes to; `algorithm` as hashlib names it."""

    algorithm: str
    digest: bytes

    def begin(self) -> "hashlib._Hash":
        """A fresh hash of the algorithm. It guards a transport and no secret."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


class Receiver:
    """Takes in pieces. It keeps the running SHA-256 of growing uploads; a lost one is computed anew."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._running: OrderedDict[tuple[str, int], hashlib._Hash] = OrderedDict()
        self._at_work: Counter[str] = Counter()

    async def receive(
        self,
        upload_id: str,
        chunks: Chunks,
        *,
        owner_id: str,
        start: int,
        limit: int,
        checksum: Checksum | None,
    ) -> Piece:
        """Store *chunks*, at most *limit* bytes, as the stretch from *start* on.

        Raises UploadTooLarge, UploadBusy, BidUnencrypted at the first bytes of a plain file, and
        ChecksumMismatch where the *checksum* is another's. Whatever raises leaves nothing in the vault.
        """
        with self._slot(owner_id):
            key = f"bids/{upload_id[-2:]}/{upload_id}-{start:012x}-{secrets.token_hex(4)}"
            whole, own = self._begun(upload_id, start), checksum.begin() if checksum else None
            digests = [digest for digest in (whole, own) if digest is not None]
            sealed = _limited(_encrypted(chunks) if start == 0 else chunks, limit)
            size = await self.vault.put(key, sealed, digests=digests)
            if own is not None and checksum is not None and own.digest() != checksum.digest:
                await self.vault.delete([key])
                raise ChecksumMismatch
            return Piece(upload_id=upload_id, key=key, start=start, size=size, whole=whole)

    async def digest(self, piece: Piece, parts: Sequence[Part]) -> str:
        """SHA-256 (hex) of the whole that *piece* completes: as it ran along, or read back from *parts*."""
        if piece.whole is not None:
            return piece.whole.hexdigest()
        return await asyncio.to_thread(_read_back, self.vault.reader(parts))

    def counted(self, piece: Piece) -> None:
        """The database took *piece*: the next one may go on from its digest.

        Not before: of two pieces for one offset only one is taken, and only its bytes count.
        """
        if piece.whole is None:
            return
        self._running[piece.upload_id, piece.end] = piece.whole
        self._running.pop((piece.upload_id, piece.start), None)
        while len(self._running) > _MOST_DIGESTS:
            self._running.popitem(last=False)

    async def drop(self, piece: Piece) -> None:
        """Remove a piece that the database did not take."""
        await self.vault.delete([piece.key])

    def _begun(self, upload_id: str, start: int) -> "hashlib._Hash | None":
        if start == 0:
            return hashlib.sha256()
        running = self._running.get((upload_id, start))
        return running.copy() if running is not None else None

    @contextmanager
    def _slot(self, owner_id: str) -> Iterator[None]:
        if self._at_work.total() >= _MOST_AT_ONCE or self._at_work[owner_id] >= _MOST_OF_ONE_OWNER:
            raise UploadBusy
        self._at_work[owner_id] += 1
        try:
            yield
        finally:
            self._at_work[owner_id] -= 1
            self._at_work += Counter()  # drops those at zero


async def _limited(chunks: Chunks, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        refuse_large_upload(size=size, limit=limit)
        yield chunk


async def _encrypted(chunks: Chunks) -> AsyncIterator[bytes]:
    """E-02: what does not begin as an age file is refused at its first bytes."""
    begun = b""
    async for chunk in chunks:
        if len(begun) < len(AGE_INTRO):
            begun += chunk[: len(AGE_INTRO) - len(begun)]
            refuse_unencrypted(begun=begun)
        yield chunk


def _read_back(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    with file:
        while piece := file.read(_READ):
            digest.update(piece)
    return digest.hexdigest()
