"""Each request has an id: the caller's own where it is well formed, ours otherwise."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from structlog.contextvars import bound_contextvars

from crypto.ledger.ids import new_id
from web.binding import REQUEST_ID

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def requests(request: web.Request, handler: Next) -> web.StreamResponse:
    """Give the request its id, the log lines below it the same, and the answer a header."""
    given = request.headers.get(HEADER, "")
    request[REQUEST_ID] = given if _WELL_FORMED.fullmatch(given) else new_id()
    with bound_contextvars(request_id=request[REQUEST_ID]):
        answer = await handler(request)
    if not answer.prepared:
        answer.headers[HEADER] = request[REQUEST_ID]
    return answer
