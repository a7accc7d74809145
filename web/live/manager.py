"""Who is in which room, and how one message reaches all of a room."""

import asyncio
from typing import Any

import socketio
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from socketio.packet import EVENT, Packet

from web.live.frames import is_keeping_up, text_frame


class DirectManager(socketio.AsyncManager):
    """Encodes once and writes once for each listener; no task, no timer, no unbounded queue."""

    backlog = 256

    async def close(self) -> None:
        """Nothing to let go: everything is in this process."""

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str | None = None,
        room: str | None = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Send to everyone in *room*. Messages that ask for an answer take the library's own way."""
        if callback is not None or skip_sid:
            await super().emit(event, data, namespace or "/", room, skip_sid, callback, to, **kwargs)
            return
        packet = Packet(EVENT, namespace=namespace or "/", data=[event, data])
        message = EnginePacket(MESSAGE, packet.encode())
        frame = text_frame(message.encode())
        for _, eio_sid in self.get_participants(namespace or "/", to or room):
            self._deliver(eio_sid, message, frame)

    def _deliver(self, eio_sid: str, message: EnginePacket, frame: bytes) -> None:
        server: Any = self.server
        socket = server.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            return
        if is_keeping_up(socket):
            socket.wire.write(frame)
        elif socket.queue.qsize() < self.backlog:
            socket.queue.put_nowait(message)
        else:
            socket.wire.drop()


class BusManager(socketio.AsyncRedisManager, DirectManager):
    """The same, and other replicas' listeners are reached over Valkey, which is a doorbell and may lose."""

    thread: "asyncio.Task[None] | None" = None

    async def close(self) -> None:
        """Stop listening to the bus, and let its connection go."""
        if self.thread is not None:
            self.thread.cancel()
            await asyncio.gather(self.thread, return_exceptions=True)
        if self.redis is not None:
            await self.redis.aclose()


def manager(*, bus: str, channel: str, backlog: int) -> DirectManager:
    """The manager of one process, or of several that share the bus at the URL *bus*."""
    made = (
        BusManager(bus, channel=channel, redis_options={"socket_connect_timeout": 2})
        if bus
        else DirectManager()
    )
    made.backlog = backlog
    return made
