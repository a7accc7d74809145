"""One plain function per noun of the tender room, every default lawful, everything overridable."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.party.roles import Actor, Role
from bidding.party.tables import Membership, Organisation, Person
from bidding.tender.service.documents import StoredFile, store_document
from bidding.tender.service.drafts import NewTender, draft_tender
from bidding.tender.service.holders import (
    HolderName,
    Holders,
    ask_liveness,
    give_key,
    name_holders,
    prove_liveness,
)
from bidding.tender.service.publication import Publication, publish
from bidding.tender.states import TenderState
from bidding.tender.tables import NoticeVersion, Project, Tender
from bidding.tender.terms import Category, Layer, ProjectType, Regime, SheetField, Terms
from crypto.age import generate_identity, recipient_of
from crypto.keys import answer
from crypto.ledger import Unit, since
from crypto.ledger.ids import new_id
from tests.conftest import NOON, at

DAY = timedelta(days=1)
OWNER, AGENCY = "org-owner", "org-agency"

SHEET = (
    SheetField(name="bid_price", kind="fen", zh="投标总价（元）", en="Total price (yuan)"),
    SheetField(name="duration_days", kind="days", zh="工期（日历天）", en="Duration (calendar days)"),
    SheetField(name="quality", kind="text", zh="质量", en="Quality"),
)


def layer(order: int = 1, **over: Any) -> Layer:
    facts: dict[str, Any] = {
        "order": order, "organisation_id": f"org-layer-{order}", "person_id": f"person-layer-{order}",
        "name": f"示例保管人{order}", "recipient": recipient_of(generate_identity()),
    }  # fmt: skip
    return Layer(**facts | over)


def terms(**over: Any) -> Terms:
    """Lawful terms of a mandatory construction tender, on sale at NOON, closing 21 days later."""
    deadline = over.get("bid_deadline", NOON + 21 * DAY)
    facts: dict[str, Any] = {
        "tender_id": "T-1", "lot_code": "E3307030001-01", "title": "示例新城小学教学楼施工",
        "regime": Regime.ZTB, "category": Category.WORKS, "project_type": ProjectType.CONSTRUCTION,
        "is_mandatory": True, "is_invited": False,
        "procuring_entity": "示例区教育局", "agency": "示例招标代理有限公司",
        "place": "网上开标大厅", "township": "330703101000", "venue": "district",
        "estimate_fen": 1_000_000_000, "price_cap_fen": 990_000_000, "deposit_fen": 20_000_000,
        "sheet": SHEET,
        "docs_from": NOON, "docs_until": NOON + 7 * DAY, "questions_until": deadline - 10 * DAY,
        "bid_deadline": deadline, "opening_time": deadline, "bid_validity_days": 90,
        "layers": (layer(1), layer(2)), "rule_set_version": "2026-1",
        "documents": ({"name": "招标文件.pdf", "size": 1024, "sha256": "ab" * 32},),
    }  # fmt: skip
    return Terms(**facts | over)


async def project(session: AsyncSession, **over: Any) -> Project:
    facts: dict[str, Any] = {
        "id": new_id(), "code": new_id(), "name": "示例新城小学", "regime": "ZTB", "is_mandatory": True,
        "procuring_entity_id": OWNER, "agency_id": AGENCY, "township": "330703101000", "created_at": NOON,
    }  # fmt: skip
    row = Project(**facts | over)
    session.add(row)
    await session.flush()
    return row


async def tender(session: AsyncSession, state: TenderState = TenderState.BIDDING, **over: Any) -> Tender:
    """A tender's row in *state* with its published version, as if it had come there by its acts."""
    home, name = await project(session), new_id()
    asked = terms(tender_id=name, lot_code=name, **over)
    fixed = asked if state == TenderState.DRAFT else replace(asked, invited=())
    row = Tender(
        id=name, project_id=home.id, lot_no=1, lot_code=name, state=state, terms=fixed.plain(),
        title=fixed.title, category=fixed.category, project_type=fixed.project_type, township=fixed.township,
        procuring_entity_id=OWNER, agency_id=AGENCY, docs_from=fixed.docs_from,
        bid_deadline=fixed.bid_deadline, opening_time=fixed.opening_time, created_at=NOON,
        invited=[] if state == TenderState.DRAFT else list(asked.invited),
    )  # fmt: skip
    session.add(row)
    if state != TenderState.DRAFT:
        row.version, row.notice_sha256, row.published_at = 1, fixed.sha256, NOON
        row.suspended_at = NOON if state == TenderState.SUSPENDED else None
        await session.flush()
        version = NoticeVersion(
            tender_id=name, version=1, notice_sha256=fixed.sha256, terms=fixed.plain(), published_at=NOON
        )
        session.add(version)
    await session.flush()
    return row


