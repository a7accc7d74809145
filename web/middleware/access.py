"""One log line and one count for each answer; neither tells whose bid, which tender, or how many (E-08)."""

from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from aiohttp import web

from web.binding import ENDPOINT
from web.metrics import FAULTS, REQUESTS, SECONDS

_log = structlog.get_logger("qifeng.access")
_SERVER_FAULT = 500
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def access(request: web.Request, handler: Next) -> web.StreamResponse:
    """Measure the answer and write down what kind of question it was."""
    started = perf_counter()
    answer = await handler(request)
    took = perf_counter() - started
    row = request.get(ENDPOINT)
    kind = "read" if request.method in {"GET", "HEAD", "OPTIONS"} else "write"
    REQUESTS.labels(kind, f"{answer.status // 100}xx").inc()
    SECONDS.labels(kind).observe(took)
    if answer.status >= _SERVER_FAULT:
        FAULTS.inc()
    _log.info("answered", act=row.act if row else "", status=answer.status, ms=round(took * 1000, 1))
    return answer
