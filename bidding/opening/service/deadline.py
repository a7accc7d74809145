"""To the deadline and over it: the door, the signing in, and the instant that binds everything."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bidding.acts import bidder_stream
from bidding.acts.opening import DeadlineReached, OpeningFailed, SignedIn, SignInOpened
from bidding.bid import queries as bid_queries
from bidding.bid.states import BidState
from bidding.bid.tables import Bid
from bidding.opening import rules
from bidding.opening.hall import Hall, lock_opening
from bidding.opening.stages import Stage
from bidding.opening.states import BidStatus, OpeningState
from bidding.opening.tables import Opening, OpeningBid, SignIn
from bidding.party import queries as parties
from bidding.party.queries import OrganisationName
from bidding.party.roles import Actor
from bidding.refusals.opening import OpeningAbsent
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.states import TenderState
from bidding.tender.states import after as tender_after
from bidding.tender.tables import Tender
from crypto.ledger import Entry, Stream, Unit

BID_KINDS = ("bid.submitted", "bid.withdrawn")
_NOBODY = OrganisationName("", "")


async def open_sign_in(unit: Unit, tender_id: str) -> Entry | None:
    """Open the door for signing in, once, when its hour has come; None where there is nothing to do."""
    tender = await lock_tender(unit, tender_id)
    now = await unit.now()
    if tender.state is not TenderState.BIDDING or not _door(tender) <= now <= tender.bid_deadline:
        return None
    hall = await _hall(unit, tender, now)
    if hall.opening.state is not OpeningState.SCHEDULED:
        return None
    hall.opening.stage = Stage.SIGN_IN
    return await hall.move(SignInOpened(tender_id=tender_id, closes_at=tender.bid_deadline))


async def sign_in(unit: Unit, tender_id: str, *, actor: Actor) -> SignIn:
    """Sign the actor's organisation in; signing in again changes nothing.

    Raises SignInClosed outside the hour before the deadline (the deadline itself is inside). Nobody
    else hears of it before the list is published (E-08).
    """
    tender = await lock_tender(unit, tender_id, share=True)
    now = await unit.now()
    rules.refuse_outside_sign_in(now=now, opens_at=_door(tender), closes_at=tender.bid_deadline)
    found = await unit.session.get(SignIn, (tender_id, actor.organisation_id))
    if found is not None:
        return found
    if await unit.session.get(Opening, tender_id) is None:
        await _schedule(unit, tender)
    row = SignIn(
        tender_id=tender_id, bidder_id=actor.organisation_id,
        person_id=actor.person_id, delegate=actor.name, at=now,
    )  # fmt: skip
    unit.session.add(row)
    await unit.record(
        SignedIn(tender_id=tender_id, bidder_id=actor.organisation_id, person_id=actor.person_id)
    )
    return row


async def reach_deadline(unit: Unit, tender_id: str) -> Entry | None:
    """Let the deadline fall, exactly once: bind every bidder's stream, and make the list of bids.

    The tender's row is taken alone, so every submission either committed before or finds itself late.
    With fewer than three bids the opening fails here and nothing can be decrypted (N-01). None where
    the deadline has not passed, was moved, or fell already.
    """
    tender = await lock_tender(unit, tender_id)
    now = await unit.now()
    if tender.state is not TenderState.BIDDING or now <= tender.bid_deadline:
        return None
    hall = await _hall(unit, tender, now)
    entry = await _bind(hall)
    count = await _enlist(hall)
    if count < rules.MINIMUM:
        await fail(hall, cause="too-few-received", count=count)
    return entry


async def fail(hall: Hall, *, cause: str, count: int) -> Entry:
    """End the opening as failed (流标): what is sealed stays sealed."""
    act = OpeningFailed(tender_id=hall.tender_id, cause=cause, count=count, minimum=rules.MINIMUM)
    hall.tender.state = tender_after(hall.tender.state, act)
    hall.opening.ended_reason = cause
    return await hall.move(act)


def _door(tender: Tender) -> datetime:
    return tender.bid_deadline - timedelta(seconds=terms_of(tender).windows.sign_in)


async def _hall(unit: Unit, tender: Tender, now: datetime) -> Hall:
    await _schedule(unit, tender)
    opening = await lock_opening(unit, tender.id)
    if opening is None:
        raise OpeningAbsent(tender_id=tender.id)
    return Hall(unit, tender, opening, terms_of(tender), now)


async def _schedule(unit: Unit, tender: Tender) -> None:
    """Make the opening's row unless it is there; two who sign in at once do not meet."""
    insert = sqlite_insert if unit.session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = insert(Opening).values(
        tender_id=tender.id, sign_in_from=_door(tender), deadline=tender.bid_deadline,
        state=OpeningState.SCHEDULED, stage=Stage.LOBBY, pause_reason="", ended_reason="",
        record_version=0,
    )  # fmt: skip
    await unit.session.execute(row.on_conflict_do_nothing())


