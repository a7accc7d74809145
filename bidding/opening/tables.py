"""The rows of openings: where each stands, its windows, its bids, the keys that came in, and its record."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bidding.opening.stages import Stage
from bidding.opening.states import Answer, BidStatus, OpeningState
from crypto.ledger.tables import Base

ID, HEX = String(36), String(64)


class Opening(Base):
    """One opening; the tender's row is locked before this one."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", "paused_since"),
        CheckConstraint(
            "state NOT IN ('scheduled', 'sign_in_open') OR deadline_reached_at IS NULL",
            "deadline_in_its_time",
        ),
        CheckConstraint("state NOT IN ('closed', 'published') OR closed_at IS NOT NULL", "closed_when"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", "published_when"),
        CheckConstraint("record_version >= 0", "versions_from_one"),
        CheckConstraint("(few_proposed IS NULL) = (few_proposed_by IS NULL)", "proposed_by_someone"),
    )

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("tender.id"), primary_key=True)
    state: Mapped[OpeningState] = mapped_column(default=OpeningState.SCHEDULED)
    stage: Mapped[Stage] = mapped_column(default=Stage.LOBBY)
    sign_in_from: Mapped[datetime]
    deadline: Mapped[datetime] = mapped_column(index=True)
    deadline_reached_at: Mapped[datetime | None]
    host_late_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    list_published_at: Mapped[datetime | None]
    cap_announced_at: Mapped[datetime | None]
    discipline_read_at: Mapped[datetime | None]
    decryption_ended_at: Mapped[datetime | None]
    analysed_at: Mapped[datetime | None]
    files_handed_over_at: Mapped[datetime | None]
    coefficient: Mapped[str | None] = mapped_column(String(40))
    few_proposed: Mapped[str | None] = mapped_column(String(20))
    few_proposed_by: Mapped[str | None] = mapped_column(String(80))
    few_decision: Mapped[str | None] = mapped_column(String(20))
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(Text, default="")
    record_version: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class Window(Base):
    """One span of an opening. While it is frozen it has no end, only microseconds that are left."""

    __tablename__ = "opening_window"
    __table_args__ = (
        CheckConstraint(
            "closed_at IS NOT NULL OR (closes_at IS NULL) = (left_us IS NOT NULL)", "frozen_or_not"
        ),
        Index(
            "ix_opening_window_one_open",
            "tender_id",
            "kind",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    left_us: Mapped[int | None]
    closed_at: Mapped[datetime | None]


class SignIn(Base):
    """A delegate who signed in. Secret before the deadline (E-08)."""

    __tablename__ = "opening_sign_in"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    bidder_id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ID)
    delegate: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class OpeningBid(Base):
    """One bid at the opening; made when the deadline falls, from the bidder's own stream."""

    __tablename__ = "opening_bid"
    __table_args__ = (
        CheckConstraint("(released_at IS NULL) = (key_at_rest IS NULL)", "released_with_key"),
        CheckConstraint("status NOT IN ('decrypted', 'announced') OR items IS NOT NULL", "opened_with_items"),
        CheckConstraint("status <> 'announced' OR announced_at IS NOT NULL", "announced_when"),
        CheckConstraint("number >= 1", "numbers_from_one"),
    )

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    bidder_id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    uscc: Mapped[str] = mapped_column(String(18))
    bid_id: Mapped[str] = mapped_column(ID, unique=True)
    entry_id: Mapped[int]
    statement_sha256: Mapped[str] = mapped_column(HEX)
    recipient: Mapped[str] = mapped_column(String(120))
    has_fallback: Mapped[bool]
    submitted_at: Mapped[datetime]
    status: Mapped[BidStatus]
    cause: Mapped[str] = mapped_column(Text, default="")
    identity_ok: Mapped[bool | None]
    deposit: Mapped[str | None] = mapped_column(String(20))
    deposit_fen: Mapped[int | None]
    key_at_rest: Mapped[bytes | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(String(20), default="")
    items: Mapped[dict[str, Any] | None]
    findings: Mapped[list[Any]] = mapped_column(default=list)
    sheet_key_at_rest: Mapped[bytes | None]
    docs_key_at_rest: Mapped[bytes | None]
    manifest_sha256: Mapped[str | None] = mapped_column(HEX)
    opened_at: Mapped[datetime | None]
    price_answer: Mapped[Answer] = mapped_column(default=Answer.NONE)
    price_note: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime | None]
    has_no_objection: Mapped[bool] = mapped_column(default=False)
    record_answer: Mapped[Answer] = mapped_column(default=Answer.NONE)
    record_note: Mapped[str] = mapped_column(Text, default="")
    record_answered_at: Mapped[datetime | None]


class SharePost(Base):
    """A share of one bid's layer key, as a committee member decrypted it; kept encrypted at rest."""

    __tablename__ = "opening_share"
    __table_args__ = (
        ForeignKeyConstraint(["tender_id", "bidder_id"], ["opening_bid.tender_id", "opening_bid.bidder_id"]),
    )

    tender_id: Mapped[str] = mapped_column(ID, primary_key=True)
    bidder_id: Mapped[str] = mapped_column(ID, primary_key=True)
    member: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    share_at_rest: Mapped[bytes]
    posted_at: Mapped[datetime]


class LayerRelease(Base):
    """A layer's identity, public from the moment it was released."""

    __tablename__ = "opening_layer"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(String(120))
    released_by: Mapped[str] = mapped_column(String(80))
    released_at: Mapped[datetime]


class Objection(Base):
    """An objection raised and answered on the spot (K-04)."""

    __tablename__ = "opening_objection"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered_when"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), index=True)
    bidder_id: Mapped[str] = mapped_column(ID)
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None]


