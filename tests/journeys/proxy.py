"""A balancer for tests: connections go to the replicas in turn, and can be cut without a word."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

_PIECE = 64 * 1024


class Balancer:
    """Forwards bytes. `cut` aborts connections in the middle, as a failing network does."""

    def __init__(self, port: int, replicas: Sequence[int]) -> None:
        self._port, self._next = port, itertools.cycle(replicas)
        self._open: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self.cuts = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Balancer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        try:
            yield self
        finally:
            server.close()
            self.cut(len(self._open), random.Random(0))
            await asyncio.gather(*self._open, return_exceptions=True)

    def cut(self, count: int, chance: random.Random) -> None:
        """Reset *count* of the connections that stand now."""
        standing = list(self._open.values())
        for writers in chance.sample(standing, min(count, len(standing))):
            self.cuts += 1
            for one in writers:
                one.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = [writer]
        try:
            with contextlib.suppress(OSError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", next(self._next))
                self._open[task].append(far_writer)
                await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            for one in self._open.pop(task):
                one.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()
