"""Questions about tenders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import public_stream
from bidding.refusals.tender import SecretBeforeDeadline, TenderAbsent, ThingAbsent
from bidding.tender.calendar import Calendar, seed
from bidding.tender.check import Circumstances
from bidding.tender.states import BEFORE_DEADLINE, PUBLIC_STATES, TenderState
from bidding.tender.tables import (
    CalendarOverride,
    CalendarYear,
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
from bidding.tender.terms import Category, ProjectType, Terms, fold
from crypto.ledger import Entry, Unit, since

PAGE = 20


async def lock_tender(unit: Unit, tender_id: str, *, share: bool = False) -> Tender:
    """The tender's row, read afresh and locked until the transaction ends: the first lock of every verb.

    Submitters share the lock; whoever moves the tender takes it alone. Raises TenderAbsent.
    """
    asked = select(Tender).where(Tender.id == tender_id).with_for_update(read=share)
    fresh = {"populate_existing": True}
    tender = (await unit.session.execute(asked, execution_options=fresh)).scalar_one_or_none()
    if tender is None:
        raise TenderAbsent(tender_id=tender_id)
    return tender


async def get(session: AsyncSession, tender_id: str) -> Tender:
    """The tender as it stands, without a lock. Raises TenderAbsent."""
    tender = await session.get(Tender, tender_id)
    if tender is None:
        raise TenderAbsent(tender_id=tender_id)
    return tender


async def get_public(session: AsyncSession, tender_id: str) -> Tender:
    """The tender as everyone may know it. Raises TenderAbsent for a draft."""
    tender = await get(session, tender_id)
    if tender.state not in PUBLIC_STATES:
        raise TenderAbsent(tender_id=tender_id)
    return tender


def terms_of(tender: Tender) -> Terms:
    """The draft's terms, or the newest published ones."""
    return fold(tender.terms)


async def versions(session: AsyncSession, tender_id: str) -> list[NoticeVersion]:
    """Every published version of the terms, oldest first."""
    asked = select(NoticeVersion).where(NoticeVersion.tender_id == tender_id).order_by(NoticeVersion.version)
    return list((await session.execute(asked)).scalars())


async def acceptable_notices(session: AsyncSession, tender_id: str) -> frozenset[str]:
    """The notice hashes a bid may still name: the newest, and older ones up to a required resubmission."""
    accepted: set[str] = set()
    for version in reversed(await versions(session, tender_id)):
        accepted.add(version.notice_sha256)
        if version.requires_resubmission:
            break
    return frozenset(accepted)


async def timeline(session: AsyncSession, tender_id: str, *, after: int = 0) -> Sequence[Entry]:
    """What everyone may hear of the tender, in order, after the entry of number *after*."""
    return await since(session, public_stream(tender_id), after)


