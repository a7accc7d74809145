"""The visible mark of a signature on a page."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """Lines of text in a frame.

    `box` is left, bottom, right, top in points from the page's lower left corner; `page` counts from 0,
    -1 is the last. `font` is a TrueType file that has every character of `lines` (without one, only
    ASCII can be shown); `font_size` is in points.
    """

    lines: tuple[str, ...]
    box: tuple[int, int, int, int]
    page: int = -1
    font: Path | None = None
    font_size: int = 9
