"""What stands between tables: the title, grids of facts, notes, boxes to sign in, and the way to check."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.paper.code import draw_code
from web.paper.face import BODY, HEADING, SMALL, STRONG, TINY, TITLE, Face, printable
from web.paper.fonts import REGULAR
from web.paper.sheet import GREY, INK, SHADE, Sheet

_PAD = 4.5
_SUBTITLE = Face(REGULAR, 9.5)
_CODE = 74.0
_STAMP = (196, 60)  # width and height
_HEX_GROUP = 8


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and what it says; a `wide` one takes the whole line."""

    zh: str
    en: str
    value: str
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place to sign: whose it is, who signed and when; empty while nobody has."""

    zh: str
    en: str
    name: str = ""
    at: str = ""


def title(sheet: Sheet, zh: str, en: str, *, above: str = "") -> None:
    """The document's name, centred, below the name of who keeps it."""
    middle = (sheet.left + sheet.right) / 2
    if above:
        sheet.put(middle, sheet.y - SMALL.size, printable(above), SMALL, colour=GREY, align="centre")
        sheet.y -= SMALL.leading + 4
    sheet.put(middle, sheet.y - TITLE.size * 0.95, zh, TITLE, align="centre")
    sheet.y -= TITLE.leading
    sheet.put(middle, sheet.y - _SUBTITLE.size * 0.8, en, _SUBTITLE, colour=GREY, align="centre")
    sheet.y -= _SUBTITLE.leading + 8


def heading(sheet: Sheet, zh: str, en: str, *, keep: float = 110) -> None:
    """The name of a part; it never stands alone at the end of a page."""
    sheet.need(keep + HEADING.leading)
    sheet.y -= 8
    base = sheet.y - HEADING.size
    sheet.put(sheet.left, base, zh, HEADING)
    sheet.put(sheet.left + HEADING.width(zh) + 8, base, en, TINY, colour=GREY)
    sheet.y -= HEADING.leading + 2


def facts(sheet: Sheet, given: Sequence[Fact], *, label: float = 92) -> None:
    """A grid of labels and values, two pairs to a line."""
    for line in _pairs(given):
        _fact_line(sheet, line, label)
    sheet.y -= 6


def _pairs(given: Sequence[Fact]) -> list[list[Fact]]:
    lines: list[list[Fact]] = []
    for fact in given:
        if fact.wide or not lines or lines[-1][0].wide or len(lines[-1]) > 1:
            lines.append([fact])
        else:
            lines[-1].append(fact)
    return lines


def _fact_line(sheet: Sheet, line: list[Fact], label: float) -> None:
    # A line with one fact is one wide cell, whether it was asked to be or has no companion.
    span = sheet.across / len(line)
    cells = [BODY.lines(fact.value, span - label - 2 * _PAD) for fact in line]
    height = 5 + max(STRONG.leading + TINY.leading, *(len(cell) * BODY.leading for cell in cells))
    sheet.need(height)
    top, bottom = sheet.y, sheet.y - height
    edges = [(sheet.left, top, sheet.right, top), (sheet.left, bottom, sheet.right, bottom)]
    for number, (fact, cell) in enumerate(zip(line, cells, strict=True)):
        left = sheet.left + number * span
        sheet.fill(left, bottom, label, height, SHADE)
        _label(sheet, fact, left + _PAD, (top + bottom) / 2)
        _value(sheet, cell, left + label + _PAD, (top + bottom) / 2)
        edges += [(left, top, left, bottom), (left + label, top, left + label, bottom)]
    sheet.rules([*edges, (sheet.right, top, sheet.right, bottom)])
    sheet.y = bottom


def _label(sheet: Sheet, fact: Fact, x: float, middle: float) -> None:
    sheet.put(x, middle + 0.5, fact.zh, STRONG)
    sheet.put(x, middle - TINY.leading + 0.5, fact.en, TINY, colour=GREY)


def _value(sheet: Sheet, cell: Sequence[str], x: float, middle: float) -> None:
    y = middle + len(cell) * BODY.leading / 2 - BODY.size * 1.06
    for line in cell:
        sheet.put(x, y, line, BODY)
        y -= BODY.leading


def paragraph(sheet: Sheet, text: str, face: Face = BODY, *, grey: bool = False) -> None:
    """Running text over the whole width, going on over pages."""
    for line in face.lines(text, sheet.across):
        sheet.need(face.leading)
        sheet.put(sheet.left, sheet.y - face.size, line, face, colour=GREY if grey else INK)
        sheet.y -= face.leading
    sheet.y -= 3


def boxes(sheet: Sheet, given: Sequence[Box], *, height: float = 62) -> None:
    """Places to sign, side by side."""
    sheet.need(height)
    span, top = sheet.across / len(given), sheet.y
    lines = [(sheet.left, top, sheet.right, top), (sheet.left, top - height, sheet.right, top - height)]
    for number, box in enumerate(given):
        left = sheet.left + number * span
        _box(sheet, box, left + _PAD, span - 2 * _PAD, top)
        lines.append((left, top, left, top - height))
    sheet.rules([*lines, (sheet.right, top, sheet.right, top - height)])
    sheet.y -= height + 6


def _box(sheet: Sheet, box: Box, x: float, width: float, top: float) -> None:
    sheet.put(x, top - 13, box.zh, STRONG)
    sheet.put(x, top - 13 - TINY.leading, box.en, TINY, colour=GREY)
    shown = BODY.lines(box.name, width)[0] if box.name else "（待签 not yet signed）"
    sheet.put(x, top - 38, shown, BODY if box.name else SMALL, colour=INK if box.name else GREY)
    if box.at:
        sheet.put(x, top - 52, f"电子签名 e-signed {box.at}", TINY, colour=GREY)


@dataclass(frozen=True, kw_only=True)
class Check:
    """How a reader checks the page: an address, and the fingerprints it must agree with."""

    url: str
    hints: tuple[str, ...]
    hashes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Printed:
    """A finished document, and the place that was left for the platform's visible signature.

    `box` is left, bottom, right, top in points on the page numbered `page` from 0 on.
    """

    pdf: bytes
    page: int
    box: tuple[int, int, int, int]


def close(sheet: Sheet, given: Check) -> Printed:
    """End with a matrix code, the address and the fingerprints in groups of eight, and room for a stamp."""
    width = sheet.across - _CODE - 28 - _STAMP[0]
    text = [(SMALL, line) for hint in given.hints for line in SMALL.lines(hint, width)]
    for name, value in given.hashes:
        text += [(TINY, line) for line in TINY.lines(f"{name}  {_grouped(value)}", width)]
    text += [(TINY, line) for line in TINY.lines(given.url, width)]
    height = max(_CODE, sum(face.leading for face, _ in text)) + 6
    sheet.need(height)
    _code_and_text(sheet, given.url, text)
    left, top = round(sheet.right) - _STAMP[0], round(sheet.y) - 6
    return Printed(*sheet.pdf_at_page(), (left, top - _STAMP[1], left + _STAMP[0], top))


def _code_and_text(sheet: Sheet, url: str, text: list[tuple[Face, str]]) -> None:
    draw_code(sheet, url, sheet.left, sheet.y - _CODE, _CODE)
    y = sheet.y - 2
    for face, line in text:
        sheet.put(sheet.left + _CODE + 14, y - face.size, line, face, colour=INK if face is SMALL else GREY)
        y -= face.leading


def _grouped(value: str) -> str:
    return " ".join(value[i : i + _HEX_GROUP] for i in range(0, len(value), _HEX_GROUP))