# -- lists


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a list of notices is narrowed to; empty means all. `since` and `until` bound the deadline."""

    text: str = ""
    category: Category | None = None
    project_type: ProjectType | None = None
    township: str = ""
    states: frozenset[TenderState] = PUBLIC_STATES
    since: datetime | None = None
    until: datetime | None = None


async def published(
    session: AsyncSession, by: Filter, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> Sequence[Tender]:
    """A page of published tenders, newest first; *after* is (published_at, id) of the last one seen."""
    asked = select(Tender).where(Tender.state.in_(by.states & PUBLIC_STATES), *_narrowed(by))
    if after is not None:
        at, name = after
        earlier = and_(Tender.published_at == at, Tender.id < name)
        asked = asked.where(or_(Tender.published_at < at, earlier))
    asked = asked.order_by(Tender.published_at.desc(), Tender.id.desc()).limit(limit)
    return (await session.execute(asked)).scalars().all()


def _narrowed(by: Filter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if by.text:
        columns = (Tender.title, Tender.lot_code)
        wanted.append(or_(*(column.contains(by.text, autoescape=True) for column in columns)))
    if by.category:
        wanted.append(Tender.category == by.category.value)
    if by.project_type:
        wanted.append(Tender.project_type == by.project_type.value)
    if by.township:
        wanted.append(Tender.township == by.township)
    if by.since:
        wanted.append(Tender.bid_deadline >= by.since)
    if by.until:
        wanted.append(Tender.bid_deadline < by.until)
    return wanted


async def of_desk(
    session: AsyncSession, tender_ids: Collection[str], *, after: str = "", limit: int = PAGE
) -> Sequence[Tender]:
    """The tenders of these ids, drafts too, newest first; *after* is the id of the last one seen."""
    asked = select(Tender).where(Tender.id.in_(tender_ids)).order_by(Tender.id.desc()).limit(limit)
    if after:
        asked = asked.where(Tender.id < after)
    return (await session.execute(asked)).scalars().all()


async def coming_deadlines(session: AsyncSession, *, now: datetime, limit: int = PAGE) -> Sequence[Tender]:
    """The tenders that close next, for the hall's door and the supervisor's wall."""
    asked = select(Tender).where(Tender.state == TenderState.BIDDING, Tender.bid_deadline >= now)
    return (
        (await session.execute(asked.order_by(Tender.bid_deadline, Tender.id).limit(limit))).scalars().all()
    )


async def projects_of(session: AsyncSession, organisation_id: str) -> Sequence[Project]:
    """The projects an organisation is in charge of, newest first."""
    mine = or_(Project.procuring_entity_id == organisation_id, Project.agency_id == organisation_id)
    return (await session.execute(select(Project).where(mine).order_by(Project.id.desc()))).scalars().all()


# -- documents, questions, clarifications, objections


async def documents(session: AsyncSession, tender_id: str) -> Sequence[Document]:
    """The files stored for the tender, in the order in which they came."""
    asked = select(Document).where(Document.tender_id == tender_id).order_by(Document.id)
    return (await session.execute(asked)).scalars().all()


async def document(session: AsyncSession, tender_id: str, sha256: str) -> Document:
    """The stored file of this hash. Raises ThingAbsent."""
    for one in await documents(session, tender_id):
        if one.sha256 == sha256:
            return one
    raise ThingAbsent(thing=sha256)


async def has_taken(session: AsyncSession, tender_id: str, bidder_id: str) -> bool:
    """Whether a bidder took the documents; to be asked by that bidder alone before the deadline."""
    return await session.get(Taking, (tender_id, bidder_id)) is not None


async def takings_of(session: AsyncSession, bidder_id: str) -> Sequence[Taking]:
    """The tenders whose documents a bidder took, for that bidder alone."""
    asked = select(Taking).where(Taking.bidder_id == bidder_id).order_by(Taking.taken_at.desc())
    return (await session.execute(asked)).scalars().all()


async def takers(session: AsyncSession, tender: Tender) -> Sequence[Taking]:
    """Who took the documents. Raises SecretBeforeDeadline until the deadline has fallen, for every role."""
    refuse_secret(tender)
    asked = select(Taking).where(Taking.tender_id == tender.id).order_by(Taking.taken_at, Taking.bidder_id)
    return (await session.execute(asked)).scalars().all()


async def receipts(session: AsyncSession, tender: Tender) -> Sequence[ReadReceipt]:
    """Who read which clarification (T-05). Raises SecretBeforeDeadline until the deadline has fallen."""
    refuse_secret(tender)
    asked = select(ReadReceipt).join(Clarification).where(Clarification.tender_id == tender.id)
    return (await session.execute(asked.order_by(ReadReceipt.read_at))).scalars().all()


def refuse_secret(tender: Tender) -> None:
    """E-08, Tendering Law art. 22: who takes part, and how many, is a secret until the deadline.

    A tender terminated before it keeps the secret for good.
    """
    if tender.state in BEFORE_DEADLINE | {TenderState.TERMINATED}:
        raise SecretBeforeDeadline


async def questions(
    session: AsyncSession, tender_id: str, *, bidder_id: str | None = None
) -> Sequence[Question]:
    """The questions asked, or those of one bidder; views for the desk leave the author out."""
    asked = select(Question).where(Question.tender_id == tender_id).order_by(Question.id)
    if bidder_id is not None:
        asked = asked.where(Question.bidder_id == bidder_id)
    return (await session.execute(asked)).scalars().all()


async def clarifications(session: AsyncSession, tender_id: str) -> Sequence[Clarification]:
    """All clarifications in their order."""
    asked = select(Clarification).where(Clarification.tender_id == tender_id).order_by(Clarification.number)
    return (await session.execute(asked)).scalars().all()


async def read_by(session: AsyncSession, tender_id: str, bidder_id: str) -> frozenset[str]:
    """The ids of the clarifications that one bidder has opened."""
    asked = select(ReadReceipt.clarification_id).join(Clarification).where(
        Clarification.tender_id == tender_id, ReadReceipt.bidder_id == bidder_id
    )  # fmt: skip
    return frozenset((await session.execute(asked)).scalars())


async def objections(
    session: AsyncSession, tender_id: str, *, bidder_id: str | None = None
) -> Sequence[Objection]:
    """The objections to the documents, or those of one bidder; views for others leave the author out."""
    asked = select(Objection).where(Objection.tender_id == tender_id).order_by(Objection.id)
    if bidder_id is not None:
        asked = asked.where(Objection.bidder_id == bidder_id)
    return (await session.execute(asked)).scalars().all()


# -- what a draft is judged by


async def calendar(session: AsyncSession) -> Calendar:
    """The calendar as decreed: the seed, the overrides entered since, and the years confirmed."""
    days = (await session.execute(select(CalendarOverride))).scalars()
    years = (await session.execute(select(CalendarYear.year))).scalars()
    return seed().overridden({one.day: one.is_workday for one in days}, frozenset(years))


async def overrides(session: AsyncSession) -> Sequence[CalendarOverride]:
    """The days entered against the seed, in order."""
    return (await session.execute(select(CalendarOverride).order_by(CalendarOverride.day))).scalars().all()


async def proofs(session: AsyncSession, tender_id: str) -> dict[str, datetime]:
    """By recipient, when its holder last proved that the key works."""
    asked = select(KeyProof).where(KeyProof.tender_id == tender_id, KeyProof.proven_at.is_not(None))
    rows = (await session.execute(asked.order_by(KeyProof.proven_at))).scalars()
    return {one.recipient: one.proven_at for one in rows if one.proven_at}


async def circumstances(
    session: AsyncSession, terms: Terms, *, now: datetime, issued_at: datetime | None = None
) -> Circumstances:
    """What these terms are judged by at *now*."""
    return Circumstances(
        now=now, calendar=await calendar(session),
        proven_at=await proofs(session, terms.tender_id), issued_at=issued_at,
    )  # fmt: skip
