"""Everyone gets in: the centre is founded, and its first person enters all others over HTTP."""

import asyncio
import secrets
from base64 import b64decode
from collections.abc import Iterable
from contextlib import AsyncExitStack

from crypto.certificates import Credential
from web.app import build
from web.client import Client
from web.demo.cast import CENTRE, FIRMS, FIRST, Firm, Part
from web.demo.home import Home
from web.demo.player import Player, credential_of, keep, request_of
from web.install import Founding, install


async def found(home: Home) -> Credential:
    """Install the centre on the empty database; the credential of its first person."""
    key, request = request_of(FIRST)
    app = await build(home.settings())
    try:
        order = Founding(
            uscc=CENTRE.uscc, name=CENTRE.name, person=FIRST.name, id_number=FIRST.id_number, request=request
        )
        made = await install(app, order)
    finally:
        await app.db.dispose()
    return credential_of(key, made.der, list(made.chain))


class Enrolment:
    """Enters organisations and people as the first person of the centre; clients live as long as *stack*."""

    def __init__(self, home: Home, stack: AsyncExitStack, first: Credential) -> None:
        self._home, self._stack = home, stack
        self._first = first
        self._firms: dict[str, str] = {}
        self._passphrases = home.folder("people")

    async def first(self) -> Player:
        """The first person of the centre, signed in."""
        player = await self._signed_in(FIRST, CENTRE, self._first)
        self._firms[CENTRE.key] = player.organisation_id
        await asyncio.to_thread(keep, self._first, self._passphrases, FIRST, secrets.token_urlsafe(12))
        return player

    async def enter(self, ops: Player, parts: Iterable[Part]) -> dict[str, Player]:
        """Register each of *parts* with its firm, certify its key, and sign it in; by key."""
        firms = {firm.key: firm for firm in FIRMS}
        return {part.key: await self._enter(ops, part, firms[part.firm]) for part in parts}

    async def _enter(self, ops: Player, part: Part, firm: Firm) -> Player:
        if firm.key not in self._firms:
            order = {"uscc": firm.uscc, "name": firm.name, "kinds": [firm.kind]}
            self._firms[firm.key] = (await ops.post("/api/organisations", order))["id"]
        organisation = self._firms[firm.key]
        person = await ops.post("/api/people", {"name": part.name, "id_number": part.id_number})
        where = f"/api/organisations/{organisation}/members/{person['id']}"
        await ops.call.call("PUT", where, {"roles": sorted(part.roles)})
        credential = await self._certified(ops, part, organisation, person["id"])
        return await self._signed_in(part, firm, credential)

    async def _certified(self, ops: Player, part: Part, organisation: str, person: str) -> Credential:
        key, request = request_of(part)
        issued = await ops.post(
            "/api/certificates",
            {
                "organisation_id": organisation, "person_id": person, "profile": part.profile,
                "request": request.decode(),
            },
        )  # fmt: skip
        credential = credential_of(key, b64decode(issued["der"]), issued["chain"])
        await asyncio.to_thread(keep, credential, self._passphrases, part, secrets.token_urlsafe(12))
        return credential

    async def _signed_in(self, part: Part, firm: Firm, credential: Credential) -> Player:
        client = Client(self._home.url, credential=credential, device=f"demo/{part.key}")
        await self._stack.enter_async_context(client)
        await client.sign_in()
        own = await client.get("/api/session")
        return Player(part, firm, own["person_id"], own["organisation_id"], credential, client)
