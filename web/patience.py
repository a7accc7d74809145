"""How long a connection may take: a deadline for headers, and a cap on connections from one address.

aiohttp waits for half a header for ever; two thousand such sockets are a cheap way to stop an opening.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from web.refusals import BodyTooLarge, TooSlow
from web.settings import Server


class Patience:
    """The limits of one listening process, and who holds how many connections now."""

    def __init__(self, server: Server) -> None:
        self.seconds = server.header_seconds
        self.most = server.connections_per_address
        self.proxies = frozenset(server.proxies)
        self.held: Counter[str] = Counter()


class GuardedHandler(RequestHandler):
    """aiohttp's connection with a clock for headers that do not come."""

    def __init__(self, *arguments: Any, patience: Patience, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._patience = patience
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else ""
        self._patience.held[self._address] += 1
        if self._holds_too_many():
            self._cut()
            return
        self._wind()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._has_headers():
            self._stop()
        elif self._timer is None:
            self._wind()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop()
        self._patience.held[self._address] -= 1
        if self._patience.held[self._address] <= 0:
            del self._patience.held[self._address]
        super().connection_lost(exc)

    def _holds_too_many(self) -> bool:
        is_proxy = self._address in self._patience.proxies or not self._address
        return not is_proxy and self._patience.held[self._address] > self._patience.most

    def _has_headers(self) -> bool:
        return bool(self._messages) or self._current_request is not None

    def _wind(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._patience.seconds, self._ring)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        if not self._has_headers():
            self._cut()

    def _cut(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class GuardedServer(web.Server):
    """Makes guarded connections."""

    patience: Patience

    def __call__(self) -> GuardedHandler:
        return GuardedHandler(self, loop=self._loop, patience=self.patience, **self._kwargs)


class GuardedRunner(web.AppRunner):
    """The runner of an application behind a guarded server."""

    def __init__(self, app: web.Application, server: Server, **named: Any) -> None:
        super().__init__(app, **named)
        self._patience = Patience(server)

    async def _make_server(self) -> GuardedServer:
        made = await super()._make_server()
        made.__class__ = GuardedServer
        made.patience = self._patience  # type: ignore[attr-defined]
        return made  # type: ignore[return-value]


async def patient_body(request: web.Request, *, limit: int, idle_seconds: int) -> AsyncIterator[bytes]:
    """The body in pieces as they come, for raw endpoints. Raises BodyTooLarge and, after a pause, TooSlow."""
    size, pieces = 0, request.content.iter_any().__aiter__()
    while True:
        try:
            async with asyncio.timeout(idle_seconds):
                piece = await anext(pieces, b"")
        except TimeoutError:
            raise TooSlow(seconds=idle_seconds) from None
        if not piece:
            return
        size += len(piece)
        if size > limit:
            raise BodyTooLarge(limit=limit)
        yield piece
