"""Questions about bids. A bidder may always ask for its own; all others wait for the deadline (E-08)."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.rules import refuse_before_deadline
from bidding.bid.states import RECEIVED, BidState
from bidding.bid.tables import Bid, BidObject, UploadPart
from bidding.bid.vault import Part, StoredObject
from bidding.refusals.bid import BidAbsent
from bidding.tender import queries as tenders


async def bid_of(session: AsyncSession, tender_id: str, bidder_id: str) -> Bid | None:
    """The bidder's newest submission in the tender, whatever its state; for the bidder's own eyes."""
    asked = select(Bid).where(Bid.tender_id == tender_id, Bid.bidder_id == bidder_id)
    return (await session.execute(asked.order_by(Bid.round.desc()).limit(1))).scalar_one_or_none()


async def submissions(session: AsyncSession, tender_id: str, bidder_id: str) -> list[Bid]:
    """Every round of the bidder in the tender, oldest first; for the bidder's own eyes."""
    asked = select(Bid).where(Bid.tender_id == tender_id, Bid.bidder_id == bidder_id).order_by(Bid.round)
    return list((await session.execute(asked)).scalars())


async def my_bids(session: AsyncSession, bidder_id: str) -> list[Bid]:
    """The bidder's submissions in all tenders that were not replaced, newest first."""
    asked = select(Bid).where(Bid.bidder_id == bidder_id, Bid.state != BidState.REPLACED)
    return list((await session.execute(asked.order_by(Bid.id.desc()))).scalars())


async def live_bids(session: AsyncSession, tender_id: str) -> list[Bid]:
    """The bids that stood at the deadline, in the order of their receipt.

    Raises SealedBeforeDeadline while the tender is not at its deadline, and TenderAbsent.
    """
    return await _after_deadline(session, tender_id, RECEIVED)


async def final_bids(session: AsyncSession, tender_id: str) -> list[Bid]:
    """Like `live_bids`, with those that were withdrawn before the deadline (the submission-time sheet)."""
    return await _after_deadline(session, tender_id, (*RECEIVED, BidState.WITHDRAWN))


async def _after_deadline(session: AsyncSession, tender_id: str, states: tuple[BidState, ...]) -> list[Bid]:
    tender = await tenders.get(session, tender_id)
    refuse_before_deadline(state=tender.state)
    asked = select(Bid).where(Bid.tender_id == tender_id, Bid.state.in_(states))
    bids = list((await session.execute(asked.order_by(Bid.submitted_at, Bid.id))).scalars())
    standing = {bid.bidder_id for bid in bids if bid.state is not BidState.WITHDRAWN}
    latest: dict[str, Bid] = {bid.bidder_id: bid for bid in bids}
    return [
        bid
        for bid in bids
        if bid.state is not BidState.WITHDRAWN
        or (bid.bidder_id not in standing and latest[bid.bidder_id] is bid)
    ]


async def own_bid(session: AsyncSession, bid_id: str, bidder_id: str) -> Bid:
    """The bid, if it is the bidder's own. Raises BidAbsent, the same for another's as for none."""
    bid = await session.get(Bid, bid_id)
    if bid is None or bid.bidder_id != bidder_id:
        raise BidAbsent
    return bid


async def objects_of(session: AsyncSession, bid_id: str) -> list[BidObject]:
    """The ciphertexts of a bid, by name."""
    asked = select(BidObject).where(BidObject.bid_id == bid_id).order_by(BidObject.name)
    return list((await session.execute(asked)).scalars())


async def stored_objects(session: AsyncSession, bid_id: str) -> dict[str, StoredObject]:
    """Where the bytes of each ciphertext lie; open them with `Vault.reader`."""
    asked = (
        select(BidObject.name, BidObject.size, BidObject.sha256, UploadPart.key, UploadPart.start,
               UploadPart.size.label("part_size"))
        .join(UploadPart, UploadPart.upload_id == BidObject.upload_id)
        .where(BidObject.bid_id == bid_id)
        .order_by(BidObject.name, UploadPart.start)
    )  # fmt: skip
    found: dict[str, StoredObject] = {}
    for row in await session.execute(asked):
        before = found[row.name].parts if row.name in found else ()
        parts = (*before, Part(key=row.key, start=row.start, size=row.part_size))
        found[row.name] = StoredObject(name=row.name, size=row.size, sha256=row.sha256, parts=parts)
    return found


async def parts_of(session: AsyncSession, upload_id: str) -> tuple[Part, ...]:
    """The parts of an upload in order."""
    asked = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    rows = (await session.execute(asked)).scalars()
    return tuple(Part(key=row.key, start=row.start, size=row.size) for row in rows)
