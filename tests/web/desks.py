"""The tender room's doors for tests: real rows and roles, callers known by a header."""

from dataclasses import dataclass, replace
from typing import Any

from bidding.party.queries import roles_on
from bidding.party.roles import NOBODY, Actor, Role
from tests.bidding.tender import makers
from tests.conftest import NOON, at
from web.api import documents, holders, notices, questions, tenders
from web.app import App, application
from web.endpoint import gather
from web.settings import Limits, Settings

ROOM = gather([documents, holders, notices, questions, tenders])


class Hands:
    """A clock's hands that a test may move."""

    def __init__(self) -> None:
        self.now = NOON

    async def __call__(self, session):
        return await at(self.now)(session)


class HeaderDoor:
    """Knows the actors it was told of by the header X-Who, and their real seats; step-ups count as done."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}

    async def identify(self, request, app):
        return self.actors.get(request.headers.get("X-Who", ""), NOBODY)

    async def roles_on(self, app, actor, tender_id):
        async with app.db.reading() as session:
            return await roles_on(session, actor, tender_id, now=app.clock.now)

    async def refuse_without_step_up(self, request, app, actor, act):
        pass


def platform(db, vault=None) -> App:
    settings = Settings(limits=Limits(writes="100000/minute"))
    return App(settings=settings, db=db, door=HeaderDoor(), clock=Hands(), vault=vault)


def served(app):
    return application(app, ROOM)


@dataclass
class Caller:
    """One who is signed in."""

    client: Any
    who: str = ""

    async def __call__(self, method, path, body=None, **more):
        """Status and body of the answer."""
        headers = {"X-Who": self.who} if self.who else {}
        async with self.client.request(method, path, json=body, headers=headers, **more) as response:
            is_json = "json" in response.content_type
            return response.status, await response.json() if is_json else await response.read()


def someone(app, client, organisation: str, *roles: Role) -> Caller:
    """A caller of *organisation*, with these roles on the platform."""
    actor = replace(
        makers.actor(organisation), roles=frozenset({Role.PUBLIC, *roles}), tender_roles=frozenset()
    )
    app.door.actors[organisation] = actor
    return Caller(client, organisation)
