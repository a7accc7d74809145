"""Questions about tenders."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.refusals.tender import TenderAbsent
from bidding.tender.tables import NoticeVersion, Tender
from bidding.tender.terms import Terms, fold
from crypto.ledger import Unit


async def lock_tender(unit: Unit, tender_id: str, *, share: bool = False) -> Tender:
    """The tender's row, read afresh and locked until the transaction ends: the first lock of every verb.

    Submitters share the lock; whoever moves the tender takes it alone. Raises TenderAbsent.
    """
    asked = select(Tender).where(Tender.id == tender_id).with_for_update(read=share)
    fresh = {"populate_existing": True}
    tender = (await unit.session.execute(asked, execution_options=fresh)).scalar_one_or_none()
    if tender is None:
        raise TenderAbsent(tender_id=tender_id)
    return tender


async def get(session: AsyncSession, tender_id: str) -> Tender:
    """The tender as it stands, without a lock. Raises TenderAbsent."""
    tender = await session.get(Tender, tender_id)
    if tender is None:
        raise TenderAbsent(tender_id=tender_id)
    return tender


def terms_of(tender: Tender) -> Terms:
    """The draft's terms, or the newest published ones."""
    return fold(tender.terms)


async def versions(session: AsyncSession, tender_id: str) -> list[NoticeVersion]:
    """Every published version of the terms, oldest first."""
    asked = select(NoticeVersion).where(NoticeVersion.tender_id == tender_id).order_by(NoticeVersion.version)
    return list((await session.execute(asked)).scalars())


async def acceptable_notices(session: AsyncSession, tender_id: str) -> frozenset[str]:
    """The notice hashes a bid may still name: the newest, and older ones up to a required resubmission."""
    accepted: set[str] = set()
    for version in reversed(await versions(session, tender_id)):
        accepted.add(version.notice_sha256)
        if version.requires_resubmission:
            break
    return frozenset(accepted)
