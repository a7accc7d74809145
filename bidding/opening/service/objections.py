"""Objections on the spot: raised by bidders in their window, answered before the opening goes on (K-04)."""

from datetime import datetime

from bidding.acts.opening import NoObjection, ObjectionAnswered, ObjectionRaised
from bidding.opening.hall import Hall, enter
from bidding.opening.stages import Stage
from bidding.opening.tables import Objection
from bidding.opening.windows import WindowKind
from bidding.party.roles import Actor
from bidding.refusals.opening import ObjectionAbsent
from crypto.ledger import Entry, Unit
from crypto.ledger.ids import new_id


async def raise_objection(
    unit: Unit, tender_id: str, *, actor: Actor, text: str, asked_at: datetime | None = None
) -> Objection:
    """A bidder objects. Raises NotABidderHere, StageOutOfOrder, WindowNotOpen."""
    hall = await _objecting(unit, tender_id, asked_at)
    bid = await hall.own_bid(actor)
    row = Objection(id=new_id(), tender_id=tender_id, bidder_id=bid.bidder_id, text=text, raised_at=hall.now)
    bid.has_no_objection = False
    unit.session.add(row)
    await unit.record(
        ObjectionRaised(tender_id=tender_id, objection_id=row.id, bidder_id=bid.bidder_id, text=text)
    )
    return row


async def state_no_objection(
    unit: Unit, tender_id: str, *, actor: Actor, asked_at: datetime | None = None
) -> Entry | None:
    """A bidder says that it has no objection; None where it said so before."""
    hall = await _objecting(unit, tender_id, asked_at)
    bid = await hall.own_bid(actor)
    if bid.has_no_objection:
        return None
    bid.has_no_objection = True
    return await unit.record(NoObjection(tender_id=tender_id, bidder_id=bid.bidder_id))


async def _objecting(unit: Unit, tender_id: str, asked_at: datetime | None) -> Hall:
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.OBJECTION)
    await hall.refuse_outside(WindowKind.OBJECTION, asked_at=asked_at)
    return hall


async def answer_objection(
    unit: Unit, tender_id: str, objection_id: str, *, actor: Actor, answer: str
) -> Objection:
    """The procuring entity answers on the spot, also after the window. Raises ObjectionAbsent."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.OBJECTION)
    row = await unit.session.get(Objection, objection_id, with_for_update=True)
    if row is None or row.tender_id != tender_id or row.answered_at is not None:
        raise ObjectionAbsent(objection_id=objection_id)
    row.answer, row.answered_by, row.answered_at = answer, actor.label, hall.now
    await unit.record(ObjectionAnswered(tender_id=tender_id, objection_id=objection_id, answer=answer))
    return row