class RecordVersion(Base):
    """One version of the opening record; old ones stay."""

    __tablename__ = "opening_record"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(HEX)
    previous_sha256: Mapped[str | None] = mapped_column(HEX)
    drawn_by: Mapped[str] = mapped_column(String(80))
    drawn_at: Mapped[datetime]


class RecordSignature(Base):
    """One person on duty put a name to one version."""

    __tablename__ = "opening_record_signature"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)
    person_id: Mapped[str] = mapped_column(ID)
    name: Mapped[str] = mapped_column(String(100))
    signed_at: Mapped[datetime]


class Incident(Base):
    """What went wrong, as the host reported it to the supervisor."""

    __tablename__ = "opening_incident"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), index=True)
    bidder_id: Mapped[str | None] = mapped_column(ID)
    text: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(String(80))
    reported_at: Mapped[datetime]


class Draw(Base):
    """The draw of a coefficient; `transcript` is what anyone recomputes it from."""

    __tablename__ = "opening_draw"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening.tender_id"), primary_key=True)
    draw_id: Mapped[str] = mapped_column(ID, unique=True)
    state: Mapped[str] = mapped_column(String(20))
    spec: Mapped[dict[str, Any]]
    spec_sha256: Mapped[str] = mapped_column(HEX)
    commits_sha256: Mapped[str | None] = mapped_column(HEX)
    reveals_until: Mapped[datetime | None]
    first_value: Mapped[str | None] = mapped_column(String(200))
    first_by: Mapped[str | None] = mapped_column(String(80))
    transcript: Mapped[dict[str, Any] | None]


class DrawParty(Base):
    """What one party committed to, and its secret once revealed."""

    __tablename__ = "opening_draw_party"

    tender_id: Mapped[str] = mapped_column(ID, ForeignKey("opening_draw.tender_id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(80), primary_key=True)
    commitment: Mapped[str] = mapped_column(HEX)
    secret: Mapped[str | None] = mapped_column(HEX)


class FileInspection(Base):
    """The files of one opened bid were looked into, once; `codes` counts what was found by its code."""

    __tablename__ = "opening_inspection"
    __table_args__ = (
        ForeignKeyConstraint(["tender_id", "bidder_id"], ["opening_bid.tender_id", "opening_bid.bidder_id"]),
        CheckConstraint("files >= 0 AND bytes >= 0", "counted"),
    )

    tender_id: Mapped[str] = mapped_column(ID, primary_key=True)
    bidder_id: Mapped[str] = mapped_column(ID, primary_key=True)
    files: Mapped[int]
    bytes: Mapped[int]
    codes: Mapped[dict[str, Any]]
    inspected_at: Mapped[datetime]


class FileFinding(Base):
    """One file of an opened bid in which something was found; files without a finding have no row."""

    __tablename__ = "file_finding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "bidder_id"], ["opening_inspection.tender_id", "opening_inspection.bidder_id"]
        ),
    )

    tender_id: Mapped[str] = mapped_column(ID, primary_key=True)
    bidder_id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(HEX)
    kind: Mapped[str] = mapped_column(String(20))
    findings: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
