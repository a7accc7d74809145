"""strace as a witness and as a saboteur: what a process asked of the kernel, and which of it fails."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SEEN = "fsync,fdatasync,rename,renameat,renameat2,pwrite64,write,writev,sendto,sendmsg"
_LINE = re.compile(r"(?:\[pid +)?(\d+)\]? +(.*)")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")


@dataclass(frozen=True)
class Call:
    """One call: its text as strace prints it, when it was made and when it was done (line numbers)."""

    text: str
    made: int
    done: int

    @property
    def name(self) -> str:
        return self.text.partition("(")[0]

    @property
    def is_good(self) -> bool:
        return " = -1 " not in self.text


def calls_in(trace: str) -> list[Call]:
    """The calls of *trace*, in the order in which they were made; interrupted lines are put together."""
    found: list[Call] = []
    waiting: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(trace.splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        pid, text = match.groups()
        if text.endswith("<unfinished ...>"):
            waiting[pid] = number, text.removesuffix("<unfinished ...>").rstrip()
        elif resumed := _RESUMED.match(text):
            made, begun = waiting.pop(pid, (number, f"{resumed[1]}("))
            found.append(Call(begun + resumed[2], made, number))
        elif "(" in text:
            found.append(Call(text, number, number))
    return sorted(found, key=lambda call: call.made)


def first(calls: Sequence[Call], names: str, *words: str, after: int = -1) -> Call:
    """The first good call of one of *names* with all *words* in it that was made after line *after*.

    AssertionError where there is none.
    """
    for call in calls:
        fits = call.name in names.split("|") and all(word in call.text for word in words)
        if fits and call.is_good and call.made > after:
            return call
    raise AssertionError(f"no {names} with {words} after line {after}")


def require_strace() -> None:
    """Skip where strace is absent or may not trace."""
    path = shutil.which("strace")
    if path is None:
        pytest.skip("no strace here")
    tried = subprocess.run([path, "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("strace may not trace here")


def witness(trace: Path) -> list[str]:
    """The words that stand before a command so that *trace* tells what it asked of the kernel."""
    return ["strace", "-f", "-y", "-s", "48", "-e", f"trace={SEEN}", "-e", "signal=none", "-o", str(trace)]


@contextmanager
def failing(pid: int, name: str, error: str) -> Iterator[None]:
    """As long as this lasts, each call of *name* by the process *pid* fails with *error*."""
    saboteur = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), "-o", "/dev/null", "-e", f"trace={name}",
         "-e", f"inject={name}:error={error}"],
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _wait_attached(pid, saboteur)
        yield
    finally:
        saboteur.send_signal(signal.SIGINT)
        saboteur.wait(30)
        assert saboteur.stderr is not None
        saboteur.stderr.close()


def _wait_attached(pid: int, saboteur: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if saboteur.poll() is not None:
            assert saboteur.stderr is not None
            pytest.skip(f"strace may not attach here: {saboteur.stderr.read().decode()[:200]}")
        if all(_tracer(task) for task in Path(f"/proc/{pid}/task").iterdir()):
            return
        time.sleep(0.02)
    sys.exit("strace does not attach")


def _tracer(task: Path) -> int:
    for line in (task / "status").read_text().splitlines():
        if line.startswith("TracerPid:"):
            return int(line.split()[1])
    return 0
