"""How a tender moves: one act, one new state, one entry, and a new version of its terms where it has one."""

from dataclasses import replace
from datetime import datetime

from bidding.acts.tender import WarningOverridden
from bidding.refusals import Refusal
from bidding.tender.states import after
from bidding.tender.tables import NoticeVersion, Tender
from bidding.tender.terms import Terms
from crypto.ledger import Act, Entry, Unit


async def move(unit: Unit, tender: Tender, act: Act) -> Entry:
    """Take the tender where *act* leads and record it. Raises TenderOutOfOrder."""
    tender.state = after(tender.state, act)
    return await unit.record(act)


def rewrite(tender: Tender, terms: Terms) -> None:
    """Let the row say what *terms* say; the columns are there to be searched by."""
    tender.terms = terms.plain()
    tender.title, tender.category = terms.title, terms.category
    tender.project_type, tender.township = terms.project_type, terms.township
    tender.bid_deadline, tender.opening_time = terms.bid_deadline, terms.opening_time
    tender.docs_from = terms.docs_from


def moved_to(terms: Terms, deadline: datetime) -> Terms:
    """The same terms with another deadline, which the opening always shares (T-10)."""
    return replace(terms, bid_deadline=deadline, opening_time=deadline)


async def new_version(
    unit: Unit, tender: Tender, terms: Terms, *, reason: str = "", requires_resubmission: bool = False
) -> NoticeVersion:
    """Write *terms* down as the tender's next published version, chained to the one before by hash."""
    version = NoticeVersion(
        tender_id=tender.id, version=tender.version + 1, notice_sha256=terms.sha256,
        previous=tender.notice_sha256, terms=terms.plain(), reason=reason,
        requires_resubmission=requires_resubmission, published_at=await unit.now(),
    )  # fmt: skip
    rewrite(tender, terms)
    tender.version, tender.notice_sha256 = version.version, version.notice_sha256
    unit.session.add(version)
    return version


async def override(unit: Unit, tender: Tender, refusal: Refusal, *, reason: str, attempted: str) -> Entry:
    """Log that the desk went on in spite of *refusal*, which does not bind this tender."""
    act = WarningOverridden(
        tender_id=tender.id, code=refusal.code, rule=refusal.rule, reason=reason, attempted=attempted
    )
    return await unit.record(act)
