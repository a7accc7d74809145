"""What the clock has to do for tenders before their deadline; each transition happens exactly once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.tender.calendar import DAY
from bidding.tender.service.objections import replies_fall_due
from bidding.tender.service.publication import documents_fall_due
from bidding.tender.states import TenderState
from bidding.tender.tables import Objection, Tender
from crypto.ledger import Unit

DOCUMENTS, REPLIES = "tender.documents", "tender.replies"
_PERFORM = {DOCUMENTS: documents_fall_due, REPLIES: replies_fall_due}


async def due(session: AsyncSession, *, now: datetime) -> list[tuple[str, str]]:
    """The (kind, tender_id) pairs whose hour has come by *now*; asked again they may have gone."""
    offers = select(Tender.id).where(Tender.state == TenderState.NOTICE_PUBLISHED, Tender.docs_from <= now)
    replies = select(Objection.tender_id).distinct().where(
        Objection.answered_at.is_(None), Objection.reminded_at.is_(None), Objection.reply_by <= now + DAY
    )  # fmt: skip
    found = [(DOCUMENTS, name) for name in (await session.execute(offers)).scalars()]
    return found + [(REPLIES, name) for name in (await session.execute(replies)).scalars()]


async def perform(unit: Unit, kind: str, tender_id: str) -> None:
    """Do what fell due; does nothing where another replica was faster."""
    await _PERFORM[kind](unit, tender_id)
