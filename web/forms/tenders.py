"""Projects, drafts, changes and questions of tenders, as they come in."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from bidding.tender import rules
from bidding.tender.defaults import Schedule, sheet_for
from bidding.tender.ruleset import NEWEST
from bidding.tender.service.changes import Amendment, NewClarification
from bidding.tender.service.drafts import NewProject, NewTender
from bidding.tender.service.halts import Halt, SuspensionCause
from bidding.tender.service.holders import HolderName, Holders
from bidding.tender.terms import (
    Category,
    CoefficientSpec,
    FewDecrypted,
    PriceType,
    ProjectType,
    Regime,
    SheetField,
    Terms,
    Windows,
)
from web.forms import Form, Query

# No database takes a NUL in a text, and no identifier of ours has a slash or a space.
_TEXT = r"^[^\x00]*$"
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:@-]{1,36}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=_TEXT)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=_TEXT)]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=_TEXT)]
Place = Annotated[str, StringConstraints(max_length=100, pattern=_TEXT)]
# Whatever is computed from a date stays a date.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SHA256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
TownshipCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{12})?$")]
Reasons = dict[Line, Note]
Fen = Annotated[int, Field(ge=0, lt=2**53)]
Seconds = Annotated[int, Field(ge=0, le=7 * 86_400)]
Venue = Literal["district", "township", "self"]


class SheetFieldForm(Form):
    """One item of the opening sheet."""

    name: Word
    kind: Literal["fen", "rate", "days", "text"]
    zh: Line
    en: Line
    required: bool = True


class CoefficientForm(Form):
    """A coefficient to be drawn; the candidates are decimal numbers as text."""

    label: Line
    candidates: Annotated[list[Annotated[str, StringConstraints(max_length=20)]], Field(max_length=200)]
    beacon: Literal["offline", "drand"] = "offline"


class WindowsForm(Form):
    """How long each window of the opening stands, in seconds."""

    sign_in: Seconds = 3600
    release: Seconds = 1800
    fallback: Seconds = 900
    layers: Seconds = 900
    price_confirm: Seconds = 600
    objection: Seconds = 300
    record_confirm: Seconds = 600
    host_grace: Seconds = 300


class DraftForm(Form):
    """The terms of a lot as the desk writes them; dates left out are proposed by the rules.

    Money in fen, rates in ten-thousandths, spans in seconds. Holders, keys and documents have doors of
    their own.
    """

    title: Line
    regime: Regime = Regime.ZTB
    category: Category | None = None
    project_type: ProjectType
    is_mandatory: bool
    is_invited: bool = False
    invited: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    procuring_entity: Line
    agency: Note = ""
    place: Line = "网上开标大厅"
    township: TownshipCode = ""
    venue: Venue
    estimate_fen: Fen
    price_cap_fen: Fen | None = None
    secret_base_price: bool = False
    deposit_fen: Fen = 0
    price_type: PriceType = PriceType.TOTAL
    sheet: Annotated[list[SheetFieldForm], Field(max_length=40)] | None = None
    docs_from: Moment | None = None
    docs_until: Moment | None = None
    questions_until: Moment | None = None
    bid_deadline: Moment | None = None
    opening_time: Moment | None = None
    bid_validity_days: Annotated[int, Field(ge=0, le=3650)] = 90
    coefficient: CoefficientForm | None = None
    windows: WindowsForm = Field(default_factory=WindowsForm)
    few_decrypted: FewDecrypted = FewDecrypted.FAIL
    absence_effect: Note = ""
    remedy: Note = ""
    max_bid_bytes: Annotated[int, Field(ge=1024, lt=2**53)] = 4 * 1024**3

    def needs_dates(self) -> bool:
        """Whether a date was left to be proposed; the opening is at the deadline unless it is given."""
        given = (self.docs_from, self.docs_until, self.questions_until, self.bid_deadline)
        return any(one is None for one in given)

    def terms(self, proposed: Schedule | None = None) -> Terms:
        """As terms, with what was left out filled in from *proposed* and the type's default sheet."""
        dates = {one.name: getattr(self, one.name) for one in fields(Schedule)}
        if proposed is not None:
            dates = {name: given or getattr(proposed, name) for name, given in dates.items()}
        dates["opening_time"] = self.opening_time or dates["bid_deadline"]
        return Terms(tender_id="", lot_code="", layers=(), rule_set_version=NEWEST, **self._facts() | dates)

    def _facts(self) -> dict[str, Any]:
        facts = {name: getattr(self, name) for name in type(self).model_fields}
        sheet = sheet_for(self.project_type, self.price_type)
        if self.sheet is not None:
            sheet = tuple(SheetField(**dict(one)) for one in self.sheet)
        return facts | {
            "category": self.category or rules.category_of(self.project_type),
            "invited": tuple(self.invited),
            "sheet": sheet,
            "coefficient": self._coefficient(),
            "windows": Windows(**dict(self.windows)),
        }

    def _coefficient(self) -> CoefficientSpec | None:
        if self.coefficient is None:
            return None
        facts = dict(self.coefficient) | {"candidates": tuple(self.coefficient.candidates)}
        return CoefficientSpec(**facts)


