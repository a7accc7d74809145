"""What a row of the benchmark says: a figure, what stands beside it, and whether the goal is met."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How a ratio stands to its bar; TOLD where there is no bar."""

    EXCELLENT = "excellent"
    ACCEPTABLE = "acceptable"
    SHORT = "short"
    TOLD = "told"


@dataclass(frozen=True)
class Bar:
    """The goal for a ratio, and what still passes; `is_floor` where more is better."""

    excellent: float
    acceptable: float
    is_floor: bool = False

    def judge(self, ratio: float) -> Verdict:
        """Where *ratio* stands; standing exactly on a bar reaches it."""
        sign = -1 if self.is_floor else 1
        if sign * ratio <= sign * self.excellent:
            return Verdict.EXCELLENT
        return Verdict.ACCEPTABLE if sign * ratio <= sign * self.acceptable else Verdict.SHORT

    def __str__(self) -> str:
        passes = "" if self.acceptable == self.excellent else f" / {self.acceptable:g}"
        return f"{'≥' if self.is_floor else '≤'} {self.excellent:g}{passes}"


def at_most(excellent: float, acceptable: float | None = None) -> Bar:
    """The ratio may be no more than this."""
    return Bar(excellent, excellent if acceptable is None else acceptable)


def at_least(excellent: float, acceptable: float | None = None) -> Bar:
    """The ratio must reach this."""
    return Bar(excellent, excellent if acceptable is None else acceptable, is_floor=True)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measurement of ours and the *peer*'s of the same run, in the same *unit*."""

    row: str
    what: str
    ours: float
    theirs: float
    unit: str
    peer: str
    bar: Bar | None = None

    @property
    def ratio(self) -> float:
        """Ours divided by theirs."""
        return self.ours / self.theirs if self.theirs else float("inf")

    @property
    def verdict(self) -> Verdict:
        return self.bar.judge(self.ratio) if self.bar else Verdict.TOLD

    def plain(self) -> dict[str, Any]:
        """As JSON says it."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict.value}


@dataclass(frozen=True, kw_only=True)
class Absent:
    """Something that could not be measured here, by name, and why."""

    row: str
    what: str
    why: str

    def plain(self) -> dict[str, Any]:
        """As JSON says it."""
        return {**asdict(self), "verdict": "absent"}


Line = Figure | Absent


def shortfalls(lines: Iterable[Line]) -> list[Figure]:
    """The figures that miss their bar."""
    return [line for line in lines if isinstance(line, Figure) and line.verdict is Verdict.SHORT]
