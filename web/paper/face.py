"""A font at a size: how wide a text is, and where it breaks."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from web.paper.fonts import BOLD, REGULAR, font

_NOT_FIRST = frozenset("，。、；：！？）》」』】〕”’％…·,.;:!?)]}%")
_NOT_LAST = frozenset("（《「『〔【“‘([{")
_LEADING = 1.42
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True)
class Face:
    """One weight at one size in points."""

    name: str
    size: float

    @property
    def leading(self) -> float:
        """From one line to the next, in points."""
        return self.size * _LEADING

    @cached_property
    def _widths(self) -> dict[int, float]:
        face = font(self.name).face
        return {code: width * self.size / 1000 for code, width in face.charWidths.items()}

    def width(self, text: str) -> float:
        """The width of *text*, all of whose characters the font has, in points."""
        widths = self._widths
        return sum([widths[ord(char)] for char in text])

    def lines(self, text: str, width: float) -> tuple[str, ...]:
        """*text* in lines no wider than *width* points.

        A word breaks only where it is wider than a line; closing punctuation begins none, opening ends none.
        """
        return _lines(self, text, width)


@lru_cache(maxsize=4096)
def _lines(face: Face, text: str, width: float) -> tuple[str, ...]:
    shown = printable(text)
    if "\n" not in shown and face.width(shown) <= width:
        return (shown,)
    return tuple(line for part in shown.split("\n") for line in _broken(face, part, width))


def _broken(face: Face, text: str, width: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for piece in _pieces(face, text, width):
        wide = face.width(piece)
        if used + wide > width and line:
            kept = line.rstrip(" ")
            piece = piece.lstrip(" ")  # noqa: PLW2901 -- a line begins without its space
            if len(kept) > 1 and (piece[:1] in _NOT_FIRST or kept[-1] in _NOT_LAST):
                piece, kept = kept[-1] + piece, kept[:-1]  # noqa: PLW2901 -- takes a companion along
            lines.append(kept)
            line, used, wide = "", 0.0, face.width(piece)
        line, used = line + piece, used + wide
    return [*lines, line]


def _pieces(face: Face, text: str, width: float) -> list[str]:
    """What may not be parted: a Latin word, or one other character."""
    pieces: list[str] = []
    for char in text:
        is_letter = char.isascii() and char != " "
        goes_on = is_letter and pieces and pieces[-1].isascii() and pieces[-1] != " "
        if goes_on and face.width(pieces[-1] + char) <= width:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """*text* with nothing hidden in it: what the font cannot show stands as its code, `[U+202E]`."""
    known = font(REGULAR).face.charToGlyph
    return "".join(char if ord(char) in known and _shows(char) else _instead(char) for char in text)


def _shows(char: str) -> bool:
    return unicodedata.category(char) not in _UNPRINTABLE


def _instead(char: str) -> str:
    if char in "\n\t\u00a0\u3000":
        return "\n" if char == "\n" else " "
    return "" if char == "\r" else f"[U+{ord(char):04X}]"


BODY, SMALL, TINY = Face(REGULAR, 9), Face(REGULAR, 7.5), Face(REGULAR, 6.2)
STRONG, HEADING, TITLE = Face(BOLD, 9), Face(BOLD, 11), Face(BOLD, 20)
