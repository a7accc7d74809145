"""A platform to measure: real keys, a published tender, and bidders who are signed in."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party import queries as parties
from bidding.party.identifiers import id_number_check, organisation_code_check, uscc_check
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Actor, Role
from bidding.party.service import certificates, organisations, people, sessions
from bidding.party.service.certificates import NewCertificate
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson
from bidding.party.service.sessions import Answer
from bidding.party.tables import Organisation, Person
from bidding.tender.service.documents import StoredFile, store_document
from bidding.tender.service.drafts import NewProject, NewTender, create_project, draft_tender
from bidding.tender.service.holders import (
    HolderName,
    Holders,
    ask_liveness,
    give_key,
    name_holders,
    prove_liveness,
)
from bidding.tender.service.publication import Publication, publish
from bidding.tender.terms import Category, ProjectType, Regime, SheetField, Terms
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Credential, Profile, new_key
from crypto.keys import answer
from crypto.ledger import Unit
from crypto.ledger.engine import Database
from web.keyring import Keyring
from web.migrate import migrate

PASSPHRASE = "only for measuring"
OPERATOR = "示例区公共资源交易中心"
DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_T = TypeVar("_T")


@dataclass
class Party:
    """Someone who acts: an organisation, a person of it and its certificate; `token` once signed in."""

    organisation: Organisation
    person: Person
    credential: Credential
    actor: Actor
    token: str


@dataclass
class World:
    """The home of a platform; `tender_id` is on sale, `layers` are the holders' identities in order."""

    home: Path
    keys: Keyring
    domain: str
    now: datetime
    tender_id: str = ""
    deadline: datetime = _NEVER
    layers: tuple[str, ...] = ()
    holders: tuple[Actor, ...] = ()
    host: Actor | None = None
    bidders: tuple[Party, ...] = ()
    parties: int = 0

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.home}/qifeng.db"

    def environment(self, **more: str) -> dict[str, str]:
        """What `python -m web` needs to serve this world; limits are lifted: one caller plays all."""
        return {
            "QIFENG_DATABASE__URL": self.url,
            "QIFENG_STORAGE__URL": str(self.home / "objects"),
            "QIFENG_KEYS__DIRECTORY": str(self.home / "keys"),
            "QIFENG_KEYS__PASSPHRASE": PASSPHRASE,
            "QIFENG_SITE__ORIGIN": f"http://{self.domain}",
            "QIFENG_LIMITS__READS": "100000000/minute",
            "QIFENG_LIMITS__WRITES": "100000000/minute",
            "QIFENG_LIMITS__SIGN_INS": "100000000/minute",
            "QIFENG_LIMITS__SOCKETS_PER_ADDRESS": "100000",
            "QIFENG_SERVER__CONNECTIONS_PER_ADDRESS": "100000",
            **more,
        }


def build(home: Path, *, domain: str, bidders: int | None = None) -> World:
    """A world below *home*, made by the product's own verbs; without *bidders* there is no tender in it."""
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    keys = Keyring.create(home / "keys", PASSPHRASE, operator=OPERATOR, now=moment)
    world = World(home, keys, domain, moment)
    return apart(_build, world, bidders)


async def _build(world: World, bidders: int | None) -> World:
    db = Database(world.url)
    try:
        await migrate(db)
        async with acting(db, world.now) as unit:
            if bidders is not None:
                await _publish(unit, world)
                world.bidders = tuple([await bidder(unit, world) for _ in range(bidders)])
    finally:
        await db.dispose()
    return world


@asynccontextmanager
async def acting(db: Database, now: datetime, by: str = "bench") -> AsyncIterator[Unit]:
    """One committed act at *now*."""

    async def clock(_session: Any) -> datetime:
        return now

    async with db.writing.begin() as session:
        yield Unit(session, by=by, clock=clock)


async def bidder(unit: Unit, world: World) -> Party:
    """A bidder who takes part in the tender, enrolled and signed in."""
    party = await enrol(unit, world, OrganisationKind.BIDDER, Role.BIDDER, Profile.BIDDER, "建设有限公司")
    return replace(party, actor=replace(party.actor, tender_roles=frozenset({Role.BIDDER})))


async def enrol(
    unit: Unit, world: World, kind: OrganisationKind, role: Role, profile: Profile, suffix: str = "单位"
) -> Party:
    """An organisation, a person of it with *role*, a certificate and a session."""
    world.parties += 1
    number = world.parties
    order = NewOrganisation(uscc=_uscc(number), name=f"示例{number}号{suffix}", kinds=frozenset({kind}))
    organisation = await organisations.register_organisation(unit, order)
    someone = NewPerson(name=f"示例人{number}", id_number=_id_number(number), phone=f"138{number:08d}")
    person = await people.register_person(unit, someone, atrest=world.keys.atrest)
    await people.join(unit, person.id, organisation.id, roles=[role])
    credential = await _certified(unit, world, organisation, person, profile)
    signed_in = await _sign_in(unit, world, credential)
    token = hashlib.sha256(signed_in.token.encode()).digest()
    actor = await parties.actor_of(unit.session, token, now=await unit.now())
    if actor is None:
        raise RuntimeError("a session that was just opened is not known")
    return Party(organisation, person, credential, actor, signed_in.token)


