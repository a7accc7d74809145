"""A ruled table: cells wrap, long rows go on over the page, and the head stands on every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.paper.face import BODY, STRONG, TINY, Face
from web.paper.sheet import GREY, INK, SHADE, Sheet

PAD_X, PAD_Y = 4.0, 4.5
_MIN_SPLIT = 3  # lines that must fit before a long row is parted
_GOOD_PART = 160.0

Lines = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its titles, its share of the width, and where its text stands."""

    zh: str
    en: str
    share: float
    align: str = "left"
    face: Face = BODY


def draw_table(
    sheet: Sheet, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, empty: str = "（无）"
) -> None:
    """Draw the table from the cursor on; where there is no row, one line says *empty*."""
    table = _Table(sheet, columns)
    for row in rows:
        table.row(row)
    if not table.is_begun:
        table.note(empty)
    table.end()


class _Table:
    """The part of a table that stands on the page at hand."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column]) -> None:
        self._sheet, self._columns = sheet, columns
        whole = sum(column.share for column in columns)
        self._widths = [sheet.across * column.share / whole for column in columns]
        self.is_begun = False
        self._edges = [sheet.left]
        for width in self._widths:
            self._edges.append(self._edges[-1] + width)
        self._head = [
            (STRONG.lines(c.zh, w - 2 * PAD_X), TINY.lines(c.en, w - 2 * PAD_X))
            for c, w in zip(columns, self._widths, strict=True)
        ]
        self._head_height = 2 * PAD_Y + max(
            len(zh) * STRONG.leading + len(en) * TINY.leading for zh, en in self._head
        )

    def row(self, texts: Sequence[str]) -> None:
        cells = [
            column.face.lines(text, width - 2 * PAD_X)
            for column, text, width in zip(self._columns, texts, self._widths, strict=True)
        ]
        self._begin(self._height(cells))
        while self._height(cells) > self._sheet.room:
            cells = self._first_part(cells)
        self._draw(cells)

    def note(self, text: str) -> None:
        sheet = self._sheet
        height = BODY.leading + 2 * PAD_Y
        self._begin(height)
        middle = (sheet.left + sheet.right) / 2
        sheet.put(middle, sheet.y - height / 2 - BODY.size * 0.36, text, BODY, colour=GREY, align="centre")
        self._verticals()
        self._top = sheet.y - height
        self._down(height)
        self._frame()

    def end(self) -> None:
        self._verticals()
        self._sheet.y -= 4

    def _begin(self, first: float) -> None:
        """Draw the head, once, where the first row of that height, or a good part of it, fits below."""
        if not self.is_begun:
            self.is_begun = True
            self._sheet.need(self._head_height + min(first, _GOOD_PART))
            self._open()

    def _open(self) -> None:
        sheet, top = self._sheet, self._sheet.y
        self._top = top
        sheet.fill(sheet.left, top - self._head_height, sheet.across, self._head_height, SHADE)
        sheet.rules([(sheet.left, top, sheet.right, top)], width=1)
        for (zh, en), left, width in zip(self._head, self._edges, self._widths, strict=False):
            self._title(zh, en, left + width / 2)
        self._down(self._head_height)

    def _title(self, zh: Lines, en: Lines, middle: float) -> None:
        used = len(zh) * STRONG.leading + len(en) * TINY.leading
        y = self._sheet.y - (self._head_height - used) / 2
        for line in zh:
            self._sheet.put(middle, y - STRONG.size * 0.95, line, STRONG, align="centre")
            y -= STRONG.leading
        for line in en:
            self._sheet.put(middle, y - TINY.size * 0.9, line, TINY, colour=GREY, align="centre")
            y -= TINY.leading

    def _first_part(self, cells: list[Lines]) -> list[Lines]:
        """Draw what fits of a row that does not, turn the page, and give back the rest."""
        leading = max(column.face.leading for column in self._columns)
        fits = int((self._sheet.room - 2 * PAD_Y) // leading)
        whole = self._sheet.whole_room - self._head_height
        rest = cells
        if self._height(cells) > whole and fits >= _MIN_SPLIT:
            self._draw([cell[:fits] for cell in cells])
            rest = [cell[fits:] for cell in cells]
        self._verticals()
        self._sheet.turn()
        self._open()
        return rest

    def _height(self, cells: list[Lines]) -> float:
        return 2 * PAD_Y + max(
            len(cell) * column.face.leading for cell, column in zip(cells, self._columns, strict=True)
        )

    def _draw(self, cells: list[Lines]) -> None:
        height = self._height(cells)
        for cell, column, left, right in zip(
            cells, self._columns, self._edges, self._edges[1:], strict=False
        ):
            if cell and cell != ("",):
                self._cell(cell, column, left, right, height)
        self._down(height)

    def _cell(self, cell: Lines, column: Column, left: float, right: float, height: float) -> None:
        face, sheet = column.face, self._sheet
        x = {"left": left + PAD_X, "right": right - PAD_X, "centre": (left + right) / 2}[column.align]
        y = sheet.y - (height - len(cell) * face.leading) / 2 - face.size * 1.06
        for line in cell:
            sheet.put(x, y, line, face, colour=INK, align=column.align)
            y -= face.leading

    def _down(self, height: float) -> None:
        sheet = self._sheet
        sheet.y -= height
        sheet.rules([(sheet.left, sheet.y, sheet.right, sheet.y)])

    def _verticals(self) -> None:
        sheet = self._sheet
        sheet.rules([(x, self._top, x, sheet.y) for x in self._edges])

    def _frame(self) -> None:
        sheet = self._sheet
        sheet.rules([(x, self._top, x, sheet.y) for x in (sheet.left, sheet.right)])
