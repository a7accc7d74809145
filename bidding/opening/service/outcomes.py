"""What becomes of a bid that is not opened: revoked (撤销), withdrawn (撤回) or refused (拒收)."""

from collections import Counter

from sqlalchemy import func, select

from bidding.acts.opening import (
    AcceptanceRefused,
    BidRevoked,
    BidRevokedUnopened,
    BidWithdrawnByFault,
    DecryptionEnded,
    IncidentReported,
)
from bidding.bid import service as bids
from bidding.opening import rules
from bidding.opening.hall import Hall, enter
from bidding.opening.stages import Stage
from bidding.opening.states import OPENED, UNDECIDED, BidStatus, bid_after
from bidding.opening.tables import Incident, OpeningBid
from bidding.party.roles import Actor
from bidding.refusals.opening import StageOutOfOrder
from crypto.ledger import Entry, Unit
from crypto.ledger.ids import new_id

RULE = "rule"


async def revoke_unopened(hall: Hall, bid: OpeningBid, *, cause: str, decided_by: str = RULE) -> None:
    """E-14: not opened because of the bidder, hence revoked."""
    act = BidRevokedUnopened(
        tender_id=hall.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, cause=cause,
        decided_by=decided_by,
    )  # fmt: skip
    bid.status, bid.cause = bid_after(bid.status, act), cause
    await hall.unit.record(act)
    await bids.mark_revoked(hall.unit, bid.bid_id, cause=cause)
    await end_if_decided(hall)


async def withdraw_by_fault(hall: Hall, bid: OpeningBid, *, cause: str, decided_by: str = RULE) -> Entry:
    """E-15: not opened for any other cause, hence withdrawn; the deposit goes back."""
    act = BidWithdrawnByFault(
        tender_id=hall.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, cause=cause,
        decided_by=decided_by,
    )  # fmt: skip
    bid.status, bid.cause = bid_after(bid.status, act), cause
    entry = await hall.unit.record(act)
    await bids.mark_failed_by_system(hall.unit, bid.bid_id, cause=cause)
    await end_if_decided(hall)
    return entry


async def end_if_decided(hall: Hall) -> None:
    """Record the end of the decryption when the layers are on and every bid is decided (E-16)."""
    if hall.opening.stage is not Stage.DECRYPT_LAYERS or hall.opening.decryption_ended_at:
        return
    counted = await _counted(hall)
    if UNDECIDED & counted.keys():
        return
    hall.opening.decryption_ended_at = hall.now
    await hall.unit.record(
        DecryptionEnded(
            tender_id=hall.tender_id,
            opened=sum(counted[status] for status in OPENED),
            revoked=sum(counted[status] for status in _REVOKED),
            system_fault=counted[BidStatus.WITHDRAWN_SYSTEM_FAULT],
        )
    )


_REVOKED = (BidStatus.REVOKED, BidStatus.REVOKED_NOT_DECRYPTED)


async def _counted(hall: Hall) -> Counter[BidStatus]:
    """How many bids have each status. Asked after every bid, so it reads no rows but these sums."""
    await hall.unit.session.flush()
    asked = select(OpeningBid.status, func.count()).where(OpeningBid.tender_id == hall.tender_id)
    found = await hall.unit.session.execute(asked.group_by(OpeningBid.status))
    return Counter(dict(found.all()))


async def refuse_acceptance(unit: Unit, tender_id: str, bidder_id: str, *, cause: str, reason: str) -> Entry:
    """Refuse acceptance (拒收) of a bid at the list or the check, for a cause of K-06 alone."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("opening.acceptance-refused")
    if hall.opening.stage not in (Stage.BIDDER_LIST, Stage.IDENTITY_CHECK):
        raise StageOutOfOrder(stage=hall.opening.stage.value, needed=Stage.IDENTITY_CHECK.value)
    rules.refuse_acceptance_cause(cause=cause)
    bid = await hall.bid_of(bidder_id)
    act = AcceptanceRefused(
        tender_id=tender_id, bidder_id=bidder_id, bid_id=bid.bid_id, cause=cause, reason=reason
    )
    bid.status, bid.cause = bid_after(bid.status, act), f"{cause}: {reason}"
    await bids.mark_refused(unit, bid.bid_id, cause=cause)
    return await unit.record(act)


async def revoke(unit: Unit, tender_id: str, *, actor: Actor, reason: str) -> Entry:
    """The bidder revokes its bid after the deadline, in writing (TL-35); the bid stays in the record."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("opening.bid-revoked")
    bid = await hall.own_bid(actor)
    act = BidRevoked(tender_id=tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, reason=reason)
    bid.status, bid.cause = bid_after(bid.status, act), reason
    entry = await unit.record(act)
    await bids.mark_revoked(unit, bid.bid_id, cause=reason)
    await end_if_decided(hall)
    return entry


async def report_incident(
    unit: Unit, tender_id: str, *, actor: Actor, text: str, bidder_id: str | None = None
) -> Incident:
    """The host reports what went wrong; where it concerns one bid, a fault may be decided on it."""
    hall = await enter(unit, tender_id)
    row = Incident(
        id=new_id(), tender_id=tender_id, bidder_id=bidder_id, text=text,
        reported_by=actor.label, reported_at=hall.now,
    )  # fmt: skip
    unit.session.add(row)
    await unit.record(
        IncidentReported(tender_id=tender_id, incident_id=row.id, bidder_id=bidder_id, text=text)
    )
    return row


async def attribute_fault(unit: Unit, tender_id: str, bidder_id: str, *, actor: Actor, cause: str) -> Entry:
    """Witness or supervisor confirm, on the host's incident, that a bid failed through no act of its bidder.

    Raises FaultUnreported, SamePerson, BidStatusOutOfOrder.
    """
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("bid.unopened-system-fault")
    reporters = await _reporters(hall, bidder_id)
    rules.refuse_unreported_fault(bidder_id=bidder_id, incidents=len(reporters))
    rules.refuse_same_person(first=reporters[-1], second=actor.label, attempted="bid.unopened-system-fault")
    bid = await hall.bid_of(bidder_id)
    return await withdraw_by_fault(hall, bid, cause=cause, decided_by=actor.label)


async def _reporters(hall: Hall, bidder_id: str) -> list[str]:
    asked = select(Incident.reported_by).where(
        Incident.tender_id == hall.tender_id,
        func.coalesce(Incident.bidder_id, bidder_id) == bidder_id,
    )
    return list((await hall.unit.session.execute(asked.order_by(Incident.reported_at))).scalars())
