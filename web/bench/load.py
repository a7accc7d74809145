"""A small HTTP client that keeps connections busy, or keeps a pace, and believes nothing but 2xx."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_HEAD_END = b"\r\n\r\n"


@dataclass
class Load:
    """What came of it: answers, and how long each took in seconds."""

    seconds: float
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.took) / self.seconds


async def press(
    port: int, path: str, headers: Mapping[str, str], *, seconds: float, connections: int = 32,
    rate: float | None = None,
) -> Load:  # fmt: skip
    """Ask for *path* for *seconds* over *connections*; with *rate*, no more than so many a second in all.

    A late answer is measured from when it should have been asked, so that a stall is not forgotten.
    Raises RuntimeError at the first answer that is not 2xx.
    """
    request = _request(port, path, headers)
    load = Load(seconds)
    start = time.perf_counter() + 0.05
    step = connections / rate if rate else 0.0
    ways = (
        _one(port, request, start + number * step / connections, start + seconds, step, load)
        for number in range(connections)
    )
    await asyncio.gather(*ways)
    return load


def _request(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _HEAD_END


async def _one(port: int, request: bytes, due: float, until: float, step: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request)
            await _answer(reader)
            now = time.perf_counter()
            load.took.append(now - due)
            due = due + step if step else now
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(_HEAD_END)
    status = head.split(b" ", 2)[1]
    length = next(
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    body = await reader.readexactly(length)
    if not status.startswith(b"2"):
        raise RuntimeError(f"answered {status.decode()}: {body[:200]!r}")
