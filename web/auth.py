"""Who is asking: from a cookie or a bearer token to an Actor, and whether a legal act was confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.party import queries
from bidding.party.roles import NOBODY, Actor, Role
from bidding.party.service import sessions
from web.app import App
from web.refusals import ForeignOrigin, StepUpNeeded
from web.settings import Site
from web.unit import working

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SEEN_EVERY = timedelta(minutes=1)
_BEARER = "Bearer "


@dataclass(frozen=True)
class Door:
    """The door of web.app: sessions in the database, certificates behind them."""

    async def identify(self, request: web.Request, app: App) -> Actor:
        return await identify(request, app)

    async def roles_on(self, app: App, actor: Actor, tender_id: str) -> frozenset[Role]:
        """What the actor is on the tender at this instant."""
        async with app.db.reading() as session:
            return await queries.roles_on(session, actor, tender_id, now=await app.clock(session))

    async def refuse_without_step_up(self, request: web.Request, app: App, actor: Actor, act: str) -> None:
        """Raise StepUpNeeded unless the session was stepped up for *act*, not longer ago than it holds."""
        del request
        async with app.db.reading() as session:
            now = await app.clock(session)
        if not stepped_up(actor, act, now=now):
            raise StepUpNeeded(purpose=f"step-up:{act}")


def stepped_up(actor: Actor, act: str, *, now: datetime) -> bool:
    """Whether *actor* confirmed *act* with its certificate and the confirmation still holds at *now*."""
    until = actor.stepped_up_until
    return actor.step_up_purpose == act and until is not None and now <= until


async def identify(request: web.Request, app: App) -> Actor:
    """The Actor of the request's token, or NOBODY where it carries none that opens a session.

    Raises ForeignOrigin for an unsafe request of another site.
    """
    token, from_cookie = _token(request, app.settings.site)
    refuse_foreign(request, app.settings.site, from_cookie=from_cookie)
    if not token:
        return NOBODY
    hashed = sha256(token.encode()).digest()
    async with app.db.reading() as session:
        found, is_stale = await _look_up(session, hashed, await app.clock(session))
    if found is not None and is_stale:
        await _see(app, found, hashed)
    return found or NOBODY


async def actor_of_token(token: str, app: App) -> Actor:
    """The Actor of a bare token, for a socket's handshake; NOBODY where it opens no session."""
    async with app.db.reading() as session:
        found, _ = await _look_up(session, sha256(token.encode()).digest(), await app.clock(session))
    return found or NOBODY


def refuse_foreign(request: web.Request, site: Site, *, from_cookie: bool) -> None:
    """Raise ForeignOrigin for an unsafe request that a page of another site made, or may have made.

    Browsers say where a request comes from in Sec-Fetch-Site or Origin; a cookie with neither is not
    believed. A program with a bearer token sends neither, and no page can make it send the token.
    """
    if request.method in SAFE:
        return
    fetched, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if fetched is not None and fetched != "same-origin":
        raise ForeignOrigin
    if fetched is None and (from_cookie if origin is None else origin != site.origin.rstrip("/")):
        raise ForeignOrigin


def cookie_name(site: Site) -> str:
    """`__Host-` ties the cookie to this very host and to TLS; plain http is for loopback alone."""
    return "__Host-qf_session" if site.is_https else "qf_session"


def hand_over(response: web.StreamResponse, site: Site, token: str, *, seconds: int) -> None:
    """Put the token into the session cookie."""
    response.set_cookie(
        cookie_name(site), token, max_age=seconds, path="/", secure=site.is_https,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def take_back(response: web.StreamResponse, site: Site) -> None:
    """Empty the session cookie."""
    response.del_cookie(cookie_name(site), path="/", secure=site.is_https, httponly=True, samesite="Lax")


def _token(request: web.Request, site: Site) -> tuple[str, bool]:
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith(_BEARER):
        return authorization.removeprefix(_BEARER).strip(), False
    cookie = request.cookies.get(cookie_name(site), "")
    return cookie, bool(cookie)


async def _look_up(session: AsyncSession, hashed: bytes, now: datetime) -> tuple[Actor | None, bool]:
    found = await queries.signed_in(session, hashed, now=now)
    return (found.actor, found.last_seen < now - _SEEN_EVERY) if found else (None, False)


async def _see(app: App, actor: Actor, hashed: bytes) -> None:
    # Once a minute at most: reading must not turn into writing.
    async with working(app, by=actor.label) as unit:
        await sessions.see(unit, hashed)
