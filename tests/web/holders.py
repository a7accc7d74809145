"""Holders of certificates at the real door: enrolled in the rows, signing in over HTTP."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from crypto.certificates import Profile
from crypto.ledger import Unit
from tests.bidding.party import makers
from tests.bidding.party.makers import Party, a_person, an_organisation, enrolled, sign
from tests.conftest import NOON, at
from web.api import appointments, certificates, parties, sessions
from web.app import App, application
from web.auth import Door
from web.endpoint import gather
from web.settings import Limits, Settings, Site

ORIGIN = "http://tender.example"
CENTRE = (
    an_organisation(makers.CENTRE_USCC, "示例区交易中心", [Kind.CENTRE]),
    a_person("示例李四", makers.OTHER_ID_NUMBER),
    Role.CENTRE_OPS,
    Profile.STAFF,
)
AGENCY = (
    an_organisation(makers.AGENCY_USCC, "示例乙招标代理有限公司", [Kind.AGENCY]),
    a_person("示例王五", "330703200002290030"),
    Role.AGENCY_HOST,
    Profile.STAFF,
)
BIDDER = (an_organisation(), a_person(), Role.BIDDER, Profile.BIDDER)


class Hands:
    """A clock's hands that a test may move."""

    def __init__(self):
        self.now = NOON

    async def __call__(self, session):
        return await at(self.now)(session)


def platform(db, authority, **site):
    settings = Settings(
        site=Site(**({"origin": ORIGIN} | site)),
        limits=Limits(sign_ins="10000/minute", writes="10000/minute"),
    )
    return App(
        settings=settings, db=db, door=Door(), clock=Hands(), atrest=makers.ATREST, authority=authority,
        trust=authority.trust(now=NOON),
    )  # fmt: skip


def served(app):
    return application(app, gather([sessions, parties, certificates, appointments]))


async def enrol(app, kind):
    """The party of *kind*, in the rows, with a certificate in use."""
    order, person, role, profile = kind
    async with app.db.writing.begin() as session:
        unit = Unit(session, by="installation", clock=at(NOON))
        return await enrolled(unit, app.authority, order, person, roles=[role], profile=profile)


def b64(raw):
    return b64encode(raw).decode()


def an_answer(app, party, challenge, **more):
    chain = [b64(one.public_bytes(Encoding.DER)) for one in app.authority.chain()]
    given = {
        "nonce": challenge["nonce"],
        "signature": b64(sign(party.key, challenge["message"].encode())),
        "certificate": b64(party.certificate.der),
        "chain": chain,
        "carrier": "bearer",
        "device": "test",
    }
    return given | more


@dataclass
class Caller:
    """A party signed in with a bearer token."""

    client: Any
    party: Party
    token: str

    async def __call__(self, method, path, body=None, **more):
        """Status and body of the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.client.request(method, path, json=body, headers=headers, **more) as response:
            is_json = "json" in response.content_type
            return response.status, await response.json() if is_json else await response.read()

    async def step_up(self, act):
        """Confirm *act* with the certificate; status and body of the answer."""
        _, asked = await self("POST", "/api/session/step-up/challenge", {"act": act})
        signature = b64(sign(self.party.key, asked["message"].encode()))
        body = {"act": act, "nonce": asked["nonce"], "signature": signature}
        return await self("POST", "/api/session/step-up", body)


async def challenged(client):
    async with client.post("/api/session/challenge") as response:
        assert response.status == 201
        return await response.json()


async def sign_in(client, app, party):
    """The party, signed in over HTTP."""
    answer = an_answer(app, party, await challenged(client))
    async with client.post("/api/session", json=answer) as response:
        body = await response.json()
        assert response.status == 201, body
        return Caller(client, party, body["token"])