def actor(organisation: str, person: str = "", *roles: Role) -> Actor:
    """Someone of an organisation, with these roles on the tender at hand."""
    return Actor(
        person_id=person or f"{organisation}-person", organisation_id=organisation, name="示例人",
        roles=frozenset(roles), organisation=organisation, certificate_sha256="00" * 32,
        tender_roles=frozenset(roles),
    )  # fmt: skip


HOST = actor(AGENCY, "", Role.AGENCY_HOST)
SUPERVISOR = actor("org-supervisor", "", Role.SUPERVISOR)


def unit(session: AsyncSession, moment: datetime = NOON, by: str = "tester") -> Unit:
    return Unit(session, by=by, clock=at(moment))


async def organisation(session: AsyncSession, name: str) -> str:
    """An organisation of this id, and one person who acts for it."""
    session.add(Organisation(id=name, uscc=name.ljust(18, "0")[:18], name=name, kinds=[], registered_at=NOON))
    await session.flush()
    await person(session, f"{name}-person", name)
    return name


async def person(session: AsyncSession, name: str, organisation_id: str) -> str:
    index = hashlib.sha256(name.encode()).digest()
    session.add(Person(id=name, name=name, id_number_sealed=b"", id_number_index=index, registered_at=NOON))
    await session.flush()
    session.add(Membership(person_id=name, organisation_id=organisation_id, roles=[], since=NOON))
    await session.flush()
    return name


async def desk(session: AsyncSession) -> None:
    """The organisations that every tender of these tests needs."""
    for name in (OWNER, AGENCY, "org-supervisor"):
        await organisation(session, name)


async def drafted(session: AsyncSession, **over: Any) -> tuple[Tender, dict[str, str]]:
    """A lawful draft whose two layer holders gave and proved their keys at NOON; with their identities."""
    await desk(session)
    home = await project(session, code=new_id())
    plan = terms(layers=(), documents=(), **over)
    order = NewTender(project_id=home.id, lot_no=1, lot_code=new_id(), terms=plan)
    row = await draft_tender(unit(session), order, actor=HOST)
    file = StoredFile(name="招标文件.pdf", size=1024, sha256="ab" * 32, key="documents/1")
    await store_document(unit(session), row.id, file)
    names = tuple(
        HolderName(organisation_id=one, person_id=f"{one}-person", name=one)
        for one in (OWNER, "org-supervisor")
    )
    await name_holders(unit(session), row.id, Holders(layers=names))
    keys = {name.person_id: generate_identity() for name in names}
    for one, identity in keys.items():
        await keyed(session, row.id, one, identity)
    return row, keys


async def keyed(
    session: AsyncSession, tender_id: str, person_id: str, identity: str, moment: datetime = NOON
) -> None:
    """Let a holder give its key and pass the ceremony of liveness."""
    holder = actor("org", person_id)
    await give_key(unit(session, moment), tender_id, recipient_of(identity), actor=holder)
    proof = await ask_liveness(unit(session, moment), tender_id, actor=holder)
    nonce = answer(identity, proof.challenge)
    await prove_liveness(unit(session, moment), tender_id, proof.id, nonce, actor=holder)


async def on_sale(session: AsyncSession, **over: Any) -> Tender:
    """A tender that went through its draft, its ceremony and its publication at NOON."""
    row, _keys = await drafted(session, **over)
    return await publish(unit(session), Publication(tender_id=row.id))


async def kinds(session: AsyncSession, stream: str) -> list[str]:
    """The kinds of acts in a stream, in order."""
    return [entry.kind for entry in await since(session, stream, 0)]
