"""Every refusal and every fault leaves as problem+json, and nothing else about a fault leaves at all."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bidding.refusals import Refusal
from crypto.errors import CryptoError
from web.binding import REQUEST_ID
from web.problems import problem, refusal_of, response
from web.refusals import BodyTooLarge, MethodNotHere, NoSuchPage, Unexpected

_log = structlog.get_logger(__name__)
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def problems(request: web.Request, handler: Next) -> web.StreamResponse:
    """Turn what was raised into an answer."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _say(request, _refusal_of_library(request, error))
    except CryptoError as error:
        return _say(request, refusal_of(error))
    except Refusal as refusal:
        return _say(request, refusal)
    except Exception as error:  # noqa: BLE001 -- the trace goes to the log, the caller gets an id
        if isinstance(error, ConnectionError) and request.transport is None:
            _log.info("the caller went away")
        else:
            _log.exception("fault", path=request.path)
        return _say(request, Unexpected())


def _say(request: web.Request, refusal: Refusal) -> web.Response:
    """As problem+json, or as a page for whoever looks at pages."""
    request_id = request.get(REQUEST_ID, "")
    wants_page = "text/html" in request.headers.get("Accept", "")
    if not wants_page or request.path.startswith("/api/"):
        return response(refusal, request_id=request_id)
    from web.app import APP
    from web.public.rendering import html, render

    told = problem(refusal, request_id=request_id)
    site, language = request.app[APP].settings.site, request.query.get("lang", "")
    text = render(
        "problem.html", language=language or site.language, path=request.path, site=site, problem=told
    )
    return html(text, status=told["status"], request=request)


def _refusal_of_library(request: web.Request, error: web.HTTPException) -> Refusal:
    """What aiohttp refuses by itself; redirects and whatever else it answers pass as they are."""
    if isinstance(error, web.HTTPNotFound):
        return NoSuchPage()
    if isinstance(error, web.HTTPMethodNotAllowed):
        return MethodNotHere(allowed=", ".join(sorted(error.allowed_methods)))
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return BodyTooLarge(limit=request.client_max_size)
    raise error
