"""Many parts read as one file."""

import io
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ReadInto = Callable[[str, int, memoryview], int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of an object: `size` bytes from `start` on, stored under `key`."""

    key: str
    start: int
    size: int


class PartsReader(io.RawIOBase):
    """A seekable file over *parts*, which follow each other without a gap."""

    def __init__(self, read_into: ReadInto, parts: Sequence[Part]) -> None:
        super().__init__()
        self._read_into = read_into
        self._parts = parts
        self._starts = [part.start for part in parts]
        self._size = parts[-1].start + parts[-1].size if parts else 0
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the first byte")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object, /) -> int:
        if self._at >= self._size:
            return 0
        part = self._parts[bisect_right(self._starts, self._at) - 1]
        within = self._at - part.start
        view = memoryview(buffer).cast("B")[: part.size - within]  # type: ignore[arg-type]
        count = self._read_into(part.key, within, view)
        self._at += count
        return count
