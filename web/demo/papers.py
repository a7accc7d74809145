"""Real files: bidding documents and bids as PDF, and a set of drawings that no compression makes smaller."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from web.paper.fonts import BOLD, REGULAR, font

_TOP, _LEFT, _LINE = 270 * mm, 25 * mm, 9 * mm
_PER_PAGE = 24
_SIDE = 1000
_SCAN = _SIDE * _SIDE * 3
MEGABYTE = 1 << 20


def write_pdf(path: Path, title: str, lines: Sequence[str]) -> Path:
    """A text document with embedded Chinese fonts. Raises FontsAbsent."""
    font(REGULAR), font(BOLD)
    canvas: Any = Canvas(str(path), pagesize=A4)  # type: ignore[no-untyped-call] # the library has no types
    canvas.setTitle(title)
    for start in range(0, len(lines), _PER_PAGE):
        _page(canvas, title if start == 0 else "", lines[start : start + _PER_PAGE])
    canvas.save()
    return path


def _page(canvas: Any, title: str, lines: Sequence[str]) -> None:
    canvas.setFont(BOLD, 18)
    canvas.drawString(_LEFT, _TOP, title)
    canvas.setFont(REGULAR, 11)
    for number, line in enumerate(lines, 2):
        canvas.drawString(_LEFT, _TOP - number * _LINE, line)
    canvas.showPage()


def write_drawings(path: Path, *, megabytes: int) -> Path:
    """A PDF of scanned drawings of at least *megabytes* MiB, written object by object in constant memory.

    The scans are noise, which neither a compressor nor a deduplicating disk makes any smaller.
    """
    pages = -(-megabytes * MEGABYTE // _SCAN)
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = [_put(out, number, body) for number, body in enumerate(_objects(pages), 1)]
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
        out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(offsets) + 1))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return path


def _put(out: BinaryIO, number: int, body: bytes) -> int:
    """Write one indirect object (ISO 32000-2 §7.3.10); where it begins."""
    place = out.tell()
    out.write(b"%d 0 obj\n" % number)
    out.write(body)
    out.write(b"\nendobj\n")
    return place


def _objects(pages: int) -> Iterator[bytes]:
    """Catalogue, pages, and for each page its leaf, its content and its scan."""
    yield b"<< /Type /Catalog /Pages 2 0 R >>"
    kids = b" ".join(b"%d 0 R" % (3 + 3 * page) for page in range(pages))
    yield b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)
    for page in range(pages):
        number = 3 + 3 * page
        yield _PAGE % (number + 1, number + 2)
        yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_SHOW), _SHOW)
        yield _IMAGE % (_SIDE, _SIDE, _SCAN, os.urandom(_SCAN))


_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Contents %d 0 R"
    b" /Resources << /XObject << /Scan %d 0 R >> >> >>"
)
_SHOW = b"q 842 0 0 842 0 0 cm /Scan Do Q"
_IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
    b" /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream"
)
