"""Hard stop 16, for bids: before the deadline no role's view of a tender changes when someone bids."""

import re

import pytest

from bidding.bid.vault import LocalVault
from bidding.party.roles import NOBODY, Role
from tests.bidding.bid import makers
from tests.web.bidders import official, platform
from web import api
from web.app import application

ROLES = [role for role in Role if role is not Role.BIDDER]
MOVING = {"/api/time", "/metrics", "/api/openapi.json"}


async def views(client, tender_id, name):
    """What every GET of the platform answers to the caller, without ids of requests."""
    seen = {}
    for row in api.endpoints():
        if row.method != "GET" or row.path in MOVING:
            continue
        path = re.sub(r"\{[a-z_0-9]+(:[^}]*)?\}", "1", row.path.replace("{tender_id}", tender_id))
        answer = await client.get(path, headers={"X-Who": name})
        body = (await answer.text()).replace(answer.headers.get("X-Request-ID", "-"), "")
        seen[row.path] = (answer.status, body)
    return seen


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_that_anyone_may_read_changes_when_a_bid_comes_in(db, tmp_path, aiohttp_client, role):
    vault = LocalVault(tmp_path / "objects")
    tender_id, bidder = await makers.a_tender(db), await makers.a_bidder(db)
    rival = await makers.a_bidder(db, 1)
    app = platform(db, vault)
    app.door.actors = {
        "official": official(role) if role is not Role.PUBLIC else NOBODY,
        "rival": rival.actor,
    }
    app.door.roles_on = official_roles
    client = await aiohttp_client(application(app, api.endpoints()))
    before = {name: await views(client, tender_id, name) for name in app.door.actors}
    taken = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    after = {name: await views(client, tender_id, name) for name in app.door.actors}
    assert after == before
    told, bid = str(after), taken.bid
    facts = (bid.id, bid.statement_sha256, bid.layer_recipient)
    assert any(status == 200 for status, _ in after["rival"].values())
    assert [fact for fact in facts if fact in told] == []
    vault.close()


async def official_roles(_app, actor, _tender_id):
    return actor.roles
