"""Questions about deposits; none is answered before the deadline, except to those who enter them (E-08)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.rules import refuse_before_deadline
from bidding.deposit.states import DepositStatus
from bidding.deposit.tables import DepositFact
from bidding.tender.queries import terms_of
from bidding.tender.tables import Tender


class DepositFacts(Protocol):
    """What the opening asks about deposits, whoever knows it."""

    def of(self, bidder_id: str) -> tuple[DepositStatus, int]:
        """The status and the amount (fen) of one bidder."""
        ...


@dataclass(frozen=True)
class EnteredFacts:
    """The facts two people entered by hand; where there is none the deposit is unpaid, or not asked for."""

    required_fen: int
    confirmed: Mapping[str, tuple[DepositStatus, int]]

    def of(self, bidder_id: str) -> tuple[DepositStatus, int]:
        missing = DepositStatus.UNPAID if self.required_fen else DepositStatus.WAIVED
        return self.confirmed.get(bidder_id, (missing, 0))


async def facts_for_opening(session: AsyncSession, tender: Tender) -> DepositFacts:
    """What is known of every bidder's deposit. Raises SealedBeforeDeadline before the deadline."""
    refuse_before_deadline(state=tender.state)
    asked = select(DepositFact).where(
        DepositFact.tender_id == tender.id, DepositFact.confirmed_at.is_not(None)
    )
    rows = (await session.execute(asked)).scalars()
    confirmed = {row.bidder_id: (row.status, row.amount_fen) for row in rows}
    return EnteredFacts(terms_of(tender).deposit_fen, confirmed)


async def own_fact(session: AsyncSession, tender_id: str, bidder_id: str) -> DepositFact | None:
    """What is known of the bidder's own deposit; for the bidder's own eyes."""
    return await session.get(DepositFact, (tender_id, bidder_id))


async def entered_by(session: AsyncSession, tender_id: str, person_id: str) -> list[DepositFact]:
    """The entries one person made: the only ones it may see before the deadline."""
    asked = select(DepositFact).where(DepositFact.tender_id == tender_id, DepositFact.entered_by == person_id)
    return list((await session.execute(asked.order_by(DepositFact.entered_at))).scalars())