async def _certified(
    unit: Unit, world: World, organisation: Organisation, person: Person, profile: Profile
) -> Credential:
    key = new_key()
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    wanted = NewCertificate(
        organisation_id=organisation.id, person_id=person.id, profile=profile, request=request
    )
    authority = world.keys.authority
    row = await certificates.issue_certificate(unit, wanted, authority=authority, atrest=world.keys.atrest)
    return Credential(x509.load_der_x509_certificate(row.der), key, tuple(authority.chain()))


async def _sign_in(unit: Unit, world: World, credential: Credential) -> sessions.SignedIn:
    question = await sessions.ask(unit, domain=world.domain)
    key: Any = credential.key
    answer = Answer(
        nonce=question.nonce, signature=key.sign(question.message(), ec.ECDSA(hashes.SHA256())),
        certificate=credential.certificate, chain=credential.chain, device="bench",
    )  # fmt: skip
    return await sessions.sign_in(unit, answer, trust=world.keys.authority.trust(now=await unit.now()))


async def _publish(unit: Unit, world: World) -> None:
    owner = await enrol(
        unit, world, OrganisationKind.PROCURING_ENTITY, Role.PROCURING_ENTITY, Profile.STAFF, "教育局"
    )
    agency = await enrol(unit, world, OrganisationKind.AGENCY, Role.AGENCY_HOST, Profile.STAFF, "代理公司")
    watch = await enrol(unit, world, OrganisationKind.SUPERVISOR, Role.SUPERVISOR, Profile.STAFF, "监督局")
    world.host = replace(agency.actor, tender_roles=frozenset({Role.AGENCY_HOST}))
    plan = _project(owner, agency)
    home = await create_project(unit, plan, actor=world.host)
    order = NewTender(
        project_id=home.id, lot_no=1, lot_code="BENCH-01", terms=_terms(world.now, owner, agency)
    )
    row = await draft_tender(unit, order, actor=world.host)
    await store_document(unit, row.id, StoredFile(**_DOCUMENT, key="documents/1"))
    await _hold(unit, world, row.id, (owner, watch))
    published = await publish(unit, Publication(tender_id=row.id, reasons={}))
    world.tender_id, world.deadline = published.id, published.bid_deadline


async def _hold(unit: Unit, world: World, tender_id: str, parties_: tuple[Party, ...]) -> None:
    named = [
        HolderName(organisation_id=one.organisation.id, person_id=one.person.id, name=one.person.name)
        for one in parties_
    ]
    await name_holders(unit, tender_id, Holders(layers=tuple(named)))
    for one in parties_:
        identity = generate_identity()
        holder = replace(one.actor, tender_roles=frozenset({Role.LAYER_HOLDER}))
        await give_key(unit, tender_id, recipient_of(identity), actor=holder)
        proof = await ask_liveness(unit, tender_id, actor=holder)
        nonce = answer(identity, proof.challenge)
        await prove_liveness(unit, tender_id, proof.id, nonce, actor=holder)
        world.layers, world.holders = (*world.layers, identity), (*world.holders, holder)


_DOCUMENT: Mapping[str, Any] = {"name": "招标文件.pdf", "size": 1024, "sha256": "ab" * 32}
_SHEET = (
    SheetField(name="bid_price", kind="fen", zh="投标总价（元）", en="Total price (yuan)"),
    SheetField(name="duration_days", kind="days", zh="工期（日历天）", en="Duration (calendar days)"),
    SheetField(name="quality", kind="text", zh="质量", en="Quality"),
)


def _project(owner: Party, agency: Party) -> NewProject:
    return NewProject(
        code="BENCH", name="示例新城小学", regime=Regime.ZTB, is_mandatory=True,
        procuring_entity_id=owner.organisation.id, agency_id=agency.organisation.id, township="330703101000",
    )  # fmt: skip


def _terms(now: datetime, owner: Party, agency: Party) -> Terms:
    deadline = now + 30 * DAY
    return Terms(
        tender_id="", lot_code="BENCH-01", title="示例新城小学教学楼施工", regime=Regime.ZTB,
        category=Category.WORKS, project_type=ProjectType.CONSTRUCTION, is_mandatory=True, is_invited=False,
        procuring_entity=owner.organisation.name, agency=agency.organisation.name, place="网上开标大厅",
        township="330703101000", venue="district", estimate_fen=1_000_000_000, price_cap_fen=990_000_000,
        deposit_fen=0, sheet=_SHEET, docs_from=now, docs_until=now + 12 * DAY,
        questions_until=deadline - 12 * DAY, bid_deadline=deadline, opening_time=deadline,
        bid_validity_days=90, layers=(), rule_set_version="2026-1",
    )  # fmt: skip


def _uscc(number: int) -> str:
    code = f"MA3{number:05d}"
    body = f"91330703{code}{organisation_code_check(code)}"
    return body + uscc_check(body)


def _id_number(number: int) -> str:
    body = f"3307031990{1 + number // 900 % 12:02d}01{number % 900 + 100:03d}"
    return body + id_number_check(body)


def apart(work: Callable[..., Coroutine[Any, Any, _T]], *arguments: Any) -> _T:
    """Run *work* in a loop of its own, whether or not one runs here already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work(*arguments))).result()
