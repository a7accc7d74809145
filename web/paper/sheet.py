"""Pages of one size: a cursor that goes down, text, lines, and a foot that knows how many pages there are."""

from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from web.paper.face import BODY, SMALL, TINY, Face, printable
from web.paper.fonts import REGULAR, font

INK, GREY, RULE, SHADE = (0.1, 0.12, 0.16), (0.42, 0.45, 0.5), (0.55, 0.58, 0.62), (0.945, 0.955, 0.97)
ACCENT = (0.66, 0.13, 0.13)
MARGIN, FOOT = 42.0, 46.0
Colour = tuple[float, float, float]

vars(rl_config)["useA85"] = 0  # ASCII armour makes files a quarter larger and helps no reader of today


class Sheet:
    """A document being printed. Lengths are points from the lower left corner; `y` is the cursor.

    `running` stands small at the head of every page but the first, `mark` in the foot of every page.
    """

    def __init__(self, *, title: str, running: str, mark: str, wide: bool = False) -> None:
        self.width: float
        self.height: float
        self.width, self.height = landscape(A4) if wide else A4
        self.left, self.right, self.bottom = MARGIN, self.width - MARGIN, FOOT
        self._running, self._mark = printable(running), printable(mark)
        self._out = BytesIO()
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._face: tuple[str, float] | None = None
        self._colour: Colour | None = None
        font(REGULAR)
        self._canvas = _Counted(
            self._out, foot=self._foot, pagesize=(self.width, self.height), invariant=1,
            pageCompression=1, initialFontName=REGULAR, initialFontSize=BODY.size,
        )  # fmt: skip
        self._canvas.setTitle(printable(title))
        self._canvas.setProducer("Qifeng")
        self._canvas.setCreator("Qifeng")
        self._begin(first=True)

    @property
    def across(self) -> float:
        """The width between the margins."""
        return self.right - self.left

    @property
    def room(self) -> float:
        """The height that is left on this page."""
        return self.y - self.bottom

    @property
    def whole_room(self) -> float:
        """The height of an empty page after the first."""
        return self.height - MARGIN - TINY.leading - 6 - self.bottom

    @property
    def page(self) -> int:
        """The number of this page, from 0 on."""
        return int(self._canvas.getPageNumber()) - 1

    def need(self, height: float) -> None:
        """Go on to a new page unless *height* is left on this one."""
        if height > self.room:
            self.turn()

    def turn(self) -> None:
        """End this page and begin the next."""
        self._end()
        self._canvas.showPage()
        self._begin(first=False)

    def put(
        self, x: float, y: float, text: str, face: Face = BODY, *, colour: Colour = INK, align: str = "left"
    ) -> None:
        """Write *text*, which `Face.lines` gave or `printable` passed, on the baseline *y*."""
        if align != "left":
            x -= face.width(text) / (2 if align == "centre" else 1)
        if colour is not self._colour:
            self._text.append(f"{_numbers(colour)} rg")
            self._colour = colour
        self._text.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        for name, codes in self._encoded(face, text):
            if (name, face.size) != self._face:
                self._text.append(f"{name} {face.size} Tf")
                self._face = (name, face.size)
            self._text.append(f"<{codes}> Tj")

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour = SHADE) -> None:
        """A filled box without a frame."""
        self._under.append(f"{_numbers(colour)} rg {_numbers((x, y, width, height))} re f")

    def rules(self, lines: list[tuple[float, float, float, float]], *, width: float = 0.5) -> None:
        """Straight lines (x1, y1, x2, y2)."""
        drawn = " ".join(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l" for x1, y1, x2, y2 in lines)
        self._over.append(f"{width} w {drawn} S")

    def cells(self, boxes: list[tuple[float, float, float, float]]) -> None:
        """Black boxes (x, y, width, height) in one path, as a matrix code needs them."""
        drawn = " ".join(f"{_numbers(box)} re" for box in boxes)
        self._under.append(f"0 0 0 rg {drawn} f")

    def pdf_at_page(self) -> tuple[bytes, int]:
        """The finished document, and the number of its last page from 0 on."""
        last = self.page
        self._end()
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue(), last

    def _begin(self, *, first: bool) -> None:
        self.y = self.height - MARGIN
        self._under: list[str] = []
        self._over = [f"{_numbers(RULE)} RG"]
        self._text: list[str] = ["BT"]
        self._face, self._colour = None, None
        if not first:
            self.put(self.left, self.y, self._running, TINY, colour=GREY)
            self.y -= TINY.leading + 6

    def _end(self) -> None:
        # Shading, lines, text: in this order nothing hides anything.
        self._canvas.addLiteral("\n".join(["q", *self._under, *self._over, *self._text, "ET", "Q"]))

    def _encoded(self, face: Face, text: str) -> list[tuple[str, str]]:
        """The text as strings of one subset font each: the same words come again and again in a table."""
        known = self._known.get((face.name, text))
        if known is None:
            own, document = font(face.name), self._canvas._doc  # noqa: SLF001 -- fonts are subset by document
            known = [
                (own.getSubsetInternalName(subset, document), codes.hex())
                for subset, codes in own.splitString(text, document)
            ]
            self._known[face.name, text] = known
        return known

    def _foot(self, canvas: Any, page: int, pages: int) -> None:
        y = MARGIN - 18
        canvas.setStrokeColorRGB(*RULE)
        canvas.setLineWidth(0.5)
        canvas.line(self.left, y + 11, self.right, y + 11)
        canvas.setFillColorRGB(*GREY)
        canvas.setFont(TINY.name, TINY.size)
        canvas.drawString(self.left, y, self._mark)
        canvas.setFont(SMALL.name, SMALL.size)
        canvas.drawRightString(self.right, y, f"第 {page} 页 共 {pages} 页  ·  Page {page} of {pages}")


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:.3f}" for value in values)


class _Counted(Canvas):
    """Holds pages back until their number is known."""

    def __init__(self, *arguments: Any, foot: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._held: list[dict[str, Any]] = []
        self._draw_foot = foot

    def showPage(self) -> None:  # noqa: N802 -- the library's name
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        held = self._held
        for number, state in enumerate(held, 1):
            self.__dict__.update(state)
            self._draw_foot(self, number, len(held))
            super().showPage()
        super().save()
