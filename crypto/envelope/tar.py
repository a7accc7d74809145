"""The one tar that a list of names and sizes gives: no times, no owners, no choices.

ustar blocks; a pax header (path, and size from 8 GiB) only where ustar cannot hold name or size. Because
the bytes follow from the names, a reader does not parse a stranger's tar: it compares.
"""

import hashlib

BLOCK = 512
_NAME = 100
_PLAIN_SIZE = 8**11  # the octal field ends below 8 GiB


def entry(name: str, size: int) -> bytes:
    """The header blocks of a file of *size* bytes called *name*."""
    records = _records(name, size)
    if not records:
        return _block(name.encode("ascii"), size, b"0")
    stand_in = b"files/" + hashlib.sha256(name.encode()).hexdigest()[:32].encode()
    plain = size if size < _PLAIN_SIZE else 0
    pax = _block(b"././@PaxHeader", len(records), b"x") + records + padding(len(records))
    return pax + _block(stand_in, plain, b"0")


def padding(size: int) -> bytes:
    """The zeros that fill the last block of *size* bytes."""
    return bytes(-size % BLOCK)


def ending(size: int, *, step: int) -> int:
    """How many zeros end an archive of *size* bytes: two blocks at least, up to a whole *step*."""
    return 2 * BLOCK + -(size + 2 * BLOCK) % step


def size_in(block: bytes) -> int:
    """The size that a plain header block gives. Raises ValueError."""
    return int(block[124:135], 8)


def _records(name: str, size: int) -> bytes:
    if name.isascii() and len(name) <= _NAME and size < _PLAIN_SIZE:
        return b""
    large = _record("size", str(size)) if size >= _PLAIN_SIZE else b""
    return _record("path", name) + large


def _record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body) + 1
    while len(str(length)) + len(body) != length:
        length += 1
    return str(length).encode() + body


def _block(name: bytes, size: int, kind: bytes) -> bytes:
    fields = (
        *(name.ljust(_NAME, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0"),
        *(b"%011o\0" % size, b"%011o\0" % 0, b" " * 8, kind, bytes(_NAME), b"ustar\x0000"),
    )
    block = b"".join(fields).ljust(BLOCK, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]
