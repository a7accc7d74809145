"""`python -m web.bench [--full] [--only B2,B4] [--json FILE]`: the table of one run."""

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from web.bench.figures import Absent, Line, shortfalls
from web.bench.scale import Scale
from web.bench.table import machine, show

ROWS = {
    "B1": "b01_upload",
    "B2": "b02_envelope",
    "B3": "b03_ledger",
    "B4": "b04_fanout",
    "B5": "b05_opening",
    "B6": "b06_http",
    "B9": "b09_record",
    "B10": "b10_start",
    "B12": "b12_durable",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the rows asked for and show the table; 1 where a row broke, 0 otherwise, goals met or not."""
    asked = _parser().parse_args(words)
    chosen = [name.strip().upper() for name in asked.only.split(",")] if asked.only else list(ROWS)
    if unknown := [name for name in chosen if name not in ROWS]:
        print(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="qf-bench-", dir=asked.dir) as home:
        lines = list(_lines(chosen, Scale(Path(home), full=asked.full)))
    show(lines)
    if asked.json:
        _write(asked.json, lines, full=asked.full)
    return 1 if any(isinstance(line, Absent) and line.why.startswith("broke:") for line in lines) else 0


def _lines(chosen: Sequence[str], scale: Scale) -> Iterator[Line]:
    """One row that breaks is named as broken and stops no other."""
    for name in chosen:
        started = time.perf_counter()
        try:
            yield from import_module(f"web.bench.{ROWS[name]}").run(scale)
        except Exception as error:  # noqa: BLE001 -- told in the table, with the trace on stderr
            traceback.print_exc()
            yield Absent(row=name, what="the whole row", why=f"broke: {type(error).__name__}: {error}")
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def _write(path: Path, lines: Sequence[Line], *, full: bool) -> None:
    short = [f"{line.row} {line.what}" for line in shortfalls(lines)]
    told = {
        "machine": machine(),
        "full": full,
        "lines": [line.plain() for line in lines],
        "short": short,
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    made.add_argument("--full", action="store_true", help="the sizes of the goals: takes long")
    made.add_argument("--only", default="", help="rows by name, with commas: B2,B4")
    made.add_argument("--json", type=Path, help="write the figures to this file too")
    made.add_argument("--dir", type=Path, help="work below this directory, on the disk to be measured")
    return made


if __name__ == "__main__":
    sys.exit(main())
