"""What a vault promises, and the shapes it speaks in."""

import io
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from bidding.bid.vault.reader import Part, PartsReader

READ_AHEAD = 1024 * 1024
Chunks = AsyncIterable[bytes]
_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+")


class Digest(Protocol):
    """A hash that is being computed, as of hashlib."""

    def update(self, data: bytes, /) -> None: ...


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """One ciphertext of a bid and where its bytes lie; size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str
    parts: tuple[Part, ...]


class Vault(ABC):
    """Objects under keys such as `bids/7f/0198…`: each is written once, whole, and never changed."""

    @abstractmethod
    async def put(self, key: str, chunks: Chunks, *, digests: Sequence[Digest] = ()) -> int:
        """Store all of *chunks* under *key*, feed them to *digests*, and return how many bytes they were.

        When this returns, the bytes survive a power cut. When it raises, nothing is under *key*.
        """

    @abstractmethod
    def read_into(self, key: str, offset: int, buffer: memoryview) -> int:
        """Fill *buffer* from *offset* on; how many bytes there were. Blocks: call it from a thread."""

    @abstractmethod
    async def delete(self, keys: Iterable[str]) -> None:
        """Remove the objects; those that are not there are passed over."""

    @abstractmethod
    def keys(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Every key below *prefix* and when it was written. Blocks."""

    async def put_bytes(self, key: str, content: bytes) -> int:
        """Store *content* under *key*."""
        return await self.put(key, _once(content))

    def reader(self, parts: Sequence[Part]) -> BinaryIO:
        """The parts as one seekable file. Its reads block: use it in a thread, and close it."""
        return io.BufferedReader(PartsReader(self.read_into, parts), READ_AHEAD)


def refuse_odd_key(key: str) -> str:
    """*key* itself, if it cannot lead out of the vault. Raises ValueError."""
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key: {key[:100]!r}")
    return key


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
