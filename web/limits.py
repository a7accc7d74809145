"""How much one caller may ask: requests per minute, in memory or shared by the replicas over Valkey."""

import asyncio
from collections.abc import Collection
from time import monotonic

import structlog
from aiohttp import web
from limits import RateLimitItem, parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from web.refusals import TooOften
from web.settings import Limits

PATIENCE = 0.5
ALONE_SECONDS = 5.0
_log = structlog.get_logger(__name__)


class Allowance:
    """The three budgets of a caller: reading, writing and signing in.

    Where the shared count is out of reach each replica counts for itself: a dead Valkey refuses nobody.
    """

    def __init__(self, settings: Limits) -> None:
        storage = storage_from_string(settings.storage)
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._alone = SlidingWindowCounterRateLimiter(storage_from_string("async+memory://"))
        self._alone_until = 0.0
        self._items: dict[str, RateLimitItem] = {
            "reads": parse(settings.reads),
            "writes": parse(settings.writes),
            "sign-ins": parse(settings.sign_ins),
        }

    async def take(self, budget: str, caller: str) -> None:
        """One request of *caller* from its *budget*. Raises TooOften, with the seconds to wait."""
        item = self._items[budget]
        if not await self._hit(item, budget, caller):
            raise TooOften(retry_after=max(1, int(item.get_expiry())))

    async def _hit(self, item: RateLimitItem, budget: str, caller: str) -> bool:
        if monotonic() >= self._alone_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._limiter.hit(item, budget, caller)
            except Exception as error:  # noqa: BLE001 -- each kind of storage fails in its own words
                _log.warning("each replica counts requests for itself", error=repr(error))
                self._alone_until = monotonic() + ALONE_SECONDS
        return await self._alone.hit(item, budget, caller)


def budget_of(request: web.Request) -> str:
    """Which budget a request draws on. Parts of uploads are writes, and have their own quota besides."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return "reads"
    return "sign-ins" if request.path.startswith("/api/session") else "writes"


def address_of(request: web.Request, proxies: Collection[str]) -> str:
    """The caller's address; X-Forwarded-For is believed from the named proxies alone, its last hop first."""
    address = request.remote or ""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while address in proxies and hops:
        address = hops.pop()
    return address
