"""A small district in an installed platform: its people with certificates, its tenders, its sealed bids."""

import asyncio
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bidding.party.identifiers import id_number_check, organisation_code_check, uscc_check
from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from bidding.party.service import appointments, certificates, organisations, people
from bidding.party.service.appointments import NewAppointment
from bidding.party.service.certificates import NewCertificate
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson
from bidding.tender.terms import Layer
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Credential, Profile, new_key
from crypto.envelope.statement import SIGNATURE, STATEMENT
from crypto.ledger import Unit
from crypto.ledger.clock import database_clock
from crypto.ledger.engine import Database
from crypto.trust import Trust
from tests.bidding.party.makers import a_request
from tests.bidding.tender import makers as tenders
from web.client import Client, Order, seal_bid, sealing_facts, upload_folder
from web.client.submission import Submission
from web.keyring import Keyring

PASSPHRASE = "示例口令"
BY = "installation"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Party:
    """Someone who signs in: a person of an organisation, with certificate and key."""

    organisation_id: str
    person_id: str
    name: str
    uscc: str
    credential: Credential


@dataclass
class Tender:
    """A tender on sale, with the private keys that its layer holders keep."""

    id: str
    deadline: datetime
    layer_keys: list[str]
    notice_sha256: str


def found(home: Path) -> Path:
    """A keyring below *home*; its folder."""
    folder = home / "keys"
    Keyring.create(folder, PASSPHRASE, operator="示例区交易中心", now=datetime.now(UTC) - DAY)
    return folder


class District:
    """Enters people and tenders by the product's own verbs, beside the servers that run."""

    def __init__(self, database_url: str, keys: Path) -> None:
        self.db = Database(database_url, pool_size=4)
        self.keys = Keyring.load(keys, PASSPHRASE)
        self._number = secrets.randbelow(500_000)

    @classmethod
    @asynccontextmanager
    async def at(cls, database_url: str, keys: Path) -> AsyncIterator["District"]:
        made = await asyncio.to_thread(cls, database_url, keys)
        try:
            yield made
        finally:
            await made.db.dispose()

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Unit]:
        async with self.db.writing.begin() as session:
            yield Unit(session, by=BY, clock=database_clock)

    async def now(self) -> datetime:
        async with self.db.reading() as session:
            return await database_clock(session)

    async def admit(self, kind: Kind, *roles: Role, profile: Profile = Profile.STAFF) -> Party:
        """A new organisation of *kind* and one person of it, who holds *roles* there and a certificate."""
        self._number += 1
        number, key = self._number, new_key()
        order = NewOrganisation(
            uscc=a_uscc(number), name=f"示例{kind}{number}有限公司", kinds=frozenset({kind})
        )
        person = NewPerson(name=f"示例人{number}", id_number=an_id_number(number))
        async with self.acting() as unit:
            organisation = await organisations.register_organisation(unit, order)
            human = await people.register_person(unit, person, atrest=self.keys.atrest)
            await people.join(unit, human.id, organisation.id, roles=roles)
            wanted = NewCertificate(
                organisation_id=organisation.id, person_id=human.id, profile=profile, request=a_request(key)
            )
            row = await certificates.issue_certificate(
                unit, wanted, authority=self.keys.authority, atrest=self.keys.atrest
            )
        chain = tuple(one for one in self.keys.authority.chain())
        mine = Credential(_x509(row.der), key, chain)
        return Party(organisation.id, human.id, human.name, organisation.uscc, mine)

    async def bidder(self) -> Party:
        return await self.admit(Kind.BIDDER, Role.BIDDER, profile=Profile.BIDDER)

    async def host(self) -> Party:
        return await self.admit(Kind.AGENCY, Role.AGENCY_HOST)

    async def tender(
        self, host: Party, *, seconds: float, holders: Sequence[Party] = (), **over: Any
    ) -> Tender:
        """A tender on sale whose deadline falls in *seconds*, *host* at its desk, its layers with *holders*.

        Without *holders* the layers' keys are kept by people of whom the platform knows only the ids.
        """
        keys = [generate_identity() for _ in holders or range(2)]
        layers = tuple(_layer(place, key, holders) for place, key in enumerate(keys, start=1))
        async with self.acting() as unit:
            deadline = await unit.now() + timedelta(seconds=seconds)
            facts = {"layers": layers, "bid_deadline": deadline, "coefficient": None}
            row = await tenders.tender(unit.session, **facts | over)
            row.agency_id = host.organisation_id
            await seat(unit, row.id, host, Role.AGENCY_HOST)
            for holder in holders:
                await seat(unit, row.id, holder, Role.LAYER_HOLDER)
        return Tender(row.id, deadline, keys, row.notice_sha256 or "")


async def seat(unit: Unit, tender_id: str, party: Party, role: Role) -> None:
    """Give *party* a role at the desk of the tender."""
    order = NewAppointment(
        tender_id=tender_id, organisation_id=party.organisation_id, person_id=party.person_id, role=role
    )
    await appointments.seat(unit, order)


def _layer(place: int, key: str, holders: Sequence[Party]) -> Layer:
    if not holders:
        return tenders.layer(place, recipient=recipient_of(key))
    who = holders[place - 1]
    return tenders.layer(
        place, recipient=recipient_of(key),
        organisation_id=who.organisation_id, person_id=who.person_id, name=who.name,
    )  # fmt: skip


async def sealed(client: Client, tender: Tender, party: Party, home: Path, *, size: int = 1000) -> Path:
    """A bid for the next round, sealed on the bidder's machine; its folder."""
    facts = await sealing_facts(client, tender.id)
    folder = home / f"{party.organisation_id}-{facts['round']}"
    document = folder.with_suffix(".pdf")
    document.write_bytes(b"%PDF-1.7 " + secrets.token_bytes(size))
    order = Order(
        sheet={"bid_price": 812_345_600, "duration_days": 180, "quality": "合格"},
        docs={"技术标.pdf": document}, folder=folder, passphrase=PASSPHRASE, work_factor=1,
    )  # fmt: skip
    await asyncio.to_thread(seal_bid, facts, order, signer=party.credential)
    return folder


async def uploaded(client: Client, tender: Tender, folder: Path) -> dict[str, Any]:
    """Upload all of *folder*; the body of the submit call that is left to make."""
    submission = Submission.of(folder, client, tender.id)
    await upload_folder(client, submission)
    return submit_body(folder, submission.uploads)


def submit_body(folder: Path, uploads: dict[str, str]) -> dict[str, Any]:
    return {
        "statement": b64encode((folder / STATEMENT).read_bytes()).decode(),
        "signature": b64encode((folder / SIGNATURE).read_bytes()).decode(),
        "objects": uploads,
    }


def trust_of(district: District, log: str = "log.qifeng.example") -> Trust:
    """What an outsider verifies receipts with."""
    from web.settings import Log, Settings
    from web.trusting import trust_file

    return trust_file(Settings(log=Log(name=log)), district.keys)


def a_uscc(number: int) -> str:
    code = f"MA{number:06d}"
    body = "91330703" + code + organisation_code_check(code)
    return body + uscc_check(body)


def an_id_number(number: int) -> str:
    body = f"330703{1940 + number // 1000 % 60}0101{number % 1000:03d}"
    return body + id_number_check(body)


def _x509(der: bytes) -> Any:
    from cryptography import x509

    return x509.load_der_x509_certificate(der)
