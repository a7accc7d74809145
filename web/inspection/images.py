"""How many pixels an image claims, from its header alone; nothing is decoded."""

import os
import struct
from typing import BinaryIO

from web.inspection.judgement import Notes

_PNG_END = b"IEND\xaeB`\x82"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_MARKERS = 10_000
_SCAN = 0xDA  # pixels begin, and no frame came before
_PNG_HEAD, _FRAME = 33, 7  # bytes of the signature with IHDR, and of a frame header
_TAIL = 4096  # cameras write a little behind the end


def inspect_png(src: BinaryIO, notes: Notes) -> None:
    """PNG (RFC 2083): IHDR comes first, IEND last."""
    head = src.read(_PNG_HEAD)
    if len(head) < _PNG_HEAD or head[12:16] != b"IHDR":
        return notes.find("image-damaged")
    width, height = struct.unpack(">II", head[16:24])
    _measure(width, height, notes)
    return _look_for_end(src, _PNG_END, notes)


def inspect_jpeg(src: BinaryIO, notes: Notes) -> None:
    """JPEG (ITU-T T.81): the frame header tells the size; an end marker ends it."""
    src.seek(2)
    for _ in range(_MARKERS):
        marker = _next_marker(src)
        if marker is None or marker == _SCAN:
            return notes.find("image-damaged")
        if marker in _FRAMES:
            return _frame(src, notes)
        if marker not in _BARE:
            _skip(src)
    return notes.find("image-damaged")


def _next_marker(src: BinaryIO) -> int | None:
    if src.read(1) != b"\xff":
        return None
    for _ in range(_MARKERS):
        byte = src.read(1)
        if byte != b"\xff":
            return byte[0] if byte else None
    return None


def _skip(src: BinaryIO) -> None:
    length = src.read(2)
    src.seek(max(int.from_bytes(length, "big") - 2, 0), os.SEEK_CUR)


def _frame(src: BinaryIO, notes: Notes) -> None:
    head = src.read(_FRAME)
    if len(head) < _FRAME:
        return notes.find("image-damaged")
    height, width = struct.unpack(">HH", head[3:7])
    _measure(width, height, notes)
    return _look_for_end(src, b"\xff\xd9", notes)


def _look_for_end(src: BinaryIO, ending: bytes, notes: Notes) -> None:
    size = src.seek(0, os.SEEK_END)
    src.seek(max(0, size - _TAIL))
    if ending not in src.read():
        notes.find("image-damaged")


def _measure(width: int, height: int, notes: Notes) -> None:
    notes.facts |= {"width": width, "height": height, "pixels": width * height}
    if width * height > notes.limits.pixels:
        notes.find("image-too-large")
