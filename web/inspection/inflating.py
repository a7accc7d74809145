"""Unpacking without keeping: what a stream unpacks to is counted in small steps and thrown away."""

import bz2
import zlib
from collections.abc import Iterable, Iterator

from web.inspection.judgement import Notes, TooMuch

STEP = 256 * 1024
_PIECE = 16 * 1024
RAW, ZLIB = -zlib.MAX_WBITS, zlib.MAX_WBITS


def pieces(raw: bytes) -> Iterator[bytes]:
    """*raw* in pieces so small that feeding one in again costs nothing."""
    view = memoryview(raw)
    for start in range(0, len(raw), _PIECE):
        yield bytes(view[start : start + _PIECE])


def inflate(chunks: Iterable[bytes], *, wbits: int = ZLIB) -> Iterator[bytes]:
    """What deflated *chunks* unpack to, at most `STEP` bytes at a time. Raises zlib.error."""
    engine = zlib.decompressobj(wbits)
    for chunk in chunks:
        rest = chunk
        while rest and not engine.eof:
            yield engine.decompress(rest, STEP)
            rest = engine.unconsumed_tail
    yield from _ending(engine)


def _ending(engine: "zlib._Decompress") -> Iterator[bytes]:
    while not engine.eof and (more := engine.decompress(b"", STEP)):
        yield more


def unpack_bz2(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What *chunks* of bzip2 unpack to, at most `STEP` bytes at a time. Raises OSError."""
    engine = bz2.BZ2Decompressor()
    for chunk in chunks:
        rest = chunk
        while not engine.eof and (rest or not engine.needs_input):
            yield engine.decompress(rest, STEP)
            rest = b""


def counted(chunks: Iterable[bytes], notes: Notes, *, prefix: str) -> Iterator[bytes]:
    """*chunks*, whose bytes are added up in `unpacked`.

    Raises TooMuch where one stream (`<prefix>-stream-too-large`) or the file as a whole
    (`<prefix>-unpacks-too-large`) goes beyond its cap.
    """
    own = 0
    for chunk in chunks:
        own += len(chunk)
        if own > notes.limits.stream:
            raise TooMuch(f"{prefix}-stream-too-large")
        if notes.count("unpacked", len(chunk)) > notes.limits.unpacked:
            raise TooMuch(f"{prefix}-unpacks-too-large")
        yield chunk
