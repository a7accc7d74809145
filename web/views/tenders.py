"""Tenders, notices, questions and calendars, as they go out. No view of the desk names a bidder."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from bidding.tender import rules
from bidding.tender.check import Finding, Severity, deposit_limit_of, venue_of
from bidding.tender.defaults import SHEETS, Schedule
from bidding.tender.queries import terms_of
from bidding.tender.states import TenderState
from bidding.tender.tables import (
    CalendarOverride,
    Clarification,
    Document,
    KeyProof,
    NoticeVersion,
    Objection,
    Project,
    Question,
    ReadReceipt,
    Taking,
    Tender,
)
from bidding.tender.terms import Layer, ProjectType, Terms
from bidding.tender.townships import TOWNSHIPS
from crypto import jcs
from crypto.ledger import Entry
from web.views import View


class SheetFieldView(View):
    """One item of the opening sheet."""

    name: str
    kind: str
    zh: str
    en: str
    required: bool


class HolderView(View):
    """A holder of a key: its place among its peers, and the recipient it gave ("" before)."""

    organisation_id: str
    person_id: str
    name: str
    recipient: str


class LayerView(HolderView):
    """A holder of one layer; `order` 1 is the innermost named first."""

    order: int


class ShareHolderView(HolderView):
    """A holder of one share."""

    number: int


class CommitteeView(View):
    """The committee: any `m` of its members open a bid whose bidder cannot."""

    m: int
    members: list[ShareHolderView]


class CoefficientView(View):
    """What is drawn, and from what."""

    label: str
    candidates: list[str]
    beacon: str


class WindowsView(View):
    """Spans in seconds."""

    sign_in: int
    release: int
    fallback: int
    layers: int
    price_confirm: int
    objection: int
    record_confirm: int
    host_grace: int


class FileView(View):
    """A file of the bidding documents; size in bytes."""

    name: str
    size: int
    sha256: str


class TermsView(View):
    """The terms exactly as they are hashed: SHA-256 over their JCS form is `notice_sha256`."""

    tender_id: str
    lot_code: str
    title: str
    regime: str
    category: str
    project_type: str
    is_mandatory: bool
    is_invited: bool
    invited: list[str]
    procuring_entity: str
    agency: str
    place: str
    township: str
    venue: str
    estimate_fen: int
    price_cap_fen: int | None
    secret_base_price: bool
    deposit_fen: int
    price_type: str
    sheet: list[SheetFieldView]
    docs_from: str
    docs_until: str
    questions_until: str
    bid_deadline: str
    opening_time: str
    bid_validity_days: int
    layers: list[LayerView]
    committee: CommitteeView | None
    coefficient: CoefficientView | None
    windows: WindowsView
    few_decrypted: str
    absence_effect: str
    remedy: str
    max_bid_bytes: int
    rule_set_version: str
    documents: list[FileView]


class TenderView(View):
    """A tender as it stands; `now` is the server's own instant, to count down from."""

    id: str
    project_id: str
    lot_no: int
    round: int
    previous_id: str | None
    state: TenderState
    revision: int
    version: int
    notice_sha256: str | None
    published_at: datetime | None
    suspended_at: datetime | None
    ended_reason: str | None
    terms: TermsView
    now: datetime


class NoticeCard(View):
    """A tender in a list."""

    id: str
    lot_code: str
    title: str
    state: TenderState
    category: str
    project_type: str
    township: str
    docs_from: datetime
    bid_deadline: datetime
    published_at: datetime | None


class NoticePage(View):
    """A page of tenders; `next_after` is null on the last one."""

    notices: list[NoticeCard]
    next_after: str | None
    now: datetime


class VersionView(View):
    """One published version; `terms` hash to `notice_sha256`."""

    version: int
    notice_sha256: str
    previous: str | None
    reason: str
    requires_resubmission: bool
    published_at: datetime
    terms: TermsView


class VersionList(View):
    """All published versions, oldest first."""

    versions: list[VersionView]


class EntryView(View):
    """One act that everyone may hear."""

    seq: int
    kind: str
    at: datetime
    commitment: str
    body: dict[str, Any]


class Timeline(View):
    """The public acts of a tender, in order."""

    entries: list[EntryView]


class ProjectView(View):
    """A project."""

    id: str
    code: str
    name: str
    regime: str
    is_mandatory: bool
    procuring_entity_id: str
    agency_id: str
    township: str


class ProjectList(View):
    """The caller's projects, newest first."""

    projects: list[ProjectView]


class FindingView(View):
    """One thing that is wrong with a draft."""

    code: str
    rule: str
    article: str
    severity: Severity
    zh: dict[str, str]
    en: dict[str, str]


