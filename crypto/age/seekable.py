"""Reading an age file from any place, decrypting only the chunks that are touched."""

import io
from collections.abc import Sequence
from typing import BinaryIO

from crypto.age import stream
from crypto.age.file import open_payload, payload_size
from crypto.age.stream import CHUNK, SEALED_CHUNK
from crypto.age.wrap import Identity
from crypto.errors import SealBroken


class SealedFile(io.RawIOBase):
    """The plaintext of a seekable age file, as a raw read-only file.

    Opening it proves the header and the last chunk, hence the length; every read proves the chunks it
    touches. Raises what `decrypt_file` raises. The underlying file stays the caller's to close.
    """

    def __init__(self, src: BinaryIO, identities: Sequence[Identity]) -> None:
        super().__init__()
        self.header, self._cipher = open_payload(src, identities)  # type: ignore[arg-type] # has readinto
        self._src = src
        self._start = src.tell()
        self.size = payload_size(self.header, src.seek(0, io.SEEK_END))
        self._last = max(0, (self.size - 1) // CHUNK)
        self._at = 0
        self._sealed = memoryview(bytearray(SEALED_CHUNK))
        self._plain = memoryview(bytearray(CHUNK))
        self._held: tuple[int, int] = (-1, 0)  # the chunk in _plain, and its size
        self._hold(self._last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type] # any writable buffer
        done = 0
        while done < len(view) and self._at < self.size:
            got = self._read_chunk(view[done:])
            done, self._at = done + got, self._at + got
        return done

    def read_at(self, offset: int, size: int) -> bytes:
        """*size* bytes from *offset*, fewer only at the end."""
        out = memoryview(bytearray(max(0, min(size, self.size - offset))))
        self.seek(offset)
        return bytes(out[: self.readinto(out)])

    def _read_chunk(self, view: memoryview) -> int:
        index, skip = divmod(self._at, CHUNK)
        if skip == 0 and len(view) >= CHUNK and index != self._held[0]:
            return self._unseal(index, view)  # straight into the reader's own buffer
        size = self._hold(index) - skip
        size = min(size, len(view))
        view[:size] = self._plain[skip : skip + size]
        return size

    def _hold(self, index: int) -> int:
        if self._held[0] != index:
            self._held = (-1, 0)
            self._held = (index, self._unseal(index, self._plain))
        return self._held[1]

    def _unseal(self, index: int, out: memoryview) -> int:
        self._src.seek(self._start + index * SEALED_CHUNK)
        got = stream.fill(self._src, self._sealed)  # type: ignore[arg-type] # has readinto
        last = index == self._last
        if not last and got < SEALED_CHUNK:
            raise SealBroken(f"chunk {index} is cut short")
        return stream.unseal_chunk(self._cipher, index, self._sealed[:got], out, last=last)
