"""The parent: starts a child for one file, ends it at its limit, and names its death."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from weakref import WeakKeyDictionary

from web.inspection.judgement import UNSAFE, Judgement
from web.inspection.kinds import HEAD, kind_of
from web.inspection.limits import Limits

AT_ONCE = 2
_SAID_AT_MOST = 64 * 1024
_ROOT = Path(__file__).parent.parent.parent
_COMMAND = (sys.executable, "-P", "-s", "-m", "web.inspection.worker")
# A new environment: no secret of the server's reaches a child that reads strangers' files.
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

_DEATHS = {
    signal.SIGXCPU: "cpu",
    signal.SIGKILL: "killed",
    signal.SIGABRT: "aborted",
    signal.SIGTRAP: "aborted",
    signal.SIGILL: "aborted",
    signal.SIGSEGV: "crashed",
    signal.SIGBUS: "crashed",
    signal.SIGXFSZ: "wrote",
}


async def inspect(path: Path, limits: Limits | None = None) -> Judgement:
    """Judge the file at *path* in a child process; at most `AT_ONCE` of them live at a time.

    Never raises for what the file is: a child that dies, hangs or talks nonsense gives the finding
    `file-unsafe:<reason>` (cpu, time, memory, aborted, crashed, killed, wrote, failed, noise), beside what
    it had found out by then. Raises OSError where the file cannot be read or no child can be started.
    """
    most = limits or Limits()
    async with _gate():
        return await _inspect(path, most)


def _gate() -> asyncio.Semaphore:
    return _GATES.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def _inspect(path: Path, limits: Limits) -> Judgement:
    first = await asyncio.to_thread(_first_sight, path)
    reading, writing = os.pipe()
    try:
        child = await _start(path, limits, writing)
        cause = await _ended(child, limits.wall)
        return _judgement(_said(reading), cause or _death(child.returncode), first)
    finally:
        os.close(reading)


def _first_sight(path: Path) -> Judgement:
    with path.open("rb") as src:
        return Judgement(kind_of(src.read(HEAD)))


async def _start(path: Path, limits: Limits, writing: int) -> Process:
    arguments = (str(path), json.dumps(asdict(limits)))
    try:
        return await asyncio.create_subprocess_exec(
            *_COMMAND, *arguments, stdin=DEVNULL, stdout=writing, stderr=DEVNULL, env=_ENVIRONMENT, cwd="/",
            start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(writing)


async def _ended(child: Process, seconds: float) -> str | None:
    """Wait for the end of the child, or bring it about; "time" where it took too long."""
    try:
        await asyncio.wait_for(child.wait(), seconds)
    except TimeoutError:
        return "time"
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    return None


def _said(reading: int) -> bytes:
    """What lies in the pipe. Nobody listens while the child lives, so one that says more stands still."""
    os.set_blocking(reading, False)
    with suppress(BlockingIOError):
        return os.read(reading, _SAID_AT_MOST)
    return b""


def _death(code: int | None) -> str | None:
    if code == 0:
        return None
    return _DEATHS.get(signal.Signals(-code), "killed") if code is not None and code < 0 else "failed"


def _judgement(said: bytes, cause: str | None, first: Judgement) -> Judgement:
    """The last whole line that is a judgement, and the name of the death."""
    lines = said.rpartition(b"\n")[0].splitlines()
    try:
        found = Judgement.read(lines[-1]) if lines else first
    except ValueError:
        found, cause = first, cause or "noise"
    if not lines:
        cause = cause or "failed"
    return found.with_finding(f"{UNSAFE}:{cause}") if cause else found
