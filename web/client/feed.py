"""Following streams live: each heard whole and in order, over a socket or, while there is none, by asking."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from web import wire
from web.client.answers import ClientError, Refused, Unreachable
from web.client.calls import Client

_POLL, _LONGEST = 1.0, 15.0
_ANSWER_SECONDS = 20


@dataclass(frozen=True)
class Heard:
    """One entry of a stream. `seq` counts 1, 2, 3 … without a gap."""

    stream: str
    seq: int
    kind: str
    at: str
    body: dict[str, Any]
    commitment: str


@dataclass
class Listening:
    """One followed stream: `last` is the seq that was handed on, `told` the highest known to exist."""

    tender_id: str
    audience: str
    last: int = 0
    told: int = 0
    stream: str = ""
    hand_on: Callable[[Heard], None] = field(default=lambda _: None, repr=False)

    @property
    def ask(self) -> dict[str, Any]:
        """What the platform is asked for, over either way."""
        return {"tender_id": self.tender_id, "audience": self.audience, "after": self.last}

    @property
    def is_behind(self) -> bool:
        return self.last < self.told

    def hear(self, entry: Mapping[str, Any]) -> None:
        """Hand the next entry on; drop what was heard before, note what came too early."""
        seq = int(entry["seq"])
        self.told = max(self.told, seq)
        if seq == self.last + 1:
            self.last = seq
            self.hand_on(Heard(**{name: entry[name] for name in Heard.__dataclass_fields__}))

    def take(self, answer: Mapping[str, Any]) -> None:
        """Take the answer to `join`, `sync` or a poll."""
        self.stream = str(answer["stream"])
        self.told = max(self.told, int(answer["last_seq"]))
        for entry in answer["entries"]:
            self.hear(entry)


class Feed:
    """The entries of *streams*, (tender id, audience) each, from after the seq of *after* on.

    Use as an asynchronous context manager and iterate; `seen` tells how far each stream was handed on.
    Iterating raises Refused where a stream is not the caller's to hear.
    """

    def __init__(
        self,
        client: Client,
        streams: Iterable[tuple[str, str]],
        *,
        after: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self._client = client
        self._heard: asyncio.Queue[Heard | Exception] = asyncio.Queue()
        self._streams = [
            Listening(
                tender, audience, (after or {}).get((tender, audience), 0), hand_on=self._heard.put_nowait
            )
            for tender, audience in streams
        ]
        self._gap = asyncio.Event()
        self._early: list[dict[str, Any]] = []
        self._task: asyncio.Task[None] | None = None
        self.is_live = False
        """Whether the socket stands; while it does not, the feed is polled."""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def __aiter__(self) -> AsyncIterator[Heard]:
        while True:
            yield await self.next()

    async def next(self) -> Heard:
        """The next entry of any of the streams."""
        found = await self._heard.get()
        if isinstance(found, Exception):
            raise found
        return found

    async def until(self, holds: Callable[[Heard], bool], *, seconds: float = 60.0) -> Heard:
        """The first entry for which *holds*, those before it passed over. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.next()
                if holds(found):
                    return found

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that was heard has been handed on."""
        return self._heard.empty()

    @property
    def seen(self) -> dict[tuple[str, str], int]:
        """The last seq that was handed on, by (tender id, audience)."""
        return {(one.tender_id, one.audience): one.last for one in self._streams}

    async def _run(self) -> None:
        wait = _POLL
        while True:
            try:
                await self._over_socket()
                wait = _POLL
                await self._poll()
            except ClientError as error:
                if not _is_passing(error):
                    self._heard.put_nowait(error)
                    return
                wait = min(wait * 2, _LONGEST)
            await asyncio.sleep(wait)

    async def _over_socket(self) -> None:
        """Listen until the socket is gone; return at once where none can be had."""
        from socketio.exceptions import SocketIOError

        sio, gone = self._socket()
        try:
            await sio.connect(
                self._client.url,
                transports=["websocket"],
                headers=self._client.authorization,
                wait_timeout=_ANSWER_SECONDS,
            )
            await self._join(sio)
            self.is_live = True
            await _either(gone.wait(), self._heal(sio))
        except (SocketIOError, TimeoutError, OSError):
            return  # asking takes over until a socket can be had again
        finally:
            self.is_live = False
            await sio.disconnect()

    def _socket(self) -> tuple[Any, asyncio.Event]:
        import socketio

        sio: Any = socketio.AsyncClient(  # type: ignore[no-untyped-call]
            reconnection=False, handle_sigint=False, json=wire, http_session=self._client.http
        )
        gone = asyncio.Event()

        async def hear(entry: dict[str, Any]) -> None:
            self._hear(entry)

        async def head(told: dict[str, Any]) -> None:
            for one in self._named(told["stream"]):
                one.told = max(one.told, int(told["last_seq"]))
                self._note_gap(one)

        async def leave(_reason: str = "") -> None:
            gone.set()

        for event, handler in (("entry", hear), ("head", head), ("disconnect", leave)):
            sio.on(event, handler)
        return sio, gone

    async def _join(self, sio: Any) -> None:
        # Rooms are entered before they are read: what is heard before the answer waits for its stream's name.
        asked = {"streams": [one.ask for one in self._streams]}
        answer = _unrefused(await sio.call("join", asked, timeout=_ANSWER_SECONDS))
        for one, told in zip(self._streams, answer["streams"], strict=True):
            one.take(told)
        early, self._early = self._early, []
        for entry in early:
            self._hear(entry)
        self._gap.set()

    async def _heal(self, sio: Any) -> None:
        while True:
            await self._gap.wait()
            self._gap.clear()
            for one in self._streams:
                while one.is_behind:
                    one.take(_unrefused(await sio.call("sync", one.ask, timeout=_ANSWER_SECONDS)))

    def _hear(self, entry: dict[str, Any]) -> None:
        if not all(one.stream for one in self._streams):
            self._early.append(entry)
        for one in self._named(entry["stream"]):
            one.hear(entry)
            self._note_gap(one)

    def _named(self, stream: str) -> list[Listening]:
        return [one for one in self._streams if one.stream == stream]

    def _note_gap(self, one: Listening) -> None:
        if one.is_behind:
            self._gap.set()

    async def _poll(self) -> None:
        for one in self._streams:
            more = True
            while more:
                path = f"/api/feeds/{one.tender_id}/{one.audience}"
                answer = await self._client.get(path, after=one.last)
                one.take(answer)
                more = answer["more"]


async def _either(*works: Coroutine[Any, Any, Any]) -> None:
    """Until the first of *works* ends; the others are cancelled, and its error is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_passing(error: ClientError) -> bool:
    if isinstance(error, Refused):
        return (
            error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
    return isinstance(error, Unreachable)


def _unrefused(answer: Any) -> Any:
    if isinstance(answer, dict) and "problem" in answer:
        problem = answer["problem"]
        raise Refused(int(problem.get("status", 0)), problem)
    return answer
