"""The rows of tenders as they stand now; how they came to stand so is in the ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bidding.tender.states import TenderState
from crypto.ledger.tables import Base


class Project(Base):
    """What is to be built or bought; it is tendered in one or more lots."""

    __tablename__ = "project"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    regime: Mapped[str] = mapped_column(String(20))
    is_mandatory: Mapped[bool]
    procuring_entity_id: Mapped[str] = mapped_column(String(36))
    agency_id: Mapped[str] = mapped_column(String(36))
    township: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]


class Tender(Base):
    """One lot (标段). `terms` is the draft until publication, then the newest published version."""

    __tablename__ = "tender"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", "published_unless_draft"),
        CheckConstraint("(published_at IS NULL) = (notice_sha256 IS NULL)", "hash_when_published"),
        CheckConstraint("(state = 'suspended') = (suspended_at IS NOT NULL)", "suspended_since"),
        CheckConstraint("state = 'draft' OR opening_time = bid_deadline", "opens_at_the_deadline"),
        CheckConstraint("version >= 0 AND revision >= 1 AND round >= 1", "counts"),
        UniqueConstraint("project_id", "lot_no", "round"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    lot_no: Mapped[int]
    lot_code: Mapped[str] = mapped_column(String(80), unique=True)
    round: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("tender.id"))
    state: Mapped[TenderState] = mapped_column(default=TenderState.DRAFT)
    terms: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=0)
    notice_sha256: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    category: Mapped[str] = mapped_column(String(20))
    project_type: Mapped[str] = mapped_column(String(20))
    township: Mapped[str] = mapped_column(String(12), index=True)
    procuring_entity_id: Mapped[str] = mapped_column(String(36))
    agency_id: Mapped[str] = mapped_column(String(36))
    docs_from: Mapped[datetime]
    bid_deadline: Mapped[datetime] = mapped_column(index=True)
    opening_time: Mapped[datetime]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    liveness_checked_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None] = mapped_column(Text)
    # Whom the desk invited; never published, for their names and number are secret (ZTBF art. 22).
    invited: Mapped[list[Any]] = mapped_column(default=list)


class NoticeVersion(Base):
    """One published version of the terms; each names the one before it by hash."""

    __tablename__ = "notice_version"

    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice_sha256: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str | None] = mapped_column(String(64))
    terms: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    requires_resubmission: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime]


class KeyProof(Base):
    """One question to a holder, whether its key still opens what is sealed to it."""

    __tablename__ = "key_proof"
    __table_args__ = (CheckConstraint("proven_at IS NULL OR proven_at <= expires_at", "in_time"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    recipient: Mapped[str] = mapped_column(String(80))
    nonce_sha256: Mapped[str] = mapped_column(String(64))
    challenge: Mapped[bytes]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    proven_at: Mapped[datetime | None]


class Document(Base):
    """A file of the bidding documents; its bytes lie in the vault under `key`."""

    __tablename__ = "tender_document"
    __table_args__ = (UniqueConstraint("tender_id", "name", "sha256"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    stored_at: Mapped[datetime]


class Taking(Base):
    """That a bidder took the documents. Secret before the deadline (E-08)."""

    __tablename__ = "document_taking"

    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    bidder_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int]
    taken_at: Mapped[datetime]


class Question(Base):
    """A bidder's question; the desk is shown the text alone."""

    __tablename__ = "tender_question"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), index=True)
    bidder_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    clarification_id: Mapped[str | None] = mapped_column(ForeignKey("clarification.id"))


class Clarification(Base):
    """An answer published to everyone."""

    __tablename__ = "clarification"
    __table_args__ = (UniqueConstraint("tender_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    affects_bid_preparation: Mapped[bool]
    published_at: Mapped[datetime]


class ReadReceipt(Base):
    """That a bidder opened a clarification. Secret before the deadline (E-08)."""

    __tablename__ = "clarification_read"

    clarification_id: Mapped[str] = mapped_column(ForeignKey("clarification.id"), primary_key=True)
    bidder_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    read_at: Mapped[datetime]


class Objection(Base):
    """An objection to the bidding documents (T-06, T-07)."""

    __tablename__ = "tender_objection"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered_when"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tender.id"), index=True)
    bidder_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[str] = mapped_column(Text)
    is_late: Mapped[bool]
    raised_at: Mapped[datetime]
    reply_by: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]


class CalendarOverride(Base):
    """A day that the State Council made a holiday or a working day, against the seed (CAL-8)."""

    __tablename__ = "calendar_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(100))


class CalendarYear(Base):
    """A year whose holidays someone confirmed against the State Council's notice."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_no: Mapped[str] = mapped_column(String(100))
    confirmed_at: Mapped[datetime]
