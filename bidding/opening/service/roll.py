"""The list of bidders, their identity, their deposits, and the price cap."""

from collections.abc import Mapping

from sqlalchemy import select

from bidding.acts.opening import (
    BidderListPublished,
    DepositStated,
    IdentityChecked,
    PriceCapAnnounced,
)
from bidding.deposit.queries import facts_for_opening
from bidding.opening.hall import Hall, enter
from bidding.opening.stages import Stage
from bidding.opening.states import STANDING
from bidding.opening.tables import OpeningBid, SignIn
from crypto.ledger import Entry, Unit
from crypto.ledger.acts import instant


async def publish_list(unit: Unit, tender_id: str) -> Entry:
    """Make the names public, for the first time, and open the commitments of the deadline act."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.BIDDER_LIST)
    if hall.opening.list_published_at is not None:
        hall.refuse_not_at(Stage.IDENTITY_CHECK)
    entries = await _entries(hall)
    present = await _signed_in(hall)
    rows = [_row(bid, entries[bid.entry_id], bid.bidder_id in present) for bid in await hall.bids()]
    hall.opening.list_published_at = hall.now
    return await unit.record(BidderListPublished(tender_id=tender_id, bidders=rows))


def _row(bid: OpeningBid, entry: Entry, signed_in: bool) -> dict[str, object]:  # noqa: FBT001 -- a column
    return {
        "number": bid.number,
        "bidder_id": bid.bidder_id,
        "name": bid.name,
        "uscc": bid.uscc,
        "bid_id": bid.bid_id,
        "statement_sha256": bid.statement_sha256,
        "status": bid.status.value,
        "submitted_at": instant(bid.submitted_at),
        "signed_in": signed_in,
        "entry": {"text": entry.text, "blind": entry.blind.hex()},
    }


async def _entries(hall: Hall) -> Mapping[int, Entry]:
    wanted = select(OpeningBid.entry_id).where(OpeningBid.tender_id == hall.tender_id)
    rows = (await hall.unit.session.execute(select(Entry).where(Entry.id.in_(wanted)))).scalars()
    return {entry.id: entry for entry in rows}


async def _signed_in(hall: Hall) -> frozenset[str]:
    asked = select(SignIn.bidder_id).where(SignIn.tender_id == hall.tender_id)
    return frozenset((await hall.unit.session.execute(asked)).scalars())


async def check_identity(unit: Unit, tender_id: str, bidder_id: str, *, is_ok: bool, note: str = "") -> Entry:
    """The host looked at one delegate; told to that bidder, kept for the record."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.IDENTITY_CHECK)
    bid = await hall.bid_of(bidder_id)
    bid.identity_ok = is_ok
    return await unit.record(
        IdentityChecked(tender_id=tender_id, bidder_id=bidder_id, is_ok=is_ok, note=note)
    )


async def state_deposits(unit: Unit, tender_id: str) -> list[Entry]:
    """State each bidder's deposit as it is known; an unpaid one keeps no bid from being opened (K-02)."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.IDENTITY_CHECK)
    facts = await facts_for_opening(unit.session, hall.tender)
    standing = [bid for bid in await hall.bids() if bid.status in STANDING]
    for bid in standing:
        bid.deposit, bid.deposit_fen = facts.of(bid.bidder_id)
    return [await unit.record(_stated(bid)) for bid in standing]


def _stated(bid: OpeningBid) -> DepositStated:
    return DepositStated(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id,
        status=bid.deposit or "", amount_fen=bid.deposit_fen or 0,
    )  # fmt: skip


async def announce_cap(unit: Unit, tender_id: str) -> Entry:
    """Say the price cap that the bidding document fixed, or that there is none (N-07)."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.CONTROL_PRICE)
    hall.opening.cap_announced_at = hall.now
    return await unit.record(PriceCapAnnounced(tender_id=tender_id, price_cap_fen=hall.terms.price_cap_fen))
