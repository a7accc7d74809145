"""A matrix code (QR, ISO/IEC 18004) drawn as boxes, so that it prints sharp at any size."""

import segno

from web.paper.sheet import Sheet

_QUIET = 2  # modules kept white around it on white paper


def draw_code(sheet: Sheet, text: str, x: float, y: float, size: float) -> None:
    """Draw *text* as a square of *size* points with its lower left corner at (x, y)."""
    matrix = segno.make(text, error="m", micro=False).matrix
    step = size / (len(matrix) + 2 * _QUIET)
    left, top = x + _QUIET * step, y + size - _QUIET * step
    sheet.cells(
        [
            (left + start * step, top - (row + 1) * step, length * step, step)
            for row, line in enumerate(matrix)
            for start, length in _runs(bytes(line))
        ]
    )


def _runs(line: bytes) -> list[tuple[int, int]]:
    """Where the dark stretches of a line begin, and how long they are."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(line):
        if is_dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((place, 1))
    return runs
