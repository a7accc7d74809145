"""Entering what is known of a deposit: one person enters, another confirms."""

from dataclasses import dataclass
from hashlib import sha256

from bidding.acts.deposit import DepositConfirmed, DepositEntered
from bidding.deposit import rules
from bidding.deposit.states import DepositStatus
from bidding.deposit.tables import DepositFact
from bidding.party.roles import Actor
from bidding.refusals.deposit import DepositAbsent, DepositSettled
from bidding.tender.queries import lock_tender
from crypto.ledger import Unit


@dataclass(frozen=True, kw_only=True)
class DepositEntry:
    """What the bank or the guarantor shows: the amount in fen, the reference of the payment."""

    tender_id: str
    bidder_id: str
    status: DepositStatus
    amount_fen: int
    reference: str


async def enter(unit: Unit, order: DepositEntry, *, actor: Actor) -> DepositFact:
    """Enter a fact, or correct one that nobody has confirmed. Raises DepositSettled."""
    await lock_tender(unit, order.tender_id, share=True)
    row = await unit.session.get(DepositFact, (order.tender_id, order.bidder_id))
    if row is not None and row.confirmed_at is not None:
        raise DepositSettled(bidder_id=order.bidder_id)
    row = row or DepositFact(tender_id=order.tender_id, bidder_id=order.bidder_id)
    row.status, row.amount_fen, row.reference = order.status, order.amount_fen, order.reference
    row.entered_by, row.entered_at = actor.person_id, await unit.now()
    unit.session.add(row)
    await unit.record(
        DepositEntered(
            tender_id=order.tender_id, bidder_id=order.bidder_id, status=order.status.value,
            amount_fen=order.amount_fen, reference_sha256=sha256(order.reference.encode()).hexdigest(),
        )
    )  # fmt: skip
    return row


async def confirm(unit: Unit, order: DepositEntry, *, actor: Actor) -> DepositFact:
    """A second person types the same fact from the source; only then it counts.

    Typing it again, instead of reading it, keeps the list of payers from being shown to anyone
    before the deadline. Raises DepositAbsent where nothing, or something else, was entered;
    SamePerson.
    """
    await lock_tender(unit, order.tender_id, share=True)
    row = await unit.session.get(DepositFact, (order.tender_id, order.bidder_id))
    if row is None or (row.status, row.amount_fen, row.reference) != _typed(order):
        raise DepositAbsent(tender_id=order.tender_id)
    rules.refuse_same_person(entered_by=row.entered_by, confirmed_by=actor.person_id)
    row.confirmed_by, row.confirmed_at = actor.person_id, await unit.now()
    await unit.record(
        DepositConfirmed(
            tender_id=row.tender_id, bidder_id=row.bidder_id,
            status=row.status.value, amount_fen=row.amount_fen,
        )
    )  # fmt: skip
    return row


def _typed(order: DepositEntry) -> tuple[DepositStatus, int, str]:
    return order.status, order.amount_fen, order.reference
