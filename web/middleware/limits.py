"""Each caller has a budget; health checks and the live socket's own handshake are outside it."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from web.limits import Allowance, address_of, budget_of
from web.settings import Settings

FREE = frozenset({"/healthz", "/readyz", "/metrics"})
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def limits(settings: Settings) -> Callable[..., Awaitable[web.StreamResponse]]:
    """The middleware that takes one request from the caller's budget, by address."""
    allowance = Allowance(settings.limits)

    @web.middleware
    async def limited(request: web.Request, handler: Next) -> web.StreamResponse:
        if request.path not in FREE:
            await allowance.take(budget_of(request), address_of(request, settings.server.proxies))
        return await handler(request)

    return limited
