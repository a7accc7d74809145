"""The table on the terminal: ours, theirs, the ratio, the goal and the verdict."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from web.bench.figures import Absent, Figure, Line, Verdict, shortfalls

_STYLES = {Verdict.EXCELLENT: "green", Verdict.ACCEPTABLE: "yellow", Verdict.SHORT: "bold red"}
_COLUMNS = ("row", "what", "ours", "theirs", "unit", "beside", "ratio", "goal", "verdict")
_NUMBERS = {"ours", "theirs", "ratio"}


def show(lines: Sequence[Line], console: Console | None = None) -> None:
    """Print the table and, below it, which goals are missed."""
    console = console or Console(width=None if os.isatty(1) else 150)
    table = Table(title="启封 Qifeng benchmarks", caption=_caption())
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name in _NUMBERS else "left", no_wrap=name != "what")
    for line in lines:
        table.add_row(*_cells(line), style=_style(line))
    console.print(table)
    for line in shortfalls(lines):
        console.print(f"short: {line.row} {line.what}: {line.ratio:.2f}, the goal is {line.bar}")


def machine() -> dict[str, Any]:
    """The class of machine a run was made on: never its name."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def _caption() -> str:
    told = machine()
    return f"{told['at']} · {told['cpus']} × {told['processor']} · {told['system']} · load {told['load']}"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _cells(line: Line) -> tuple[str, ...]:
    if isinstance(line, Absent):
        return line.row, f"{line.what}: {line.why}", *[""] * 6, "absent"
    return (
        line.row, line.what, number(line.ours), number(line.theirs), line.unit, line.peer,
        f"{line.ratio:.2f}", str(line.bar or ""), line.verdict.value,
    )  # fmt: skip


def _style(line: Line) -> str | None:
    return _STYLES.get(line.verdict) if isinstance(line, Figure) else "dim"


def number(value: float) -> str:
    """Three figures that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
