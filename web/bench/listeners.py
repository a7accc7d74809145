"""Many listeners in one loop: raw WebSocket frames, so that measuring costs less than what is measured."""

import asyncio
import base64
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

_HEAD_END = b"\r\n\r\n"
_SENT = re.compile(rb'"sent":\s*(\d+)')
_SHORT, _MEDIUM = 126, 127
JOIN = '420["join",{"streams":[{"tender_id":"bench","audience":"public","after":0}]}]'


@dataclass
class Crowd:
    """What all listeners heard: how many messages, and how late each was, in seconds."""

    late: list[float] = field(default_factory=list)
    ready: int = 0
    lost: int = 0


class Listener(asyncio.Protocol):
    """One listener. With *socketio* it shakes hands and joins as a browser's library does."""

    def __init__(self, crowd: Crowd, path: str, *, socketio: bool) -> None:
        self._crowd, self._path, self._socketio = crowd, path, socketio
        self._rest, self._open, self._joined = b"", False, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {self._path} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "",
        )  # fmt: skip
        transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self._open:
            head, end, rest = self._rest.partition(_HEAD_END)
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"no upgrade: {head[:100]!r}")
            self._open, self._rest = True, rest
            if not self._socketio:
                self._ready()
        self._frames()

    def connection_lost(self, _error: Exception | None) -> None:
        self._crowd.lost += 1

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _frames(self) -> None:
        at, now, data = 0, time.time_ns(), self._rest
        while len(data) >= at + 2:
            size, start = data[at + 1] & 127, at + 2
            if size == _SHORT:
                size, start = int.from_bytes(data[start : start + 2]), start + 2
            elif size == _MEDIUM:
                size, start = int.from_bytes(data[start : start + 8]), start + 8
            if len(data) < start + size:
                break
            self._heard(data[start : start + size], now)
            at = start + size
        self._rest = data[at:]

    def _heard(self, text: bytes, now: int) -> None:
        if found := _SENT.search(text):
            self._crowd.late.append((now - int(found[1])) / 1e9)
        elif text.startswith(b"0{"):
            self._say("40")
        elif text.startswith(b"40"):
            self._say(JOIN)
        elif text.startswith(b"43") and not self._joined:
            self._joined = True
            if b"problem" in text:
                raise RuntimeError(f"not joined: {text[:300]!r}")
            self._ready()
        elif text == b"2":
            self._say("3")

    def _ready(self) -> None:
        self._crowd.ready += 1

    def _say(self, text: str) -> None:
        payload = text.encode()
        size = bytes((128 | len(payload),)) if len(payload) < _SHORT else b"\xfe" + len(payload).to_bytes(2)
        self._transport.write(b"\x81" + size + bytes(4) + payload)  # a mask of zeroes changes nothing


async def gather(port: int, path: str, count: int, *, socketio: bool) -> tuple[Crowd, list[Listener]]:
    """*count* listeners, connected and joined. RuntimeError where that takes longer than a minute."""
    crowd, loop = Crowd(), asyncio.get_running_loop()
    made = [Listener(crowd, path, socketio=socketio) for _ in range(count)]
    for start in range(0, count, 50):
        part = made[start : start + 50]
        await asyncio.gather(
            *(loop.create_connection(partial(_same, one), "127.0.0.1", port) for one in part)
        )
        await _until(lambda: crowd.ready >= start + len(part), 60)  # noqa: B023 -- awaited in this turn
    return crowd, made


def _same(one: Listener) -> Listener:
    return one


async def heard(crowd: Crowd, wanted: int, *, seconds: float) -> None:
    """Wait until *wanted* messages were heard in all. RuntimeError where any is lost."""
    await _until(lambda: len(crowd.late) >= wanted or crowd.lost > 0, seconds)
    if crowd.lost or len(crowd.late) != wanted:
        raise RuntimeError(f"{len(crowd.late)} of {wanted} messages came, {crowd.lost} listeners were lost")


async def _until(is_so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError("the listeners waited in vain")
        await asyncio.sleep(0.01)


def event(seq: int) -> str:
    """The message of the product, as a bare server of the comparison sends it."""
    body = {"tender_id": "bench", "said": "s" * 60, "sent": time.time_ns()}
    told = {
        "stream": "tender/bench/public", "seq": seq, "kind": "opening.stage-entered",
        "at": "2026-11-23T04:00:00.000000Z", "body": body, "commitment": "00" * 32,
    }  # fmt: skip
    return "42" + json.dumps(["entry", told], separators=(",", ":"))
