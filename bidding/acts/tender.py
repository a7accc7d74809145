"""What happens to a tender before its opening: drafted, published, asked about, amended, paused, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bidding.acts import BidderAct, DeskAct, PlatformAct, PublicAct


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(PlatformAct):
    """A project was opened, to be tendered in one or more lots."""

    kind = "project.created"
    project_id: str
    code: str
    name: str
    procuring_entity_id: str
    agency_id: str


@dataclass(frozen=True, kw_only=True)
class WorkdayOverridden(PlatformAct):
    """A day was made a working day or a holiday by decree, against the calendar's seed."""

    kind = "calendar.day-overridden"
    day: str
    is_workday: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class CalendarYearConfirmed(PlatformAct):
    """The holidays of a year were compared with the State Council's notice and confirmed."""

    kind = "calendar.year-confirmed"
    year: int
    document_no: str


@dataclass(frozen=True, kw_only=True)
class TenderDrafted(DeskAct):
    """A lot got its first draft of terms."""

    kind = "tender.drafted"
    project_id: str
    lot_code: str
    round: int
    terms_sha256: str


@dataclass(frozen=True, kw_only=True)
class DraftEdited(DeskAct):
    """The draft was changed; `revision` counts its versions."""

    kind = "tender.draft-edited"
    revision: int
    terms_sha256: str


@dataclass(frozen=True, kw_only=True)
class HoldersNamed(DeskAct):
    """The layer holders and the committee of share holders were named."""

    kind = "tender.holders-named"
    layers: tuple[dict[str, Any], ...]
    committee: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class HolderKeyGiven(DeskAct):
    """A holder handed in the recipient that bids will be sealed to."""

    kind = "tender.holder-key-given"
    person_id: str
    recipient: str


@dataclass(frozen=True, kw_only=True)
class LivenessAsked(DeskAct):
    """A holder was asked to open a small age file made to its recipient."""

    kind = "tender.liveness-asked"
    person_id: str
    recipient: str
    challenge_sha256: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class LivenessProven(DeskAct):
    """The holder answered with what was in the file: the key is in its hands and works."""

    kind = "tender.liveness-proven"
    person_id: str
    recipient: str
    challenge_sha256: str


@dataclass(frozen=True, kw_only=True)
class LivenessFallsDue(DeskAct):
    """The deadline is near and these holders have not shown again that their keys work."""

    kind = "tender.liveness-falls-due"
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DocumentStored(DeskAct):
    """A file of the bidding documents was stored, named by its hash."""

    kind = "tender.document-stored"
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class WarningOverridden(DeskAct):
    """The desk went on in spite of a finding that does not bind this tender, and said why."""

    kind = "tender.warning-overridden"
    code: str
    rule: str
    reason: str
    attempted: str


@dataclass(frozen=True, kw_only=True)
class NoticePublished(PublicAct):
    """The notice and its terms were published, fixed by hash."""

    kind = "notice.published"
    version: int
    terms: dict[str, Any]
    notice_sha256: str
    previous: str | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentsOffered(PublicAct):
    """The bidding documents are on offer to anyone with an account (E-11)."""

    kind = "documents.offered"
    documents: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class NoticeAmended(PublicAct):
    """A new version of the terms replaces the one it names as `previous`."""

    kind = "notice.amended"
    version: int
    terms: dict[str, Any]
    notice_sha256: str
    previous: str
    reason: str
    affects_bid_preparation: bool
    requires_resubmission: bool


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(PublicAct):
    """The deadline, and with it the opening, was moved to a later instant."""

    kind = "deadline.extended"
    version: int
    terms: dict[str, Any]
    notice_sha256: str
    previous: str
    bid_deadline: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class TenderRescheduled(PublicAct):
    """A paused tender got a new deadline for everyone alike."""

    kind = "tender.rescheduled"
    version: int
    terms: dict[str, Any]
    notice_sha256: str
    previous: str
    bid_deadline: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClarificationPublished(PublicAct):
    """An answer for everyone, which names no one who asked (ZTBF art. 22, TL art. 21)."""

    kind = "clarification.published"
    clarification_id: str
    number: int
    text: str
    questions: tuple[str, ...]
    affects_bid_preparation: bool
    documents: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentsTaken(BidderAct):
    """A bidder took the bidding documents; nobody else learns it before the deadline (E-08)."""

    kind = "documents.taken"
    version: int
    person_id: str
    notice_sha256: str


@dataclass(frozen=True, kw_only=True)
class BidderInvited(BidderAct):
    """A bidder was invited; nobody else learns it before the deadline (E-08)."""

    kind = "bidder.invited"
    notice_sha256: str


@dataclass(frozen=True, kw_only=True)
class ClarificationDelivered(BidderAct):
    """A clarification was pushed to a bidder that took the documents (T-05)."""

    kind = "clarification.delivered"
    clarification_id: str
    number: int


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(BidderAct):
    """A bidder asked a question."""

    kind = "question.asked"
    question_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionReceived(DeskAct):
    """The desk got a question, without its author."""

    kind = "question.received"
    question_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ClarificationRead(BidderAct):
    """A bidder opened a clarification: its read receipt."""

    kind = "clarification.read"
    clarification_id: str


@dataclass(frozen=True, kw_only=True)
class DocumentObjectionRaised(BidderAct):
    """A bidder objected to the bidding documents; `is_late` if fewer than ten days were left (T-06)."""

    kind = "document-objection.raised"
    objection_id: str
    text: str
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class DocumentObjectionReceived(DeskAct):
    """The desk got an objection, without its author, and has until `reply_by` to answer (T-07)."""

    kind = "document-objection.received"
    objection_id: str
    text: str
    is_late: bool
    reply_by: datetime


@dataclass(frozen=True, kw_only=True)
class ReplyFallsDue(DeskAct):
    """Two of the three days for answering an objection are over; the supervisor is told (T-07)."""

    kind = "document-objection.reply-falls-due"
    objection_id: str
    reply_by: datetime


@dataclass(frozen=True, kw_only=True)
class ObjectionPaused(PublicAct):
    """The procedure stands still until an objection to the documents is answered (T-07)."""

    kind = "tender.objection-paused"


@dataclass(frozen=True, kw_only=True)
class DocumentObjectionAnswered(PublicAct):
    """An objection was answered in public, without its author."""

    kind = "document-objection.answered"
    objection_id: str
    text: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ObjectionsSettled(PublicAct):
    """No objection is open any more: the procedure goes on."""

    kind = "tender.objections-settled"


@dataclass(frozen=True, kw_only=True)
class TenderSuspended(PublicAct):
    """The tender was suspended (中止) for a stated cause."""

    kind = "tender.suspended"
    cause: str
    reason: str
    document_no: str


@dataclass(frozen=True, kw_only=True)
class TenderResumed(PublicAct):
    """The cause is gone: the tender goes on."""

    kind = "tender.resumed"
    reason: str
    document_no: str


@dataclass(frozen=True, kw_only=True)
class TenderTerminated(PublicAct):
    """The tender was ended for good (终止招标); fees and deposits go back by `refund_by` (T-25)."""

    kind = "tender.terminated"
    reason: str
    document_no: str
    refund_by: datetime


@dataclass(frozen=True, kw_only=True)
class TenderRetendered(PublicAct):
    """A failed tender was put out again as another one."""

    kind = "tender.retendered"
    next_tender_id: str
    round: int
