"""Measuring beside noisy neighbours: cases take turns, medians count, and CPU is told apart from the wall."""

import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Case = Callable[[], float | None]
"""One turn of a case. What it returns, if anything, is its CPU seconds, spent in a process still alive."""


@dataclass(frozen=True)
class Cost:
    """Seconds by the wall's clock and of CPU, medians over the rounds."""

    wall: float
    cpu: float


def interleave(cases: Mapping[str, Case], *, rounds: int, warm: bool = True) -> dict[str, Cost]:
    """Run every case in turn, *rounds* times over; a first turn is thrown away where *warm*.

    A case removes its own old output when its turn begins, not when it ends: a page given back to the
    machine and fetched again is charged to whoever comes next.
    """
    seen: dict[str, list[Cost]] = {name: [] for name in cases}
    for turn in range(rounds + warm):
        for name, case in cases.items():
            cost = measured(case)
            if turn or not warm:
                seen[name].append(cost)
    return {name: _median(costs) for name, costs in seen.items()}


def measured(case: Case) -> Cost:
    """One turn: our own CPU and that of children who have ended, unless the case says otherwise."""
    wall, cpu = time.perf_counter(), spent()
    told = case()
    return Cost(time.perf_counter() - wall, told if told is not None else spent() - cpu)


def spent() -> float:
    """CPU seconds of this process, all threads, and of every child it has waited for."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + gone.ru_utime + gone.ru_stime


def cpu_of(pid: int) -> float:
    """CPU seconds that a running process has used, all threads. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_of(pid: int) -> float:
    """MiB of memory that a running process holds. Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def percentile(values: list[float], share: float) -> float:
    """The value below which *share* of them lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(one.wall for one in costs), statistics.median(one.cpu for one in costs))
