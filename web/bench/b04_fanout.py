"""B4: one message to everyone in a hall, beside bare aiohttp WebSockets and Node's socket.io."""

import asyncio
import statistics
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from web.bench import node
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.listeners import gather, heard
from web.bench.measure import percentile
from web.bench.scale import Scale
from web.bench.server import Server, free_port, serving
from web.bench.wire import Wire

ROW = "B4"
_PATHS = {"bare": "/ws"}
_SOCKETIO = "/socket.io/?EIO=4&transport=websocket"
_PACED, _RATE, _BURST = 30, 10, 200
_BARE = """
import asyncio, sys
import uvloop
from aiohttp import web
from web.bench.listeners import event

crowd = set()

async def listen(request):
    ws = web.WebSocketResponse(compress=False)
    await ws.prepare(request)
    crowd.add(ws)
    async for _ in ws:
        pass
    crowd.discard(ws)
    return ws

async def fire(request):
    count, rate = int(request.query["count"]), float(request.query["rate"])
    for seq in range(count):
        text = event(seq + 1)
        for ws in crowd:
            await ws.send_str(text)
        await asyncio.sleep(1 / rate if rate else 0)
    return web.Response(text="ok")

async def ok(request):
    return web.Response(text="ok")

app = web.Application()
app.router.add_get("/ws", listen)
app.router.add_get("/healthz", ok)
app.router.add_post("/fire", fire)
uvloop.install()
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""
_NODE = """
import http from 'node:http'
import { Server } from 'socket.io'
const app = http.createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x')
  if (url.pathname === '/fire') {
    const count = Number(url.searchParams.get('count')), rate = Number(url.searchParams.get('rate'))
    for (let seq = 1; seq <= count; seq++) {
      const sent = Number(process.hrtime.bigint() - start) + origin
      io.to('hall').emit('entry', { stream: 'tender/bench/public', seq, kind: 'opening.stage-entered',
        at: '2026-11-23T04:00:00.000000Z', body: { tender_id: 'bench', said: 's'.repeat(60), sent },
        commitment: '00'.repeat(32) })
      await new Promise(go => rate ? setTimeout(go, 1000 / rate) : setImmediate(go))
    }
  }
  if (!url.pathname.startsWith('/socket.io')) res.end('ok')
})
const origin = Date.now() * 1e6, start = process.hrtime.bigint()
const io = new Server(app, { transports: ['websocket'], perMessageDeflate: false })
io.on('connection', one => one.on('join', (_ask, done) => { one.join('hall'); done({}) }))
app.listen(Number(process.argv[2]), '127.0.0.1')
"""


@dataclass(frozen=True)
class _Heard:
    """CPU µs of the server for each delivery, paced and in a burst, and p99 of the paced in ms."""

    paced: float
    burst: float
    p99: float


def run(scale: Scale) -> Iterator[Line]:
    """Messages of some 300 bytes; a lost one breaks the row."""
    if not sys.platform.startswith("linux"):
        yield Absent(row=ROW, what="CPU of a process", why="read from /proc, which is Linux's")
        return
    home, count = scale.folder("b04"), scale.pick(250, 1000)
    with ExitStack() as running:
        servers = {"ours": running.enter_context(_hall(home)), "bare": running.enter_context(_bare(home))}
        try:
            servers["node"] = running.enter_context(_node(home))
        except node.NodeAbsent as why:
            yield Absent(row=ROW, what="socket.io on Node", why=str(why))
        seen = _turns(servers, count, scale.pick(2, 3))
    yield from _figures(seen, count)


def _figures(seen: dict[str, _Heard], count: int) -> Iterator[Line]:
    ours, bare, peer = seen["ours"], seen["bare"], "bare aiohttp"
    said = f"{count} listeners"
    yield Figure(row=ROW, what=f"{said}, in a burst: CPU for each", ours=ours.burst, theirs=bare.burst,
                 unit="µs", peer=peer, bar=at_most(2.2, 3.0))  # fmt: skip
    yield Figure(row=ROW, what=f"{said}, 10 a second: CPU for each", ours=ours.paced, theirs=bare.paced,
                 unit="µs", peer=peer, bar=at_most(2.2, 3.0))  # fmt: skip
    yield Figure(row=ROW, what=f"{said}, 10 a second: p99", ours=ours.p99, theirs=bare.p99, unit="ms",
                 peer=peer, bar=at_most(1.3))  # fmt: skip
    if "node" in seen:
        yield Figure(row=ROW, what=f"{said}, 10 a second: p99", ours=ours.p99, theirs=seen["node"].p99,
                     unit="ms", peer="socket.io on Node", bar=at_most(1.0))  # fmt: skip


def _turns(servers: dict[str, Server], count: int, rounds: int) -> dict[str, _Heard]:
    seen: dict[str, list[_Heard]] = {name: [] for name in servers}
    for _ in range(rounds):
        for name, server in servers.items():
            seen[name].append(asyncio.run(_listen(name, server, count)))
    return {name: _median(turns) for name, turns in seen.items()}


def _median(turns: list[_Heard]) -> _Heard:
    return _Heard(
        *(statistics.median(getattr(one, name) for one in turns) for name in ("paced", "burst", "p99"))
    )


async def _listen(name: str, server: Server, count: int) -> _Heard:
    path = _PATHS.get(name, _SOCKETIO)
    crowd, listeners = await gather(server.port, path, count, socketio=name not in _PATHS)
    try:
        await asyncio.sleep(0.5)
        paced = await _fired(server, _PACED, _RATE)
        await heard(crowd, _PACED * count, seconds=30)
        p99 = percentile(crowd.late, 0.99) * 1e3
        burst = await _fired(server, _BURST, 0)
        await heard(crowd, (_PACED + _BURST) * count, seconds=60)
        return _Heard(paced / (_PACED * count) * 1e6, burst / (_BURST * count) * 1e6, p99)
    finally:
        for one in listeners:
            one.close()
        await asyncio.sleep(0.2)


async def _fired(server: Server, count: int, rate: int) -> float:
    """The server's CPU seconds for that many messages, until all have left it."""
    before = server.cpu()
    await asyncio.to_thread(_fire, server, count, rate)
    await asyncio.sleep(0.3)
    return server.cpu() - before


def _fire(server: Server, count: int, rate: int) -> None:
    with Wire(server.port) as wire:
        status, _, body = wire.call("POST", f"/fire?count={count}&rate={rate}", {})
    if status != 200:
        raise RuntimeError(f"answered {status}: {body!r}")


def _hall(home: Path) -> AbstractContextManager[Server]:
    port = free_port()
    words = ["-m", "web.bench.hall", str(port), str(home)]
    return serving(words, port, path="/healthz", environment={}, log=home / "ours.log")


def _bare(home: Path) -> AbstractContextManager[Server]:
    port = free_port()
    return serving(["-c", _BARE, str(port)], port, path="/healthz", environment={}, log=home / "bare.log")


def _node(home: Path) -> AbstractContextManager[Server]:
    folder, port = node.modules("socket.io@4"), free_port()
    script = folder / "hall.mjs"
    script.write_text(_NODE)
    return serving(
        [str(script), str(port)], port, path="/healthz", environment={}, log=home / "node.log",
        program=node.node(),
    )  # fmt: skip
