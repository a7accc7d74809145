"""Every refusal and every fault leaves as problem+json, and nothing else about a fault leaves at all."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bidding.refusals import Refusal
from crypto.errors import CryptoError
from web.binding import REQUEST_ID
from web.problems import refusal_of, response
from web.refusals import BodyTooLarge, MethodNotHere, NoSuchPage, Unexpected

_log = structlog.get_logger(__name__)
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def problems(request: web.Request, handler: Next) -> web.StreamResponse:
    """Turn what was raised into an answer."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return response(_refusal_of_library(request, error), request_id=request.get(REQUEST_ID, ""))
    except CryptoError as error:
        return response(refusal_of(error), request_id=request.get(REQUEST_ID, ""))
    except Refusal as refusal:
        return response(refusal, request_id=request.get(REQUEST_ID, ""))
    except Exception:  # noqa: BLE001 -- the trace goes to the log, the caller gets an id
        _log.exception("fault", path=request.path)
        return response(Unexpected(), request_id=request.get(REQUEST_ID, ""))


def _refusal_of_library(request: web.Request, error: web.HTTPException) -> Refusal:
    """What aiohttp refuses by itself; redirects and whatever else it answers pass as they are."""
    if isinstance(error, web.HTTPNotFound):
        return NoSuchPage()
    if isinstance(error, web.HTTPMethodNotAllowed):
        return MethodNotHere(allowed=", ".join(sorted(error.allowed_methods)))
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return BodyTooLarge(limit=request.client_max_size)
    raise error
