"""The composition root: settings in, a running platform out. Everything else is handed what it needs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from bidding.party.roles import NOBODY, Actor, Role
from crypto.ledger import Clock, database_clock
from crypto.ledger.engine import Database
from web.endpoint import Endpoint
from web.live.publisher import Publisher
from web.refusals import StepUpNeeded
from web.settings import Settings


class Door(Protocol):
    """Who is asking, what they are on a tender, and whether they confirmed a legal act just now."""

    async def identify(self, request: web.Request, app: "App") -> Actor: ...
    async def roles_on(self, app: "App", actor: Actor, tender_id: str) -> frozenset[Role]: ...
    async def refuse_without_step_up(
        self, request: web.Request, app: "App", actor: Actor, act: str
    ) -> None: ...


class ClosedDoor:
    """Knows nobody: a platform on which no one can sign in."""

    async def identify(self, request: web.Request, app: "App") -> Actor:
        del request, app
        return NOBODY

    async def roles_on(self, app: "App", actor: Actor, tender_id: str) -> frozenset[Role]:
        del app, actor, tender_id
        return frozenset()

    async def refuse_without_step_up(self, request: web.Request, app: "App", actor: Actor, act: str) -> None:
        del request, app, actor
        raise StepUpNeeded(purpose=act)


@dataclass
class App:
    """What the doors share. `vault`, `atrest`, `trust` and the signers are values, never globals."""

    settings: Settings
    db: Database
    door: Door = field(default_factory=ClosedDoor)
    publisher: Publisher = field(default_factory=Publisher)
    clock: Clock = database_clock
    vault: Any = None
    atrest: Any = None
    trust: Any = None
    authority: Any = None
    log_signer: Any = None
    platform_signer: Any = None
    timestamps: Any = None
    # Rung by whoever waits for a proof, so that the sequencer does not wait for its next second.
    proof_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    on_close: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


APP = web.AppKey("app", App)


def application(app: App, endpoints: Iterable[Endpoint] | None = None) -> web.Application:
    """The aiohttp application around *app*, with all endpoints of web.api unless others are given."""
    from web import api
    from web.binding import bind
    from web.middleware.problems import problems
    from web.middleware.requests import requests

    built = web.Application(middlewares=[requests, problems])
    built[APP] = app
    bind(built, app, api.endpoints() if endpoints is None else endpoints)
    return built
