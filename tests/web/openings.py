"""The doors of the opening for tests: the platform around a meeting, and callers known by a header."""

from dataclasses import replace

from bidding.party.roles import Role
from tests.bidding.opening.makers import ATREST
from tests.conftest import at
from tests.web.bidders import HeaderDoor
from web.api import (
    deposits,
    opening_bidder,
    opening_host,
    opening_keys,
    opening_record,
    openings,
)
from web.app import App, application
from web.endpoint import gather
from web.settings import Settings

BASE = "/api/tenders/{}/opening"
ROWS = (openings, opening_host, opening_bidder, opening_keys, opening_record, deposits)


class RoleDoor(HeaderDoor):
    """Every actor has on the tender the roles that its maker gave it."""

    async def roles_on(self, app, actor, tender_id):
        return actor.tender_roles


def platform(meeting):
    """The platform at the meeting's own instant."""
    return App(
        settings=Settings(), db=meeting.db, door=RoleDoor(), clock=at(meeting.now), vault=meeting.vault,
        atrest=ATREST,
    )  # fmt: skip


def known(app, actor):
    """The header under which *actor* is known from now on."""
    app.door.actors[actor.organisation_id] = actor
    return {"X-Who": actor.organisation_id}


def everywhere(actor):
    """An actor whose role holds on the platform as a whole."""
    return replace(actor, roles=actor.roles | (actor.tender_roles & {Role.SUPERVISOR, Role.CENTRE_OPS}))


async def served_to(aiohttp_client, meeting, actor):
    """A client of the platform, and the headers of *actor*."""
    app = platform(meeting)
    client = await aiohttp_client(application(app, gather(ROWS)))
    return client, known(app, everywhere(actor))
