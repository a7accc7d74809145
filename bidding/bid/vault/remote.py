"""Object storage as a vault, through obstore: S3 and what speaks like it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import obstore
from obstore.store import from_url

from bidding.bid.vault.base import Chunks, Digest, Vault, refuse_odd_key

PIECE = 8 * 1024 * 1024


class RemoteVault(Vault):
    """Objects in a bucket; the store acknowledges a put when it is durable there."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        settings: dict[str, Any] = dict(options)
        client = {"allow_http": True} if settings.pop("allow_http", "") == "true" else {}
        self._store: Any = from_url(url, config=settings, client_options=client)  # type: ignore[call-overload]

    async def put(self, key: str, chunks: Chunks, *, digests: Sequence[Digest] = ()) -> int:
        count = _Count()
        stream = _pieces(chunks, digests, count)
        await obstore.put_async(self._store, refuse_odd_key(key), stream, chunk_size=PIECE)
        return count.size

    def read_into(self, key: str, offset: int, buffer: memoryview) -> int:
        found = obstore.get_range(self._store, refuse_odd_key(key), start=offset, length=len(buffer))
        view = memoryview(found)
        buffer[: len(view)] = view
        return len(view)

    async def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            await obstore.delete_async(self._store, refuse_odd_key(key))

    def keys(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        for page in obstore.list(self._store, prefix=prefix):
            for found in page:
                yield found["path"], found["last_modified"]


class _Count:
    size = 0


async def _pieces(chunks: Chunks, digests: Sequence[Digest], count: _Count) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        count.size += len(chunk)
        for digest in digests:
            await asyncio.to_thread(digest.update, chunk)
        yield chunk
