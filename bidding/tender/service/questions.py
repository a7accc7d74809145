"""What bidders do before they bid: take the documents, ask, and read the answers. Nobody else hears of it."""

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bidding.acts.tender import ClarificationRead, DocumentsTaken, QuestionAsked, QuestionReceived
from bidding.party.roles import Actor
from bidding.refusals.tender import NotInvited, TenderOutOfOrder, ThingAbsent
from bidding.tender import rules
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.states import RUNNING
from bidding.tender.tables import Clarification, Question, ReadReceipt, Taking, Tender
from crypto.ledger import Unit
from crypto.ledger.ids import new_id
from crypto.ledger.tables import Base


async def take_documents(unit: Unit, tender_id: str, *, actor: Actor) -> Taking:
    """Take the bidding documents: nobody approves it (E-11), and only the taker's own stream tells of it.

    Taking the same version again records nothing. Raises DocumentsNotOffered, NotInvited.
    """
    tender = await lock_tender(unit, tender_id, share=True)
    now = await unit.now()
    _refuse_not_running(tender, DocumentsTaken.kind)
    rules.refuse_documents_not_offered(docs_from=tender.docs_from, until=tender.bid_deadline, now=now)
    if terms_of(tender).is_invited and actor.organisation_id not in tender.invited:
        raise NotInvited
    taking, is_news = await _taking(unit, tender, actor)
    if is_news:
        act = DocumentsTaken(
            tender_id=tender.id, bidder_id=actor.organisation_id, version=tender.version,
            person_id=actor.person_id, notice_sha256=tender.notice_sha256 or "",
        )  # fmt: skip
        await unit.record(act)
    return taking


async def _taking(unit: Unit, tender: Tender, actor: Actor) -> tuple[Taking, bool]:
    facts = {"version": tender.version, "taken_at": await unit.now()}
    is_first = await _insert(unit, Taking, tender_id=tender.id, bidder_id=actor.organisation_id, **facts)
    taking = await unit.session.get_one(Taking, (tender.id, actor.organisation_id), with_for_update=True)
    is_newer = taking.version < tender.version
    taking.version = tender.version
    return taking, is_first or is_newer


async def ask(unit: Unit, tender_id: str, text: str, *, actor: Actor) -> Question:
    """Ask the desk, which gets the text and not the author.

    Raises QuestionsClosed, TenderOutOfOrder.
    """
    tender = await lock_tender(unit, tender_id, share=True)
    now = await unit.now()
    _refuse_not_running(tender, QuestionAsked.kind)
    rules.refuse_questions_closed(questions_until=terms_of(tender).questions_until, now=now)
    question = Question(
        id=new_id(), tender_id=tender.id, bidder_id=actor.organisation_id, text=text, asked_at=now
    )
    unit.session.add(question)
    what = {"tender_id": tender.id, "question_id": question.id, "text": text}
    await unit.record(QuestionAsked(bidder_id=actor.organisation_id, **what))
    # The desk's entry must not carry who caused it, so the platform signs for it.
    await unnamed(unit).record(QuestionReceived(**what))
    return question


def unnamed(unit: Unit) -> Unit:
    """The same act and transaction, with the platform named as the one who records (E-08)."""
    return _Unnamed(unit)


class _Unnamed(Unit):
    def __init__(self, unit: Unit) -> None:
        super().__init__(unit.session, by="platform", clock=unit._clock)  # noqa: SLF001 -- the same clock
        self.recorded = unit.recorded
        self._now = unit._now  # noqa: SLF001 -- the same instant


async def read_clarification(
    unit: Unit, tender_id: str, clarification_id: str, *, actor: Actor
) -> Clarification:
    """Leave the receipt that a bidder opened a clarification. Raises ThingAbsent."""
    await lock_tender(unit, tender_id, share=True)
    row = await unit.session.get(Clarification, clarification_id)
    if row is None or row.tender_id != tender_id:
        raise ThingAbsent(thing=clarification_id)
    bidder = actor.organisation_id
    is_first = await _insert(
        unit, ReadReceipt, clarification_id=row.id, bidder_id=bidder, read_at=await unit.now()
    )
    if is_first:
        await unit.record(ClarificationRead(tender_id=tender_id, bidder_id=bidder, clarification_id=row.id))
    return row


async def _insert(unit: Unit, table: type[Base], **values: object) -> bool:
    """Insert a row unless it is there; whether it was new."""
    insert = sqlite_insert if unit.session.get_bind().dialect.name == "sqlite" else postgres_insert
    asked = insert(table).values(**values).on_conflict_do_nothing().returning(*table.__table__.primary_key)
    return (await unit.session.execute(asked)).first() is not None


def _refuse_not_running(tender: Tender, attempted: str) -> None:
    if tender.state not in RUNNING:
        raise TenderOutOfOrder(state=tender.state.value, attempted=attempted)
