"""The composition root: settings in, a running platform out. Everything else is handed what it needs."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiohttp import StreamReader, web
from pydantic import SecretStr

from bidding.bid.vault import Vault, open_vault
from bidding.party.roles import NOBODY, Actor, Role
from crypto.atrest import AtRest
from crypto.certificates import Authority, Credential, TrustStore
from crypto.errors import KeyFileBroken
from crypto.ledger import Clock, database_clock
from crypto.ledger.engine import Database
from crypto.notes import NoteSigner
from crypto.trust import Trust
from web.endpoint import Endpoint
from web.keyring import Keyring
from web.live.publisher import Publisher
from web.refusals import StepUpNeeded
from web.settings import Settings
from web.stamping import BuiltIn, Outside, Stamper
from web.trusting import trust_file, trust_store


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


# A test of one room may leave out the parts that the room does not touch.
_LEFT_OUT: Any = None


@dataclass
class App:
    """What the doors share; the keys and stores are values, never globals.

    `platform` signs records and receipts, `log_signer` checkpoints; `trust` judges certificates with the
    revocations as of the last `refresh_trust`; `trust_file` is what outsiders verify with.
    """

    settings: Settings
    db: Database
    door: Door = field(default_factory=ClosedDoor)
    publisher: Publisher = field(default_factory=Publisher)
    clock: Clock = database_clock
    vault: Vault = _LEFT_OUT
    atrest: AtRest = _LEFT_OUT
    trust: TrustStore = _LEFT_OUT
    trust_file: Trust = _LEFT_OUT
    authority: Authority | None = None
    log_signer: NoteSigner = _LEFT_OUT
    platform: Credential = _LEFT_OUT
    timestamps: Stamper = _LEFT_OUT
    # Rung by whoever waits for a proof, so that the sequencer does not wait for its next second.
    proof_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    # The bodies of uploads that are coming in now, so that a stop can end each where it is.
    arriving: set[StreamReader] = field(default_factory=set)

    def end_arrivals(self) -> None:
        """End every upload's body where it is: its bytes so far are kept, as after a broken connection."""
        for body in self.arriving:
            body.set_exception(ConnectionResetError("the platform stops"))

    def refresh_trust(self, *, now: datetime) -> None:
        """Judge certificates by the revocations as of *now*: after one was revoked, and once an hour."""
        if self.authority is not None:
            self.trust = trust_store(self.settings, self.authority, now=now)


APP = web.AppKey("app", App)


async def build(settings: Settings) -> App:
    """The platform that *settings* describe. Raises KeyFileBroken where its keys cannot be opened."""
    from web.auth import Door as SessionDoor

    secret = settings.keys.passphrase
    if secret is None:
        raise KeyFileBroken("no passphrase: set QIFENG_KEYS__PASSPHRASE or give a secret file")
    keys = await asyncio.to_thread(Keyring.load, settings.keys.directory, secret.get_secret_value())
    db = _database(settings)
    app = App(
        settings=settings,
        db=db,
        door=SessionDoor(),
        vault=open_vault(settings.storage.url, _plain(settings.storage.options)),
        atrest=keys.atrest,
        trust_file=trust_file(settings, keys),
        authority=keys.authority,
        log_signer=keys.log_signer(settings.log.name),
        platform=keys.platform,
        timestamps=_stamper(settings, keys, db),
    )
    async with db.reading() as session:
        app.refresh_trust(now=await app.clock(session))
    return app


def application(app: App, endpoints: Iterable[Endpoint] | None = None) -> web.Application:
    """The aiohttp application around *app*, with all endpoints of web.api unless others are given."""
    from web import api
    from web.binding import bind
    from web.middleware.access import access
    from web.middleware.headers import headers
    from web.middleware.limits import limits
    from web.middleware.problems import problems
    from web.middleware.requests import requests

    built = web.Application(middlewares=[requests, access, problems, limits(app.settings)])
    built[APP] = app
    built.on_response_prepare.append(headers(app.settings.site))
    bind(built, app, api.endpoints() if endpoints is None else endpoints)
    return built


def _database(settings: Settings) -> Database:
    url = settings.database.url.get_secret_value()
    if url.startswith("sqlite"):
        Path(url.partition(":///")[2]).parent.mkdir(parents=True, exist_ok=True)
    return Database(url, pool_size=settings.database.pool_size)


def _plain(options: Mapping[str, SecretStr]) -> dict[str, str]:
    return {name: value.get_secret_value() for name, value in options.items()}


def _stamper(settings: Settings, keys: Keyring, db: Database) -> Stamper:
    chosen = settings.timestamps
    if chosen.authority == "outside":
        return Outside(chosen.url, seconds=chosen.seconds)
    return BuiltIn(keys.tsa, db, database_clock)
