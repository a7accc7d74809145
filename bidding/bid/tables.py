"""Bids, what they consist of, and the uploads their bytes came in by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bidding.bid.states import BidState, UploadState
from crypto.ledger.tables import Base

HEX = 64
_COUNTING = text("state NOT IN ('replaced', 'withdrawn')")


class Bid(Base):
    """One submission of one bidder: a round. Earlier rounds stay, with their hashes, as `replaced`."""

    __tablename__ = "bid"
    __table_args__ = (
        UniqueConstraint("tender_id", "bidder_id", "round"),
        Index(
            "ix_bid_one_counts",
            "tender_id",
            "bidder_id",
            unique=True,
            sqlite_where=_COUNTING,
            postgresql_where=_COUNTING,
        ),
        CheckConstraint("(state IN ('submitted', 'opened')) = (ended_at IS NULL)", "ended_unless_standing"),
        CheckConstraint("(round = 1) = (previous_statement_sha256 IS NULL)", "previous_unless_first"),
        CheckConstraint("round >= 1", "rounds_from_one"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"))
    bidder_id: Mapped[str] = mapped_column(String(36), index=True)
    submitted_by: Mapped[str] = mapped_column(String(36))
    round: Mapped[int]
    state: Mapped[BidState]
    submitted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(String(300), default="")
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    statement_sha256: Mapped[str] = mapped_column(String(HEX), unique=True)
    previous_statement_sha256: Mapped[str | None] = mapped_column(String(HEX))
    bidder_certificate_sha256: Mapped[str] = mapped_column(String(HEX))
    notice_sha256: Mapped[str] = mapped_column(String(HEX))
    layer_recipient: Mapped[str] = mapped_column(String(120))
    has_fallback: Mapped[bool]
    entry_id: Mapped[int | None] = mapped_column(unique=True)


class Upload(Base):
    """The bytes of one object on their way in, known to their owner alone."""

    __tablename__ = "bid_upload"
    __table_args__ = (
        CheckConstraint("(state = 'receiving') = (sha256 IS NULL)", "hashed_when_whole"),
        CheckConstraint("(state = 'receiving') = (completed_at IS NULL)", "dated_when_whole"),
        CheckConstraint("state = 'receiving' OR received = size", "whole_when_completed"),
        CheckConstraint("received BETWEEN 0 AND size", "received_within_size"),
        CheckConstraint("(state = 'taken') = (expires_at IS NULL)", "expires_unless_taken"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"))
    owner_id: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(HEX))
    state: Mapped[UploadState] = mapped_column(default=UploadState.RECEIVING)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class UploadPart(Base):
    """One stretch of an upload, stored as one object of its own and never joined to its neighbours."""

    __tablename__ = "bid_upload_part"

    upload_id: Mapped[str] = mapped_column(ForeignKey("bid_upload.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    key: Mapped[str] = mapped_column(String(200), unique=True)


class BidObject(Base):
    """One ciphertext of a bid."""

    __tablename__ = "bid_object"

    bid_id: Mapped[str] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(HEX))
    upload_id: Mapped[str] = mapped_column(ForeignKey("bid_upload.id"), unique=True)


class BidWeed(Base):
    """A digest or recipient that no other bid on the platform may show again (copied bids)."""

    __tablename__ = "bid_weed"

    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    bid_id: Mapped[str] = mapped_column(ForeignKey("bid.id"))


class BidOutcome(Base):
    """What came of a call with an idempotency key: the same call again gets the same answer."""

    __tablename__ = "bid_outcome"

    bidder_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    body_sha256: Mapped[str] = mapped_column(String(HEX))
    bid_id: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    entry_id: Mapped[int]
    at: Mapped[datetime]
