"""Someone who watches from outside: the whole public stream over the socket, and the witnesses of the log."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from crypto.cosign import Cosigner
from crypto.vkeys import VerifierKey
from crypto.witness import ShortMemory, Witness
from web.client import Client, ClientError, Feed, Heard, cosign

_COSIGN_EVERY = 1.0


class Spectator:
    """Hears every entry of a tender's public stream, in order, and remembers it."""

    def __init__(self, client: Client, tender_id: str) -> None:
        self._client, self._tender_id = client, tender_id
        self._news = asyncio.Condition()
        self.heard: list[Heard] = []

    async def watch(self) -> None:
        """Listen until cancelled."""
        async with Feed(self._client, [(self._tender_id, "public")]) as feed:
            async for entry in feed:
                async with self._news:
                    self.heard.append(entry)
                    self._news.notify_all()

    async def until(
        self, kind: str, holds: Callable[[Heard], bool] = lambda _: True, *, seconds: float = 300.0
    ) -> Heard:
        """The first entry of *kind* for which *holds*, past or to come. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            while True:
                found = [one for one in self.heard if one.kind == kind and holds(one)]
                if found:
                    return found[0]
                await self._news.wait()

    def all(self, kind: str) -> list[Heard]:
        """Every entry of *kind* so far."""
        return [one for one in self.heard if one.kind == kind]

    async def afresh(self) -> list[Heard]:
        """The same stream as someone reads it who was not there."""
        entries: list[Heard] = []
        more = True
        while more:
            path = f"/api/feeds/{self._tender_id}/public"
            answer = await self._client.get(path, after=len(entries))
            entries += [
                Heard(**{name: one[name] for name in Heard.__dataclass_fields__}) for one in answer["entries"]
            ]
            more = answer["more"]
        return entries


@asynccontextmanager
async def watching(url: str, tender_id: str) -> AsyncIterator[Spectator]:
    """A spectator without a sign-in, at work for as long as the block."""
    async with Client(url) as client:
        spectator = Spectator(client, tender_id)
        async with _beside([spectator.watch()]):
            yield spectator


@asynccontextmanager
async def witnessing(url: str, cosigners: Iterable[Cosigner]) -> AsyncIterator[None]:
    """Outside parties that have the log's growth proved to them, and cosign it, for as long as the block."""
    async with Client(url) as client:
        log = VerifierKey.parse((await client.get("/log/keys"))["vkey"])
        watched = [Witness(one, [log], ShortMemory()) for one in cosigners]
        async with _beside([_cosign(client, log, one) for one in watched]):
            yield


async def _cosign(client: Client, log: VerifierKey, witness: Witness) -> None:
    while True:
        with contextlib.suppress(ClientError):
            await cosign(client, log, witness, at=datetime.now(UTC))
        await asyncio.sleep(_COSIGN_EVERY)


@asynccontextmanager
async def _beside(works: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
