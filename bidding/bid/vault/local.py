"""A directory as a vault: written aside, synced, renamed into place, and the directory synced too."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bidding.bid.vault.base import Chunks, Digest, Vault, refuse_odd_key

BATCH = 1024 * 1024
LEAST = 64 * 1024
MEMORY = 16 * 1024 * 1024
_MOST_PIECES = 512  # well below the kernel's IOV_MAX of 1024
_ASIDE = ".part"
_SHARDS = tuple(f"{number:02x}" for number in range(256))


class LocalVault(Vault):
    """Objects as files below one directory. Disk work happens in a few threads, never in the loop."""

    def __init__(self, root: str | Path, *, threads: int = 4) -> None:
        self.root = Path(root)
        _make_shards(self.root / "bids")
        self._open = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="vault")

    async def put(self, key: str, chunks: Chunks, *, digests: Sequence[Digest] = ()) -> int:
        loop = asyncio.get_running_loop()
        aside = await loop.run_in_executor(self._pool, _Aside, self._path(key), digests)
        writing: asyncio.Future[None] | None = None
        self._open += 1
        try:
            async for batch in self._batches(chunks):
                if writing is not None:
                    await writing  # at most one batch is with the disk while the next one fills
                writing = loop.run_in_executor(self._pool, aside.write, batch)
            if writing is not None:
                await writing
            return await loop.run_in_executor(self._pool, aside.keep)
        except BaseException:
            await self._discard(aside, writing)
            raise
        finally:
            self._open -= 1

    async def _batches(self, chunks: Chunks) -> AsyncIterator[list[bytes]]:
        # The more files are open, the smaller each one's batch: memory stays flat at the deadline.
        batch: list[bytes] = []
        size = 0
        async for chunk in chunks:
            batch.append(chunk)
            size += len(chunk)
            if size >= max(LEAST, min(BATCH, MEMORY // self._open)) or len(batch) >= _MOST_PIECES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    async def _discard(self, aside: "_Aside", writing: "asyncio.Future[None] | None") -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(BaseException):
            if writing is not None:
                await writing
        # Closing the file frees its blocks; a leaked descriptor would keep a full disk full.
        await loop.run_in_executor(self._pool, aside.discard)

    def read_into(self, key: str, offset: int, buffer: memoryview) -> int:
        fd = os.open(self._path(key), os.O_RDONLY)
        try:
            return os.preadv(fd, [buffer], offset)
        finally:
            os.close(fd)

    async def delete(self, keys: Iterable[str]) -> None:
        paths = [self._path(key) for key in keys]
        await asyncio.get_running_loop().run_in_executor(self._pool, _unlink, paths)

    def keys(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        for path in (self.root / prefix).rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                written = path.stat().st_mtime
                if path.is_file():
                    yield path.relative_to(self.root).as_posix(), datetime.fromtimestamp(written, UTC)

    def close(self) -> None:
        """End the threads; what they were writing is finished first."""
        self._pool.shutdown()

    def _path(self, key: str) -> Path:
        return self.root / refuse_odd_key(key)


class _Aside:
    """A file being written beside its place, seen by nobody until it is kept."""

    def __init__(self, place: Path, digests: Sequence[Digest]) -> None:
        _make_durably(place.parent)
        self._place, self._digests, self._size = place, digests, 0
        self._aside = place.with_name(f"{place.name}{_ASIDE}-{secrets.token_hex(4)}")
        self._fd = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def write(self, batch: list[bytes]) -> None:
        for digest in self._digests:
            for piece in batch:
                digest.update(piece)
        size = sum(map(len, batch))
        written = os.writev(self._fd, batch)
        if written < size:
            self._write_rest(memoryview(b"".join(batch))[written:])
        self._size += size

    def _write_rest(self, rest: memoryview) -> None:
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def keep(self) -> int:
        # A sync that failed once is never tried again: the kernel may have dropped the pages by then.
        os.fsync(self._fd)
        os.close(self._fd)
        self._fd = -1
        self._aside = self._aside.rename(self._place)
        _sync(self._place.parent)
        return self._size

    def discard(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        self._aside.unlink(missing_ok=True)  # after a rename this is the place itself


def _make_shards(folder: Path) -> None:
    # Made and synced beforehand, so that no bid pays for its folder.
    missing = [name for name in _SHARDS if not (folder / name).is_dir()]
    for name in missing:
        (folder / name).mkdir(parents=True, exist_ok=True)
    if missing:
        for changed in (folder, folder.parent, folder.parent.parent):
            _sync(changed)


def _make_durably(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_durably(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
