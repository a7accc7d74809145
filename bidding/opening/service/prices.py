"""From the confirmation of one's own items to the announcement of all, and what stands out among them."""

from collections.abc import Sequence
from datetime import datetime

from bidding.acts.opening import (
    BidAnnounced,
    PriceAnalysed,
    PriceConfirmed,
    PriceDisputed,
    SheetKeyPublished,
)
from bidding.opening.hall import Hall, enter
from bidding.opening.service.unsealing import sheet_context
from bidding.opening.sheets import price_of
from bidding.opening.stages import Stage
from bidding.opening.states import BidStatus, bid_after, price_after
from bidding.opening.tables import OpeningBid
from bidding.opening.windows import WindowKind
from bidding.party.roles import Actor
from bidding.refusals.opening import StageUnfinished
from crypto.atrest import AtRest
from crypto.ledger import Entry, Unit


async def confirm_price(
    unit: Unit, tender_id: str, *, actor: Actor, asked_at: datetime | None = None
) -> Entry:
    """The bidder confirms the items read from its own sheet."""
    hall = await _confirming(unit, tender_id, asked_at)
    bid = await hall.own_bid(actor)
    act = PriceConfirmed(tender_id=tender_id, bidder_id=bid.bidder_id)
    bid.price_answer = price_after(bid.price_answer, act)
    return await unit.record(act)


async def dispute_price(
    unit: Unit, tender_id: str, *, actor: Actor, note: str, asked_at: datetime | None = None
) -> Entry:
    """The bidder disputes the items read from its own sheet: noted; the signed file prevails (K-04)."""
    hall = await _confirming(unit, tender_id, asked_at)
    bid = await hall.own_bid(actor)
    act = PriceDisputed(tender_id=tender_id, bidder_id=bid.bidder_id, note=note)
    bid.price_answer, bid.price_note = price_after(bid.price_answer, act), note
    return await unit.record(act)


async def _confirming(unit: Unit, tender_id: str, asked_at: datetime | None) -> Hall:
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.PRICE_CONFIRM)
    await hall.refuse_outside(WindowKind.PRICE_CONFIRM, asked_at=asked_at)
    return hall


async def announce_next(unit: Unit, tender_id: str, *, atrest: AtRest) -> Entry:
    """Read out the next bid of the list. Raises StageUnfinished when all have been read."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.ANNOUNCE)
    waiting = await _waiting(hall)
    if not waiting:
        raise StageUnfinished(stage=Stage.ANNOUNCE.value, missing="nothing-left-to-announce")
    return await _announce(hall, waiting[0], atrest)


async def announce_all(unit: Unit, tender_id: str, *, atrest: AtRest) -> list[Entry]:
    """Read out every bid that has not been read yet."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.ANNOUNCE)
    return [await _announce(hall, bid, atrest) for bid in await _waiting(hall)]


async def _waiting(hall: Hall) -> Sequence[OpeningBid]:
    return [bid for bid in await hall.bids() if bid.status is BidStatus.DECRYPTED]


async def _announce(hall: Hall, bid: OpeningBid, atrest: AtRest) -> Entry:
    act = BidAnnounced(
        tender_id=hall.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id,
        items=bid.items or {}, findings=[str(one) for one in bid.findings],
    )  # fmt: skip
    bid.announced_at = hall.now
    bid.status = bid_after(bid.status, act)
    entry = await hall.unit.record(act)
    await hall.unit.record(_sheet_key(bid, atrest))
    return entry


def _sheet_key(bid: OpeningBid, atrest: AtRest) -> SheetKeyPublished:
    identity = atrest.unseal(bid.sheet_key_at_rest or b"", context=sheet_context(bid.bid_id))
    return SheetKeyPublished(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, identity=identity.decode()
    )


async def analyse_prices(unit: Unit, tender_id: str) -> Entry:
    """Say which prices exceed the cap and how far they lie apart; nothing is rejected here (V-01)."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.PRICE_ANALYSIS)
    announced = [bid for bid in await hall.bids() if bid.status is BidStatus.ANNOUNCED]
    prices = [price for bid in announced if (price := price_of(bid.items or {}, hall.terms)) is not None]
    low, high = (min(prices), max(prices)) if prices else (None, None)
    hall.opening.analysed_at = hall.now
    return await unit.record(
        PriceAnalysed(
            tender_id=tender_id,
            over_cap=[bid.bid_id for bid in announced if "over-cap" in bid.findings],
            lowest=low,
            highest=high,
            spread=None if low is None or high is None else high - low,
        )
    )
