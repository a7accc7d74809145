"""Where words go: results to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from web.cli.words import MODE

notes = Console(stderr=True, highlight=False, soft_wrap=True)


def show(value: Any, *lines: str) -> None:
    """*value* as JSON for a program, else *lines* for a person."""
    text = json.dumps(value, ensure_ascii=False, indent=2) if MODE.json else "\n".join(lines)
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def note(text: str) -> None:
    """A remark for a person, on standard error."""
    notes.print(text, markup=False)


def facts(pairs: Mapping[str, Any]) -> list[str]:
    """One line for each pair that has a value."""
    return [f"{name}: {value}" for name, value in pairs.items() if value not in {None, ""}]


class Bars:
    """One progress bar for each file, shown on a terminal; use as a context manager, call to advance."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=notes,
            disable=not notes.is_terminal,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def __call__(self, name: str, done: int, size: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=size or None)
        self._progress.update(self._tasks[name], completed=min(done, size) if size else done)
