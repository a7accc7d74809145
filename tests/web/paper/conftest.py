"""A platform that can sign, and an opening with three sealed bids."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bidding.bid.vault import LocalVault
from bidding.party.roles import NOBODY
from tests.bidding.opening import makers as openings
from tests.conftest import at
from web.api import receipts, records
from web.app import App, application
from web.endpoint import gather
from web.keyring import Keyring
from web.settings import Settings
from web.stamping import BuiltIn

# Judging a long-term signature asks the machine's clock too, so that it must lie in everyone's past.
FOUNDED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SIGNED = FOUNDED + timedelta(hours=1)
ROOM = gather([receipts, records])


class HeaderDoor:
    """Knows the actors it was told of by the header X-Who."""

    def __init__(self):
        self.actors = {}

    async def identify(self, request, app):
        return self.actors.get(request.headers.get("X-Who", ""), NOBODY)

    async def roles_on(self, app, actor, tender_id):
        return actor.tender_roles

    async def refuse_without_step_up(self, request, app, actor, act):
        pass


def who(app, actor):
    """The header under which *actor* is known from now on."""
    app.door.actors[actor.organisation_id] = replace(actor, roles=actor.roles | actor.tender_roles)
    return {"X-Who": actor.organisation_id}


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    directory = tmp_path_factory.mktemp("keys") / "ring"
    return Keyring.create(directory, "示例口令", operator="示例区公共资源交易中心", now=FOUNDED)


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def meeting(db, vault, tmp_path):
    return await openings.a_meeting(db, vault, tmp_path)


@pytest.fixture
def app(db, vault, keys):
    clock = at(SIGNED)
    return App(
        settings=Settings(), db=db, door=HeaderDoor(), clock=clock, vault=vault, authority=keys.authority,
        trust=keys.authority.trust(now=FOUNDED), platform=keys.platform,
        timestamps=BuiltIn(keys.tsa, db, clock),
    )  # fmt: skip


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(application(app, ROOM))
