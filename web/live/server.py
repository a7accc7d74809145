"""The Socket.IO door: listeners join streams and are told what is committed; commands go over HTTP."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import socketio
import structlog
from aiohttp import web
from pydantic import Field, ValidationError

from bidding.party.roles import NOBODY, Actor
from bidding.refusals import Refusal
from web import wire
from web.binding import defects
from web.forms import Form
from web.limits import address_of
from web.live.feeds import FeedAsk, heads, read, stream_of
from web.live.frames import PlainWebSocket
from web.live.manager import manager
from web.metrics import SOCKETS
from web.problems import problem
from web.refusals import FormDefect, TooOften, Unexpected

if TYPE_CHECKING:
    from web.app import App

PATH = "socket.io"
BUFFER = 64 * 1024
PING = 10
_log = structlog.get_logger(__name__)
_Answer = dict[str, Any]


class Join(Form):
    """The streams to listen to, each with the last `seq` already held."""

    streams: list[FeedAsk] = Field(min_length=1, max_length=64)


@dataclass
class Listener:
    """One connection: its handshake, where it comes from, and what it hears."""

    request: web.Request
    address: str
    actor: Actor = NOBODY
    streams: set[str] = field(default_factory=set)


def answering(handle: Callable[..., Awaitable[_Answer]]) -> Callable[..., Awaitable[_Answer]]:
    """Answer a refusal as `{"problem": …}`, in the same shape as over HTTP."""

    @wraps(handle)
    async def answered(self: "Hall", sid: str, data: Any = None) -> _Answer:
        try:
            return await handle(self, sid, data)
        except Refusal as refusal:
            return {"problem": problem(refusal)}
        except ValidationError as error:
            return {"problem": problem(FormDefect(defects=defects(error, "message")))}
        except Exception:  # noqa: BLE001 -- a listener learns of a fault, never its cause
            _log.exception("fault on a socket")
            return {"problem": problem(Unexpected())}

    return answered


class Hall:
    """All listeners of this replica."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._listeners: dict[str, Listener] = {}
        limits, cluster = app.settings.limits, app.settings.cluster
        self.sio = socketio.AsyncServer(
            async_mode="aiohttp", transports=["websocket"], async_handlers=False, json=wire,
            ping_interval=PING, ping_timeout=PING, max_http_buffer_size=BUFFER,
            logger=_quiet(), engineio_logger=_quiet(),
            cors_allowed_origins=[app.settings.site.origin.rstrip("/")],
            client_manager=manager(
                bus=cluster.bus.get_secret_value(), channel=cluster.channel, backlog=limits.socket_backlog
            ),
        )  # fmt: skip
        self.sio.eio._async = {**self.sio.eio._async, "websocket": PlainWebSocket}  # noqa: SLF001 -- no other switch
        for event in ("connect", "disconnect", "join", "leave", "sync"):
            self.sio.on(event, getattr(self, f"on_{event}"))
        app.publisher.through(self._emit)

    def attach(self, application: web.Application) -> None:
        """Listen under /socket.io/ of *application*, and let everyone go when it shuts down."""
        self.sio.attach(application, PATH)
        application.on_shutdown.append(self.close)

    async def close(self, _application: web.Application | None = None) -> None:
        """Disconnect every listener; they come back to another replica and catch up by `seq`."""
        for sid in list(self._listeners):
            await self.sio.disconnect(sid, ignore_queue=True)
        await self.sio.shutdown()
        await self.sio.manager.close()

    async def tell_heads(self) -> None:
        """Tell each room how far its stream has come, so that a lost last message is noticed."""
        streams = sorted(set().union(*(one.streams for one in self._listeners.values())))
        if not streams:
            return
        async with self._app.db.reading() as session:
            found = await heads(session, streams)
        for stream, last in found.items():
            await self._app.publisher.head(stream, last)

    async def recheck(self) -> None:
        """Let go of whoever is no longer signed in: a session that ended hears nothing more."""
        for sid, one in list(self._listeners.items()):
            if one.actor.person_id and not (await self._identify(one)).person_id:
                await self.sio.disconnect(sid, ignore_queue=True)

    async def on_connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> bool:
        request = environ["aiohttp.request"]
        one = Listener(request, address_of(request, self._app.settings.server.proxies))
        crowd = Counter(other.address for other in self._listeners.values())
        if crowd[one.address] >= self._app.settings.limits.sockets_per_address:
            raise socketio.exceptions.ConnectionRefusedError(TooOften.code)
        one.actor = await self._identify(one)
        self._listeners[sid] = one
        SOCKETS.set(len(self._listeners))
        return True

    async def on_disconnect(self, sid: str, _reason: str = "") -> None:
        self._listeners.pop(sid, None)
        SOCKETS.set(len(self._listeners))

    @answering
    async def on_join(self, sid: str, data: Any) -> _Answer:
        """Enter the rooms first and read second, so that nothing falls between."""
        asks, one = Join.model_validate_json(wire.encode(data)).streams, self._listeners[sid]
        one.actor = await self._identify(one)
        allowed = [(await self._stream(one.actor, ask), ask.after) for ask in asks]
        if (
            len(one.streams | {stream for stream, _ in allowed})
            > self._app.settings.limits.streams_per_socket
        ):
            raise TooOften(retry_after=60)
        for stream, _ in allowed:
            one.streams.add(stream)
            await self.sio.enter_room(sid, stream)
        return {"streams": [await self._read(stream, after) for stream, after in allowed]}

    @answering
    async def on_sync(self, sid: str, data: Any) -> _Answer:
        """What came after `after`, for a listener that noticed a gap."""
        ask, one = FeedAsk.model_validate_json(wire.encode(data)), self._listeners[sid]
        one.actor = await self._identify(one)
        return await self._read(await self._stream(one.actor, ask), ask.after)

    @answering
    async def on_leave(self, sid: str, data: Any) -> _Answer:
        ask, one = FeedAsk.model_validate_json(wire.encode(data)), self._listeners[sid]
        stream = await self._stream(one.actor, ask)
        one.streams.discard(stream)
        await self.sio.leave_room(sid, stream)
        return {"stream": stream}

    async def _identify(self, one: Listener) -> Actor:
        return await self._app.door.identify(one.request, self._app)

    async def _stream(self, actor: Actor, ask: FeedAsk) -> str:
        if actor.person_id:
            roles = await self._app.door.roles_on(self._app, actor, ask.tender_id)
            actor = replace(actor, tender_roles=roles)
        return stream_of(ask, actor)

    async def _read(self, stream: str, after: int) -> _Answer:
        async with self._app.db.reading() as session:
            return (await read(session, stream, after)).model_dump(mode="json")

    async def _emit(self, event: str, data: Any, room: str) -> None:
        # Head ticks are every replica's own; entries ring the bell at the others too.
        await self.sio.emit(event, data, room=room, ignore_queue=event == "head")


def _quiet() -> logging.Logger:
    logger = logging.getLogger("qifeng.socketio")
    logger.setLevel(logging.ERROR)
    return logger
