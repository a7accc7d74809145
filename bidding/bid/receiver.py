"""Bytes on their way in: into the vault, hashed once as they pass, a bounded number of pieces at a time."""

import asyncio
import hashlib
import secrets
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from bidding.bid.rules import refuse_large_upload, refuse_unencrypted
from bidding.bid.vault import Chunks, Part, Vault
from bidding.refusals.bid import ChecksumMismatch, UploadBusy
from crypto.envelope.accept import AGE_INTRO

_MOST_AT_ONCE = 64
_MOST_OF_ONE_OWNER = 8
_MOST_DIGESTS = 4096
_READ = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of an upload that is durable in the vault, not yet known to the database."""

    upload_id: str
    key: str
    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + self.size


class Receiver:
    """Takes in pieces. It keeps the running SHA-256 of growing uploads; a lost one is computed anew."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._running: OrderedDict[tuple[str, int], hashlib._Hash] = OrderedDict()
        self._at_work: Counter[str] = Counter()

    async def receive(
        self, upload_id: str, chunks: Chunks, *, owner_id: str, start: int, limit: int, checksum: bytes | None
    ) -> Piece:
        """Store *chunks*, at most *limit* bytes, as the stretch from *start* on.

        Raises UploadTooLarge, UploadBusy, BidUnencrypted at the first bytes of a plain file, and
        ChecksumMismatch where *checksum* (SHA-256 of the piece) is another's. Whatever raises leaves
        nothing in the vault.
        """
        with self._slot(owner_id):
            key = f"bids/{upload_id[-2:]}/{upload_id}-{start:012x}-{secrets.token_hex(4)}"
            whole, own = self._begun(upload_id, start), hashlib.sha256()
            digests = [digest for digest in (whole, own if checksum else None) if digest is not None]
            sealed = _limited(_encrypted(chunks) if start == 0 else chunks, limit)
            size = await self.vault.put(key, sealed, digests=digests)
            if checksum is not None and own.digest() != checksum:
                await self.vault.delete([key])
                raise ChecksumMismatch
            if whole is not None:
                self._keep(upload_id, start + size, whole)
            return Piece(upload_id=upload_id, key=key, start=start, size=size)

    async def digest(self, upload_id: str, parts: Sequence[Part]) -> str:
        """SHA-256 (hex) over all *parts*: as it ran along, or read back from the vault."""
        size = parts[-1].start + parts[-1].size
        running = self._running.pop((upload_id, size), None)
        if running is not None:
            return running.hexdigest()
        return await asyncio.to_thread(_read_back, self.vault.reader(parts))

    async def drop(self, piece: Piece) -> None:
        """Remove a piece that the database did not take."""
        await self.vault.delete([piece.key])

    def _begun(self, upload_id: str, start: int) -> "hashlib._Hash | None":
        if start == 0:
            return hashlib.sha256()
        running = self._running.get((upload_id, start))
        return running.copy() if running is not None else None

    def _keep(self, upload_id: str, size: int, digest: "hashlib._Hash") -> None:
        self._running[upload_id, size] = digest
        while len(self._running) > _MOST_DIGESTS:
            self._running.popitem(last=False)

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
