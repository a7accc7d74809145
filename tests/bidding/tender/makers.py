"""One plain function per noun of the tender room, every default lawful, everything overridable."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.tender.states import TenderState
from bidding.tender.tables import NoticeVersion, Project, Tender
from bidding.tender.terms import Category, Layer, ProjectType, Regime, SheetField, Terms
from crypto.age import generate_identity, recipient_of
from crypto.ledger.ids import new_id
from tests.conftest import NOON

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
    fixed = terms(tender_id=name, lot_code=name, **over)
    row = Tender(
        id=name, project_id=home.id, lot_no=1, lot_code=name, state=state, terms=fixed.plain(),
        title=fixed.title, category=fixed.category, project_type=fixed.project_type, township=fixed.township,
        procuring_entity_id=OWNER, agency_id=AGENCY, docs_from=fixed.docs_from,
        bid_deadline=fixed.bid_deadline, opening_time=fixed.opening_time, created_at=NOON,
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
