"""The parent: starts a child for one file, ends it at its limit, and names its death."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
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
    child = await asyncio.create_subprocess_exec(
        *_COMMAND, str(path), json.dumps(asdict(limits)),
        stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, cwd="/", start_new_session=True,
    )  # fmt: skip
    said, cause = bytearray(), None
    try:
        cause = await asyncio.wait_for(_listen(child, said), limits.wall)
    except TimeoutError:
        cause = "time"
    finally:
        await _end(child)
    return _judgement(bytes(said), cause or _death(child.returncode), first)


def _first_sight(path: Path) -> Judgement:
    with path.open("rb") as src:
        return Judgement(kind_of(src.read(HEAD)))


async def _listen(child: Process, said: bytearray) -> str | None:
    """Take in what the child says until it ends; "noise" where it says too much."""
    while batch := await child.stdout.read(_SAID_AT_MOST):  # type: ignore[union-attr] # it is a pipe
        said += batch
        if len(said) > _SAID_AT_MOST:
            return "noise"
    await child.wait()
    return None


async def _end(child: Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    await child.wait()


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
