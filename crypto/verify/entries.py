"""Streams as a bundle shows them: entries with their blinds, or only the commitments of what stays secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto import jcs
from crypto.commitments import COMMITMENT_SIZE, commitment
from crypto.envelope.shape import exact
from crypto.verify.bundle import Bundle, BundleBroken

VERSION = 1


@dataclass(frozen=True)
class Entry:
    """One act as it was recorded; `index` is its leaf's place in the log."""

    stream: str
    seq: int
    kind: str
    at: datetime
    by: str
    prev: bytes
    body: Mapping[str, Any]
    index: int
    commitment: bytes


@dataclass(frozen=True)
class Line:
    """One place of a stream; `entry` is None where the edition keeps it closed."""

    seq: int
    index: int
    commitment: bytes
    entry: Entry | None


@dataclass(frozen=True)
class Stream:
    """A stream in its order, as one file of the bundle."""

    name: str
    path: str
    lines: tuple[Line, ...]

    def entries(self, *kinds: str) -> list[Entry]:
        """The open entries, of these kinds where any are named."""
        opened = (line.entry for line in self.lines if line.entry is not None)
        return [one for one in opened if not kinds or one.kind in kinds]


def read_stream(bundle: Bundle, path: str, name: str) -> Stream:
    """The stream *name* in the file *path*. Raises BundleBroken, NotCanonical, ValueError."""
    raw = bundle.read(path)
    if raw and not raw.endswith(b"\n"):
        raise BundleBroken(f"{path} ends in the middle of a line")
    return Stream(name, path, tuple(_lines(raw)))


def write_line(*, seq: int, index: int, sealed: bytes, opened: tuple[str, bytes] | None) -> bytes:
    """One line of a stream's file: *opened* is the entry's text and blind, None keeps it closed."""
    if opened is None:
        value: dict[str, Any] = {"seq": seq, "index": index, "commitment": sealed.hex()}
    else:
        value = {"seq": seq, "index": index, "text": opened[0], "blind": opened[1].hex()}
    return jcs.canonical(value) + b"\n"


def _lines(raw: bytes) -> Iterator[Line]:
    for one in raw.split(b"\n")[:-1]:
        value = jcs.parse(one)
        yield _closed(value) if "commitment" in value else _open(value)


def _closed(value: Any) -> Line:
    fields = exact(value, seq=int, index=int, commitment=str)
    sealed = _hex(fields["commitment"])
    if len(sealed) != COMMITMENT_SIZE:
        raise ValueError("a commitment of another size")
    return Line(fields["seq"], fields["index"], sealed, None)


def _open(value: Any) -> Line:
    if not isinstance(value, dict) or value.keys() != {"seq", "index", "text", "blind"}:
        raise ValueError("not a line of a stream")
    if type(value["seq"]) is not int or type(value["index"]) is not int:
        raise ValueError("a place that is no whole number")
    entry = read_entry(value["text"], value["blind"], index=value["index"])
    return Line(value["seq"], entry.index, entry.commitment, entry)


def read_entry(text: str, blind: str, *, index: int) -> Entry:
    """The entry that *text* spells, committed to with *blind* (hex). Raises ValueError, NotCanonical."""
    raw = text.encode()
    fields = jcs.parse(raw)
    if not isinstance(fields, dict) or fields.keys() != _FIELDS.keys():
        raise ValueError("not an entry")
    if any(type(fields[name]) is not kind for name, kind in _FIELDS.items()) or fields["v"] != VERSION:
        raise ValueError("an entry of another form")
    return Entry(
        stream=fields["stream"], seq=fields["seq"], kind=fields["kind"], at=instant(fields["at"]),
        by=fields["by"], prev=_hex(fields["prev"]), body=fields["body"], index=index,
        commitment=commitment(_hex(blind), raw),
    )  # fmt: skip


_FIELDS: dict[str, type] = {
    "v": int, "stream": str, "seq": int, "kind": str, "at": str, "by": str, "prev": str, "body": dict,
}  # fmt: skip


def instant(text: str) -> datetime:
    """The aware instant that *text* spells. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"an instant without its offset: {text[:40]}")
    return at


def _hex(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if raw.hex() != text:
        raise ValueError("not lower-case hex")
    return raw