class CreateProject(Form):
    """A project, its procuring entity and the agency that runs its tenders."""

    code: Code
    name: Line
    regime: Regime = Regime.ZTB
    is_mandatory: bool
    procuring_entity_id: Id
    agency_id: Id
    township: TownshipCode = ""

    def order(self) -> NewProject:
        return NewProject(**dict(self))


class DraftTender(Form):
    """A new lot of a project with its first draft."""

    project_id: Id
    lot_no: Annotated[int, Field(ge=1, le=999)]
    lot_code: Code
    draft: DraftForm

    def order(self, terms: Terms) -> NewTender:
        return NewTender(project_id=self.project_id, lot_no=self.lot_no, lot_code=self.lot_code, terms=terms)


class EditDraft(Form):
    """The draft as it shall be, and the revision it was made from."""

    revision: Annotated[int, Field(ge=1, lt=2**31)]
    draft: DraftForm


class ScheduleAsk(Query):
    """For which kind of tender dates are to be proposed, and from when on."""

    project_type: ProjectType
    regime: Regime = Regime.ZTB
    start: Moment | None = None


class HolderForm(Form):
    """A person of an organisation that is to hold a key."""

    organisation_id: Id
    person_id: Id
    name: Line

    def order(self) -> HolderName:
        return HolderName(**dict(self))


class NameHolders(Form):
    """The layer holders, the first released first, and the committee with its threshold."""

    layers: Annotated[list[HolderForm], Field(min_length=1, max_length=5)]
    threshold: Annotated[int, Field(ge=0, le=255)] = 0
    members: Annotated[list[HolderForm], Field(max_length=21)] = Field(default_factory=list)

    def order(self) -> Holders:
        return Holders(
            layers=tuple(one.order() for one in self.layers), threshold=self.threshold,
            members=tuple(one.order() for one in self.members),
        )  # fmt: skip


class GiveKey(Form):
    """An age recipient (X25519)."""

    recipient: Annotated[str, StringConstraints(min_length=10, max_length=80)]


class AnswerLiveness(Form):
    """What was in the age file, as text."""

    nonce: SHA256


class PublishNotice(Form):
    """The reasons for findings that only warn, by their codes."""

    reasons: Annotated[dict[Line, Note], Field(max_length=40)] = Field(default_factory=dict)


class AmendNotice(Form):
    """The terms as they shall be; holders and documents stay unless named here."""

    draft: DraftForm
    documents: Annotated[list[SHA256], Field(max_length=100)] | None = None
    reason: Prose
    affects_bid_preparation: bool
    requires_resubmission: bool = False

    def order(self, tender_id: str, terms: Terms) -> Amendment:
        return Amendment(
            tender_id=tender_id, terms=terms, reason=self.reason,
            affects_bid_preparation=self.affects_bid_preparation,
            requires_resubmission=self.requires_resubmission,
        )  # fmt: skip


class MoveDeadline(Form):
    """A later deadline and why."""

    bid_deadline: Moment
    reason: Prose


class PublishClarification(Form):
    """An answer to everyone, with a later deadline where the rule asks for one."""

    text: Prose
    questions: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    affects_bid_preparation: bool
    new_deadline: Moment | None = None

    def order(self, tender_id: str) -> NewClarification:
        return NewClarification(tender_id=tender_id, **dict(self) | {"questions": tuple(self.questions)})


class HaltTender(Form):
    """Why, and the document number where the supervisor orders it."""

    reason: Prose
    document_no: Place = ""
    cause: SuspensionCause = SuspensionCause.OTHER

    def order(self, tender_id: str) -> Halt:
        return Halt(tender_id=tender_id, **dict(self))


class Say(Form):
    """A question, an objection or its answer."""

    text: Prose


class NoticeSearch(Query):
    """What a list of notices is narrowed to, and the last one already seen."""

    text: Place = ""
    category: Category | None = None
    project_type: ProjectType | None = None
    township: TownshipCode = ""
    stage: Literal["all", "coming", "open", "paused", "opening", "opened", "ended"] = "all"
    since: Moment | None = None
    until: Moment | None = None
    after: Place = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class After(Query):
    """The last one already seen."""

    after: Place = ""


class AfterEntry(Query):
    """The number of the last entry already seen."""

    after: Annotated[int, Field(ge=0, lt=2**53)] = 0


class FileName(Query):
    """What an uploaded file is called."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f\x7f]+$")]


class OverrideDay(Form):
    """Whether a day is worked, and by what name."""

    day: date
    is_workday: bool
    name: Line


class ConfirmYear(Form):
    """A year whose days were compared with the State Council's notice of this number."""

    year: Annotated[int, Field(ge=2020, le=2100)]
    document_no: Line
