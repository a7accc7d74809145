"""What the clock has to do for tenders before their deadline; each transition happens exactly once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.tender.calendar import DAY
from bidding.tender.ruleset import NEWEST, RULE_SETS
from bidding.tender.service.holders import liveness_falls_due
from bidding.tender.service.objections import replies_fall_due
from bidding.tender.service.publication import documents_fall_due
from bidding.tender.states import TenderState
from bidding.tender.tables import Objection, Tender
from crypto.ledger import Unit

DOCUMENTS, REPLIES, LIVENESS = "tender.documents", "tender.replies", "tender.liveness"
_PERFORM = {DOCUMENTS: documents_fall_due, REPLIES: replies_fall_due, LIVENESS: liveness_falls_due}


async def due(session: AsyncSession, *, now: datetime) -> list[tuple[str, str]]:
    """The (kind, tender_id) pairs whose hour has come by *now*; asked again they may have gone."""
    offers = select(Tender.id).where(Tender.state == TenderState.NOTICE_PUBLISHED, Tender.docs_from <= now)
    replies = select(Objection.tender_id).distinct().where(
        Objection.answered_at.is_(None), Objection.reminded_at.is_(None), Objection.reply_by <= now + DAY
    )  # fmt: skip
    soon = now + RULE_SETS[NEWEST].liveness_again_days * DAY
    keys = select(Tender.id).where(
        Tender.state == TenderState.BIDDING, Tender.liveness_checked_at.is_(None), Tender.bid_deadline <= soon
    )  # fmt: skip
    found = [(DOCUMENTS, name) for name in (await session.execute(offers)).scalars()]
    found += [(REPLIES, name) for name in (await session.execute(replies)).scalars()]
    return found + [(LIVENESS, name) for name in (await session.execute(keys)).scalars()]


async def perform(unit: Unit, kind: str, tender_id: str) -> None:
    """Do what fell due; does nothing where another replica was faster."""
    await _PERFORM[kind](unit, tender_id)
