"""The bidders' doors for tests: a platform with these endpoints, and callers known by a header."""

import asyncio
import contextlib
from contextlib import asynccontextmanager
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bidding.party.roles import NOBODY, Role
from crypto.notes import NoteSigner
from tests.bidding.bid import makers
from tests.conftest import NOON, at
from web.api import bids, uploads
from web.app import App, application
from web.endpoint import gather
from web.sequencing import Sequencer
from web.settings import Settings

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {**TUS, "Content-Type": "application/offset+octet-stream"}
SIGNER = NoteSigner("log.qifeng.example", Ed25519PrivateKey.generate())


class HeaderDoor:
    """Knows the actors it was told of, by the header X-Who; step-ups are taken as done."""

    def __init__(self):
        self.actors = {}

    async def identify(self, request, app):
        return self.actors.get(request.headers.get("X-Who", ""), NOBODY)

    async def roles_on(self, app, actor, tender_id):
        return actor.roles & {Role.BIDDER, Role.AGENCY_HOST, Role.SUPERVISOR, Role.CENTRE_OPS}

    async def refuse_without_step_up(self, request, app, actor, act):
        pass


def platform(db, vault, moment=NOON):
    return App(
        settings=Settings(), db=db, door=HeaderDoor(), clock=at(moment), vault=vault, trust=makers.TRUST,
        log_signer=SIGNER,
    )  # fmt: skip


def endpoints():
    return gather([bids, uploads])


def who(app, bidder):
    """The header under which *bidder* is known from now on."""
    name = bidder.actor.organisation_id
    app.door.actors[name] = bidder.actor
    return {"X-Who": name}


def official(role):
    """Someone of the platform who is no bidder."""
    return replace(
        NOBODY, person_id="p-1", organisation_id="o-1", name="示例李四", roles=frozenset({Role.PUBLIC, role})
    )


def served(app):
    return application(app, endpoints())


@asynccontextmanager
async def sequencing(app):
    """A sequencer at work."""
    task = asyncio.create_task(Sequencer(app).run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