async def _bind(hall: Hall) -> Entry:
    streams = await _bidder_streams(hall)
    bids = await bid_entries(hall.unit, hall.tender_id)
    heads = [
        {"stream_sha256": sha256(one.id.encode()).hexdigest(), "seq": one.last_seq, "commitment": one.head}
        for one in streams
    ]
    act = DeadlineReached(
        tender_id=hall.tender_id,
        deadline=hall.tender.bid_deadline,
        heads=sorted(heads, key=lambda head: bytes(head["commitment"])),
        bids=sorted(entry.commitment.hex() for entry in bids.values()),
    )
    hall.tender.state = tender_after(hall.tender.state, act)
    hall.opening.stage, hall.opening.deadline_reached_at = Stage.DEADLINE, hall.now
    hall.opening.deadline = hall.tender.bid_deadline
    return await hall.move(act)


async def _bidder_streams(hall: Hall) -> Sequence[Stream]:
    prefix = bidder_stream(hall.tender_id, "")
    asked = select(Stream).where(Stream.id.startswith(prefix, autoescape=True), Stream.last_seq > 0)
    locked = asked.order_by(Stream.id).with_for_update()
    fresh = {"populate_existing": True}
    return (await hall.unit.session.execute(locked, execution_options=fresh)).scalars().all()


async def bid_entries(unit: Unit, tender_id: str) -> Mapping[str, Entry]:
    """The last bid entry (submitted or withdrawn) of each bidder's stream, by bid id."""
    prefix = bidder_stream(tender_id, "")
    asked = select(Entry).where(Entry.stream.startswith(prefix, autoescape=True), Entry.kind.in_(BID_KINDS))
    rows = (await unit.session.execute(asked.order_by(Entry.seq))).scalars().all()
    last = {entry.stream: entry for entry in rows}
    return {json.loads(entry.text)["body"]["bid_id"]: entry for entry in last.values()}


async def _enlist(hall: Hall) -> int:
    session = hall.unit.session
    bids = await bid_queries.final_bids(session, hall.tender_id)
    names = await parties.organisation_names(session, [bid.bidder_id for bid in bids])
    entries = await bid_entries(hall.unit, hall.tender_id)
    for number, bid in enumerate(bids, start=1):
        row = _row(bid, number, names.get(bid.bidder_id, _NOBODY))
        row.entry_id = entries[bid.id].id
        session.add(row)
    await session.flush()
    return sum(bid.state is BidState.SUBMITTED for bid in bids)


def _row(bid: Bid, number: int, name: OrganisationName) -> OpeningBid:
    withdrawn = bid.state is BidState.WITHDRAWN
    return OpeningBid(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id, number=number, name=name.name, uscc=name.uscc,
        bid_id=bid.id, statement_sha256=bid.statement_sha256, recipient=bid.layer_recipient,
        has_fallback=bid.has_fallback, submitted_at=bid.submitted_at, findings=[],
        status=BidStatus.WITHDRAWN if withdrawn else BidStatus.SUBMITTED,
    )  # fmt: skip
