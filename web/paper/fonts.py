"""The two weights of Noto Sans SC that every page embeds, loaded once, when the first page is printed."""

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from web.refusals import FontsAbsent

HERE = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
_CMAP = "toUnicodeCMap:"
_PER_BLOCK = 100  # of a bfchar block (Adobe Technical Note 5014)


def path(name: str) -> Path:
    """The TrueType file of a weight. Raises FontsAbsent."""
    found = HERE / f"{name}.ttf"
    if not found.is_file():
        raise FontsAbsent
    return found


@cache
def font(name: str) -> "Font":
    """A weight, ready to be drawn with. Raises FontsAbsent."""
    made = Font(name, str(path(name)))
    pdfmetrics.registerFont(made)
    return made


class Font(TTFont):
    """A TrueType font whose rare characters can be searched and copied.

    The library writes a character above U+FFFF into the ToUnicode map as five hex digits; a reader
    expects UTF-16BE (ISO 32000-2 §9.10.3), where it is a pair of surrogates.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 -- the library's name
        subsets = list(self._assignState(doc).subsets)
        super().addObjects(doc)
        maps = [name for name in doc.idToObject if name.startswith(_CMAP) and self._is_own(name)]
        for name, subset in zip(maps, subsets, strict=True):
            doc.idToObject[name].content = to_unicode(name.removeprefix(_CMAP), subset)

    def _is_own(self, name: str) -> bool:
        return name.endswith("+" + self.face.name.decode("ascii"))


def to_unicode(name: str, subset: list[int]) -> str:
    """The ToUnicode CMap of a font of one-byte codes: code *i* stands for the character `subset[i]`."""
    pairs = [f"<{code:02X}> <{_utf16(char)}>" for code, char in enumerate(subset) if char]
    blocks = [pairs[start : start + _PER_BLOCK] for start in range(0, len(pairs), _PER_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{name} def", "/CMapType 2 def",
        "1 begincodespacerange", "<00> <FF>", "endcodespacerange",
    ]  # fmt: skip
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(char: int) -> str:
    return chr(char).encode("utf-16-be").hex().upper()
