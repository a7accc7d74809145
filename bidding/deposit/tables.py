"""What is known of each bidder's deposit. Secret before the deadline (E-08)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bidding.deposit.states import DepositStatus
from crypto.ledger.tables import Base


class DepositFact(Base):
    """One entry of one person; it counts when a second person has confirmed it."""

    __tablename__ = "deposit_fact"
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", "confirmed_when"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", "two_people"),
        CheckConstraint("amount_fen >= 0", "no_negative_deposit"),
    )

    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    bidder_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    status: Mapped[DepositStatus]
    amount_fen: Mapped[int]
    reference: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[str] = mapped_column(String(36))
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(36))
    confirmed_at: Mapped[datetime | None]
