"""The product as its own process, the way an operator runs it, and what it costs while it is asked."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from web.bench.measure import cpu_of, rss_of

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0


class Server:
    """A running process that listens on `port`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, start_seconds: float) -> None:
        self._process, self.port, self.start_seconds = process, port, start_seconds
        self.start_cpu = self.cpu()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_of(self.pid)

    def rss(self) -> float:
        """MiB held now."""
        return rss_of(self.pid)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    words: Sequence[str],
    port: int,
    *,
    path: str,
    environment: Mapping[str, str],
    log: Path,
    program: str = sys.executable,
) -> Iterator[Server]:
    """Run *program* (Python) with *words* until *path* answers 200 on *port*, and end it afterwards.

    RuntimeError, with the end of its log, where it does not come up.
    """
    started = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            _await_answer(process, f"http://127.0.0.1:{port}{path}", log)
            yield Server(process, port, time.perf_counter() - started)
        finally:
            _end(process)


@contextmanager
def platform(environment: Mapping[str, str], port: int, *, log: Path) -> Iterator[Server]:
    """`python -m web`, serving on *port*."""
    settings = {"QIFENG_SERVER__PORT": str(port), "QIFENG_SERVER__LOG_LEVEL": "WARNING", **environment}
    with serving(["-m", "web"], port, path="/healthz", environment=settings, log=log) as server:
        yield server


def _await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.005)
    raise RuntimeError(f"nothing answers at {url}: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    # The whole group: a tracer would let go of its server and leave it behind.
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
