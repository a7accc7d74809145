"""ZIP archives (APPNOTE 6.3): every entry is unpacked to nowhere, counted and compared with its promise."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from web.inspection.inflating import RAW, counted, inflate, unpack_bz2
from web.inspection.judgement import Notes, TooMuch
from web.inspection.kinds import kind_of

_LOCAL = 30  # bytes of a local header before its name
_BATCH = 16 * 1024
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ENCRYPTED = 0x1
_SLIPS = ("/", "\\")
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, EOFError, ValueError)


def inspect_zip(src: BinaryIO, notes: Notes) -> None:
    """Look through the archive *src* and through the archives inside it."""
    try:
        notes.kind = _archive(src, notes, depth=1)
    except TooMuch as stop:
        notes.find(stop.code)


def _archive(src: BinaryIO, notes: Notes, *, depth: int) -> str:
    """What kind of archive it is; its entries are counted in `notes`."""
    try:
        with zipfile.ZipFile(src) as archive:
            entries = archive.infolist()
    except (*_BROKEN, NotImplementedError, UnicodeDecodeError):
        notes.find("zip-damaged")
        return "zip"
    if notes.count("entries", len(entries)) > notes.limits.entries:
        raise TooMuch("zip-too-many-entries")
    notes.count("declared", sum(one.file_size for one in entries))
    _look_at_names(entries, notes)
    _look_for_overlaps(entries, notes)
    for one in entries:
        _entry(src, one, notes, depth=depth)
    names = {one.filename for one in entries}
    return next((kind for name, kind in _OFFICE.items() if name in names), "zip")


def _look_at_names(entries: list[zipfile.ZipInfo], notes: Notes) -> None:
    if len({one.filename for one in entries}) < len(entries):
        notes.find("zip-same-names")
    for one in entries:
        if _slips(one.orig_filename):
            notes.find("zip-slip")
        if stat.S_ISLNK(one.external_attr >> 16):
            notes.find("zip-link")


def _slips(name: str) -> bool:
    """Whether the name leads out of the folder it would be unpacked to, on any system."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(_SLIPS) or ".." in parts or ":" in name or "\0" in name


def _look_for_overlaps(entries: list[zipfile.ZipInfo], notes: Notes) -> None:
    """Entries that share bytes unpack to far more than any ratio tells."""
    end = 0
    for one in sorted(entries, key=lambda one: one.header_offset):
        if one.header_offset < end:
            notes.find("zip-overlap")
        end = max(end, one.header_offset + _LOCAL + one.compress_size)


def _entry(src: BinaryIO, entry: zipfile.ZipInfo, notes: Notes, *, depth: int) -> None:
    if entry.flag_bits & _ENCRYPTED:
        return notes.find("zip-encrypted")
    if entry.is_dir():
        return None
    chunks = _unpacked(_raw(src, entry), entry.compress_type)
    if chunks is None:
        return notes.find("zip-unknown-method")
    try:
        _compare(entry, counted(chunks, notes, prefix="zip"), notes, depth=depth)
    except _BROKEN:
        notes.find("zip-damaged")
    return None


def _raw(src: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The packed bytes of an entry, as its local header places them."""
    src.seek(entry.header_offset)
    head = src.read(_LOCAL)
    if len(head) < _LOCAL or not head.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("no local header")
    name, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    at, left = entry.header_offset + _LOCAL + name + extra, entry.compress_size
    while left:
        src.seek(at)  # an archive inside this one may have moved on
        batch = src.read(min(left, _BATCH))
        if not batch:
            raise zipfile.BadZipFile("the entry ends too early")
        at, left = at + len(batch), left - len(batch)
        yield batch


def _unpacked(raw: Iterator[bytes], method: int) -> Iterator[bytes] | None:
    if method == zipfile.ZIP_STORED:
        return raw
    if method == zipfile.ZIP_DEFLATED:
        return inflate(raw, wbits=RAW)
    return unpack_bz2(raw) if method == zipfile.ZIP_BZIP2 else None


def _compare(entry: zipfile.ZipInfo, chunks: Iterable[bytes], notes: Notes, *, depth: int) -> None:
    size, crc, held = 0, 0, bytearray()
    is_archive: bool | None = None
    for chunk in chunks:
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        is_archive = kind_of(chunk) == "zip" if is_archive is None and chunk else is_archive
        if is_archive and size <= notes.limits.held:
            held += chunk
    if size != entry.file_size:
        notes.find("zip-size-differs")
    elif crc != entry.CRC:
        notes.find("zip-damaged")
    if is_archive:
        _inside(held, size, notes, depth=depth)


def _inside(held: bytearray, size: int, notes: Notes, *, depth: int) -> None:
    """Look into an archive that lies in an archive. A text document is one too, and nothing special."""
    if depth >= notes.limits.depth:
        raise TooMuch("zip-too-deep")
    if size > notes.limits.held:
        return notes.find("zip-nested-unread")
    if _archive(io.BytesIO(held), notes, depth=depth + 1) == "zip":
        notes.find("zip-nested")
    return None
