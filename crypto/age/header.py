"""The header of an age file: who may open it, and a MAC over every byte that says so."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.age import base64
from crypto.errors import HeaderForged, HeaderMalformed

VERSION = b"age-encryption.org/v1\n"
FILE_KEY_SIZE = 16
WRAPPED_SIZE = FILE_KEY_SIZE + 16
SCRYPT_SALT_SIZE = 16

# The specification sets no bound. Every stanza costs a scalar multiplication before anything is
# authenticated, so a stranger's header is bounded here.
MAX_STANZAS = 128
MAX_HEADER = 64 * 1024

_COLUMNS = 64
_MAC_LINE = len("--- ") + 43 + len("\n")
_SHARE_SIZE = 32
_X25519_ARGS = 2
_SCRYPT_ARGS = 3


class Lines(Protocol):
    """What a header is read from."""

    def readline(self, limit: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Stanza:
    """One way to the file key: arguments (the first names the kind) and a body."""

    args: tuple[str, ...]
    body: bytes = b""

    @property
    def kind(self) -> str:
        return self.args[0]

    def spelled(self) -> bytes:
        """The stanza as it stands in a header."""
        body = base64.encode(self.body)
        rows = [body[at : at + _COLUMNS] for at in range(0, len(body) + 1, _COLUMNS)]
        return "\n".join([" ".join(("->", *self.args)), *rows, ""]).encode("ascii")


@dataclass(frozen=True)
class Header:
    """The stanzas of a file, the MAC over them, and the header's bytes as they were read."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    raw: bytes

    @classmethod
    def sealed(cls, stanzas: tuple[Stanza, ...], file_key: bytes) -> "Header":
        """The header of *stanzas* under *file_key* (16 bytes)."""
        covered = VERSION + b"".join(stanza.spelled() for stanza in stanzas) + b"---"
        mac = _mac(covered, file_key)
        return cls(stanzas, mac, covered + b" " + base64.encode(mac).encode() + b"\n")

    def verify(self, file_key: bytes) -> None:
        """Raises HeaderForged unless *file_key* made this header."""
        covered = self.raw[: -(_MAC_LINE - len("---"))]
        if not hmac.compare_digest(_mac(covered, file_key), self.mac):
            raise HeaderForged("the header's MAC is another's")

    def of(self, kind: str) -> tuple[Stanza, ...]:
        """The stanzas of *kind*, in order."""
        return tuple(stanza for stanza in self.stanzas if stanza.kind == kind)


def parse(src: Lines) -> Header:
    """The header at the head of *src*, which is left at the byte after it.

    Raises HeaderMalformed for every deviation from the grammar of c2sp.org/age, and for more than
    128 stanzas or 64 KiB. Stanzas of unknown kinds are kept and otherwise ignored.
    """
    lines = _Reader(src)
    if lines.next() != VERSION:
        raise HeaderMalformed("not an age v1 file")
    stanzas, last = _stanzas(lines)
    mac = _mac_line(last)
    _refuse_bad_natives(stanzas)
    return Header(stanzas, mac, b"".join(lines.taken))


class _Reader:
    def __init__(self, src: Lines) -> None:
        self.src = src
        self.taken: list[bytes] = []
        self.left = MAX_HEADER

    def next(self) -> bytes:
        line = self.src.readline(self.left)
        if not line.endswith(b"\n"):
            raise HeaderMalformed("the header ends in the middle of a line, or never")
        self.left -= len(line)
        self.taken.append(line)
        return line


def _stanzas(lines: _Reader) -> tuple[tuple[Stanza, ...], bytes]:
    found: list[Stanza] = []
    while (line := lines.next()).startswith(b"-> "):
        found.append(Stanza(_arguments(line), _body(lines)))
        if len(found) > MAX_STANZAS:
            raise HeaderMalformed("too many stanzas")
    if not found:
        raise HeaderMalformed("no stanza")
    return tuple(found), line


def _arguments(line: bytes) -> tuple[str, ...]:
    args = line[len("-> ") : -1].split(b" ")
    if not all(arg and all(0x21 <= byte <= 0x7E for byte in arg) for arg in args):  # noqa: PLR2004 -- VCHAR
        raise HeaderMalformed("a stanza's argument is empty or not visible ASCII")
    return tuple(arg.decode("ascii") for arg in args)


def _body(lines: _Reader) -> bytes:
    return base64.decode(b"".join(_rows(lines)))


def _rows(lines: _Reader) -> Iterator[bytes]:
    while True:
        row = lines.next()[:-1]
        if len(row) > _COLUMNS:
            raise HeaderMalformed("a line is longer than 64 columns")
        yield row
        if len(row) < _COLUMNS:
            return


def _mac_line(line: bytes) -> bytes:
    if not line.startswith(b"--- ") or len(line) != _MAC_LINE:
        raise HeaderMalformed("neither a stanza nor a MAC")
    return base64.decode(line[len("--- ") : -1])


def _refuse_bad_natives(stanzas: tuple[Stanza, ...]) -> None:
    for stanza in stanzas:
        if stanza.kind == "X25519":
            _refuse_bad_x25519(stanza)
        elif stanza.kind == "scrypt":
            _refuse_bad_scrypt(stanza, alone=len(stanzas) == 1)


def _refuse_bad_x25519(stanza: Stanza) -> None:
    if len(stanza.args) != _X25519_ARGS or len(base64.decode(stanza.args[1])) != _SHARE_SIZE:
        raise HeaderMalformed("X25519: not one share of 32 bytes")
    _refuse_bad_body(stanza)


def _refuse_bad_scrypt(stanza: Stanza, *, alone: bool) -> None:
    if not alone:
        raise HeaderMalformed("scrypt: must be the only stanza")
    if len(stanza.args) != _SCRYPT_ARGS or len(base64.decode(stanza.args[1])) != SCRYPT_SALT_SIZE:
        raise HeaderMalformed("scrypt: not a salt of 16 bytes and a work factor")
    if not stanza.args[2].isdecimal() or stanza.args[2].startswith("0"):
        raise HeaderMalformed("scrypt: the work factor is not a plain number")
    _refuse_bad_body(stanza)


def _refuse_bad_body(stanza: Stanza) -> None:
    # A fixed size keeps one ciphertext from opening under many keys (partitioning oracles).
    if len(stanza.body) != WRAPPED_SIZE:
        raise HeaderMalformed(f"{stanza.kind}: the wrapped file key is not {WRAPPED_SIZE} bytes")


def _mac(covered: bytes, file_key: bytes) -> bytes:
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, covered, "sha256")