class Report(View):
    """Whether a draft may be published, what is wrong with it, and what the rules would have it be."""

    is_publishable: bool
    findings: list[FindingView]
    deposit_limit_fen: int | None
    recommended_venue: str | None


class ScheduleView(View):
    """Dates by the rules, earliest first."""

    docs_from: datetime
    docs_until: datetime
    questions_until: datetime
    bid_deadline: datetime
    opening_time: datetime


class HolderState(View):
    """A holder and when its key was last proven."""

    role: str
    place: int
    organisation_id: str
    person_id: str
    name: str
    recipient: str
    proven_at: datetime | None


class HolderStates(View):
    """The layer holders and the committee; `threshold` 0 without one."""

    holders: list[HolderState]
    threshold: int


class LivenessView(View):
    """A small age file (base64) to be opened with the holder's own key."""

    id: str
    challenge: str
    recipient: str
    expires_at: datetime
    proven_at: datetime | None


class DocumentView(View):
    """A stored file."""

    name: str
    size: int
    sha256: str
    stored_at: datetime


class DocumentList(View):
    """The stored files of a tender."""

    documents: list[DocumentView]


class TakingView(View):
    """That the caller's organisation took the documents."""

    tender_id: str
    version: int
    taken_at: datetime


class TakingList(View):
    """The tenders whose documents the caller's organisation took."""

    takings: list[TakingView]


class TakerView(View):
    """Who took the documents, told after the deadline."""

    bidder_id: str
    version: int
    taken_at: datetime


class ReceiptView(View):
    """Who read which clarification, told after the deadline."""

    clarification_id: str
    bidder_id: str
    read_at: datetime


class TakerList(View):
    """Takers and read receipts."""

    takers: list[TakerView]
    receipts: list[ReceiptView]


class QuestionView(View):
    """A question, without its author."""

    id: str
    text: str
    asked_at: datetime
    clarification_id: str | None


class QuestionList(View):
    """Questions in their order."""

    questions: list[QuestionView]


class ClarificationView(View):
    """A clarification; `is_read` is null for who is no bidder."""

    id: str
    number: int
    text: str
    affects_bid_preparation: bool
    published_at: datetime
    is_read: bool | None


class ClarificationList(View):
    """Clarifications in their order."""

    clarifications: list[ClarificationView]


class ObjectionView(View):
    """An objection, without its author."""

    id: str
    text: str
    is_late: bool
    raised_at: datetime
    reply_by: datetime
    answer: str | None
    answered_at: datetime | None


class ObjectionList(View):
    """Objections in their order."""

    objections: list[ObjectionView]


class TownshipView(View):
    """A township by its code."""

    code: str
    zh: str
    en: str


class ProjectTypeView(View):
    """A project type and its usual sheet."""

    project_type: ProjectType
    category: str
    sheet: list[SheetFieldView]


class Choices(View):
    """What the forms offer."""

    townships: list[TownshipView]
    project_types: list[ProjectTypeView]


class DayView(View):
    """A day that was decreed otherwise."""

    day: date
    is_workday: bool
    name: str


class CalendarView(View):
    """The years that are confirmed, and the days entered against the seed."""

    confirmed: list[int]
    days: list[DayView]


def terms_view(terms: Terms | dict[str, Any]) -> TermsView:
    return TermsView.model_validate(terms.plain() if isinstance(terms, Terms) else terms)


def tender_view(row: Tender, *, now: datetime) -> TenderView:
    return TenderView(
        id=row.id, project_id=row.project_id, lot_no=row.lot_no, round=row.round,
        previous_id=row.previous_id, state=row.state, revision=row.revision, version=row.version,
        notice_sha256=row.notice_sha256, published_at=row.published_at, suspended_at=row.suspended_at,
        ended_reason=row.ended_reason, terms=terms_view(terms_of(row)), now=now,
    )  # fmt: skip


def card(row: Tender) -> NoticeCard:
    return NoticeCard(
        id=row.id, lot_code=row.lot_code, title=row.title, state=row.state, category=row.category,
        project_type=row.project_type, township=row.township, docs_from=row.docs_from,
        bid_deadline=row.bid_deadline, published_at=row.published_at,
    )  # fmt: skip


def notice_page(rows: Sequence[Tender], *, limit: int, now: datetime) -> NoticePage:
    return NoticePage(notices=[card(row) for row in rows], next_after=_next(rows, limit), now=now)


def _next(rows: Sequence[Tender], limit: int) -> str | None:
    if len(rows) < limit:
        return None
    last = rows[-1]
    return f"{last.published_at.isoformat()}_{last.id}" if last.published_at else last.id


def version_list(rows: Sequence[NoticeVersion]) -> VersionList:
    return VersionList(versions=[_version(row) for row in rows])


