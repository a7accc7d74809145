"""The last stretch to a listener: one frame made once, written straight to its transport.

Stock python-socketio makes a task, a queue entry and a timer for each recipient of each message. Here the
frame is built once and written where nothing waits before it; otherwise it joins the listener's queue,
which is bounded: who lags too far is disconnected and catches up by `seq` when it returns.
"""

import asyncio
from typing import Any

from aiohttp.web import WebSocketResponse
from engineio.async_drivers.aiohttp import WebSocket

from web.metrics import DROPPED

# Below this many unsent bytes a transport is keeping up (asyncio's own high water is 64 KiB).
KEEPING_UP = 32 * 1024
_TEXT_FRAME = 0x81
_SHORT, _MEDIUM = 126, 1 << 16


def text_frame(text: str) -> bytes:
    """A whole, unmasked WebSocket text frame (RFC 6455 §5.2), as servers send it."""
    payload = text.encode()
    size = len(payload)
    if size < _SHORT:
        return bytes((_TEXT_FRAME, size)) + payload
    if size < _MEDIUM:
        return bytes((_TEXT_FRAME, 126)) + size.to_bytes(2) + payload
    return bytes((_TEXT_FRAME, 127)) + size.to_bytes(8) + payload


class PlainWebSocket(WebSocket):
    """engine.io's socket without deflate (a third of the memory) and with a way past its queue."""

    async def __call__(self, environ: dict[str, Any]) -> WebSocketResponse:
        request = environ["aiohttp.request"]
        self._sock = WebSocketResponse(max_msg_size=self.server.max_http_buffer_size, compress=False)
        await self._sock.prepare(request)
        self.environ = environ
        self.transport: asyncio.Transport | None = request.transport
        self.sending = 0
        self.handler.__self__.wire = self
        await self.handler(self)
        return self._sock

    async def send(self, message: str | bytes) -> None:
        self.sending += 1
        try:
            await super().send(message)
        finally:
            self.sending -= 1

    def write(self, frame: bytes) -> None:
        """Put the frame on the wire now."""
        if self.transport is not None:
            self.transport.write(frame)

    def drop(self) -> None:
        """Cut the connection without asking; the reader's loop ends by itself."""
        DROPPED.inc()
        if self.transport is not None:
            self.transport.abort()


def is_keeping_up(socket: Any) -> bool:
    """Whether a frame written now would overtake nothing that was sent to *socket* before."""
    wire: PlainWebSocket | None = getattr(socket, "wire", None)
    if wire is None or wire.sending or wire.transport is None or wire.transport.is_closing():
        return False
    # Counts what the writer's task has taken from the queue but not yet begun to send, too.
    if socket.queue._unfinished_tasks:  # noqa: SLF001 -- the only sign of it
        return False
    return wire.transport.get_write_buffer_size() < KEEPING_UP
