"""Real files: bidding documents and bids as PDF, and a set of drawings that no compression makes smaller."""

import os
from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from web.paper.fonts import BOLD, REGULAR, font

_TOP, _LEFT, _LINE = 270 * mm, 25 * mm, 9 * mm
_PER_PAGE = 24
_WIDTH, _HEIGHT = 1000, 1000
MEGABYTE = 1 << 20


def write_pdf(path: Path, title: str, lines: Sequence[str]) -> Path:
    """A text document with embedded Chinese fonts. Raises FontsAbsent."""
    font(REGULAR), font(BOLD)
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(title)
    for start in range(0, len(lines), _PER_PAGE):
        _page(canvas, title if start == 0 else "", lines[start : start + _PER_PAGE])
    canvas.save()
    return path


def _page(canvas: Canvas, title: str, lines: Sequence[str]) -> None:
    canvas.setFont(BOLD, 18)
    canvas.drawString(_LEFT, _TOP, title)
    canvas.setFont(REGULAR, 11)
    for number, line in enumerate(lines, 2):
        canvas.drawString(_LEFT, _TOP - number * _LINE, line)
    canvas.showPage()


def write_drawings(path: Path, *, megabytes: int) -> Path:
    """A PDF of scanned drawings of at least *megabytes* MiB, written page by page in constant memory.

    The scans are noise, which neither a compressor nor a deduplicating disk makes any smaller.
    """
    size = _WIDTH * _HEIGHT * 3
    pages = -(-megabytes * MEGABYTE // size)
    with path.open("wb") as out:
        places = [out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")]
        place, offsets = places[0], list[int]()

        def put(*parts: bytes) -> None:
            nonlocal place
            offsets.append(place)
            body = (b"%d 0 obj\n" % len(offsets), *parts, b"\nendobj\n")
            place += sum(out.write(part) for part in body)

        put(b"<< /Type /Catalog /Pages 2 0 R >>")
        kids = b" ".join(b"%d 0 R" % (3 + 3 * page) for page in range(pages))
        put(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids))
        for page in range(pages):
            number = 3 + 3 * page
            put(_PAGE % (number + 1, number + 2))
            put(b"<< /Length %d >>\nstream\n" % len(_SHOW), _SHOW, b"\nendstream")
            put(_IMAGE % (_WIDTH, _HEIGHT, size), os.urandom(size), b"\nendstream")
        _finish(out.write, offsets, place)
    return path


_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Contents %d 0 R"
    b" /Resources << /XObject << /Scan %d 0 R >> >> >>"
)
_SHOW = b"q 842 0 0 842 0 0 cm /Scan Do Q"
_IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
    b" /BitsPerComponent 8 /Length %d >>\nstream\n"
)


def _finish(write: object, offsets: Sequence[int], place: int) -> None:
    table = b"".join(b"%010d 00000 n \n" % one for one in offsets)
    count = len(offsets) + 1
    write(b"xref\n0 %d\n0000000000 65535 f \n" % count + table)  # type: ignore[operator]
    write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, place))  # type: ignore[operator]