def _version(row: NoticeVersion) -> VersionView:
    return VersionView(
        version=row.version, notice_sha256=row.notice_sha256, previous=row.previous, reason=row.reason,
        requires_resubmission=row.requires_resubmission, published_at=row.published_at,
        terms=terms_view(row.terms),
    )  # fmt: skip


def timeline(entries: Sequence[Entry]) -> Timeline:
    return Timeline(entries=[_entry(one) for one in entries])


def _entry(one: Entry) -> EntryView:
    body = jcs.parse(one.text.encode())["body"]
    return EntryView(seq=one.seq, kind=one.kind, at=one.at, commitment=one.commitment.hex(), body=body)


def project_view(row: Project) -> ProjectView:
    return ProjectView(**{name: getattr(row, name) for name in ProjectView.model_fields})


def project_list(rows: Sequence[Project]) -> ProjectList:
    return ProjectList(projects=[project_view(row) for row in rows])


def report_view(terms: Terms, found: Sequence[Finding]) -> Report:
    known = not any(one.code == "rule-set-unknown" for one in found)
    return Report(
        is_publishable=not any(one.severity is Severity.BLOCK for one in found),
        findings=[_finding(one) for one in found],
        deposit_limit_fen=deposit_limit_of(terms) if known else None,
        recommended_venue=venue_of(terms) if known else None,
    )


def _finding(one: Finding) -> FindingView:
    return FindingView(
        code=one.code, rule=one.rule, article=one.article, severity=one.severity,
        zh=one.texts["zh"], en=one.texts["en"],
    )  # fmt: skip


def schedule_view(dates: Schedule) -> ScheduleView:
    return ScheduleView(**vars(dates))


def holder_states(terms: Terms, proofs: dict[str, datetime]) -> HolderStates:
    holders = [
        HolderState(
            role="layer_holder" if isinstance(one, Layer) else "share_holder",
            place=one.order if isinstance(one, Layer) else one.number,
            organisation_id=one.organisation_id, person_id=one.person_id, name=one.name,
            recipient=one.recipient, proven_at=proofs.get(one.recipient),
        )
        for one in rules.holders_of(terms)
    ]  # fmt: skip
    return HolderStates(holders=holders, threshold=terms.committee.m if terms.committee else 0)


def liveness_view(row: KeyProof) -> LivenessView:
    return LivenessView(
        id=row.id, challenge=b64encode(row.challenge).decode(), recipient=row.recipient,
        expires_at=row.expires_at, proven_at=row.proven_at,
    )  # fmt: skip


def document_view(row: Document) -> DocumentView:
    return DocumentView(name=row.name, size=row.size, sha256=row.sha256, stored_at=row.stored_at)


def document_list(rows: Sequence[Document]) -> DocumentList:
    return DocumentList(documents=[document_view(row) for row in rows])


def taking_view(row: Taking) -> TakingView:
    return TakingView(tender_id=row.tender_id, version=row.version, taken_at=row.taken_at)


def taker_list(takers: Sequence[Taking], receipts: Sequence[ReadReceipt]) -> TakerList:
    return TakerList(
        takers=[
            TakerView(bidder_id=one.bidder_id, version=one.version, taken_at=one.taken_at) for one in takers
        ],
        receipts=[
            ReceiptView(clarification_id=one.clarification_id, bidder_id=one.bidder_id, read_at=one.read_at)
            for one in receipts
        ],
    )


def question_view(row: Question) -> QuestionView:
    return QuestionView(
        id=row.id, text=row.text, asked_at=row.asked_at, clarification_id=row.clarification_id
    )


def clarification_view(row: Clarification, read: Collection[str] | None = None) -> ClarificationView:
    return ClarificationView(
        id=row.id, number=row.number, text=row.text, affects_bid_preparation=row.affects_bid_preparation,
        published_at=row.published_at, is_read=None if read is None else row.id in read,
    )  # fmt: skip


def objection_view(row: Objection) -> ObjectionView:
    return ObjectionView(**{name: getattr(row, name) for name in ObjectionView.model_fields})


def choices() -> Choices:
    townships = [TownshipView(code=one.code, zh=one.zh, en=one.en) for one in TOWNSHIPS]
    types = [
        ProjectTypeView(
            project_type=kind, category=rules.category_of(kind),
            sheet=[SheetFieldView(**vars(item)) for item in sheet],
        )
        for kind, sheet in SHEETS.items()
    ]  # fmt: skip
    return Choices(townships=townships, project_types=types)


def calendar_view(confirmed: Collection[int], days: Sequence[CalendarOverride]) -> CalendarView:
    shown = [DayView(day=one.day, is_workday=one.is_workday, name=one.name) for one in days]
    return CalendarView(confirmed=sorted(confirmed), days=shown)
