"""What came of a call with an idempotency key: the same call again gets the same answer."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.rules import refuse_reused_key
from bidding.bid.tables import Bid, BidOutcome
from crypto.ledger import Entry


@dataclass(frozen=True)
class Taken:
    """What a verb of the bidder's took in: the bid as it stands, and the entry its receipt attests."""

    bid: Bid
    entry: Entry


async def known_outcome(
    session: AsyncSession, bidder_id: str, *, key: str | None, body: str | None = None
) -> Taken | None:
    """What was taken in under the bidder's *key*, or None: then nothing was.

    Raises KeyReused where *body* (SHA-256, hex) is given and is another's. Refusals are not kept: a
    refused call may be sent again with the same key.
    """
    found = await session.get(BidOutcome, (bidder_id, key)) if key is not None else None
    if found is None:
        return None
    if body is not None:
        refuse_reused_key(key=found.key, known=found.body_sha256, given=body)
    bid, entry = await session.get_one(Bid, found.bid_id), await session.get_one(Entry, found.entry_id)
    return Taken(bid, entry)


async def keep_outcome(session: AsyncSession, taken: Taken, *, key: str, body: str) -> None:
    """Remember, in the same transaction, what *key* led to."""
    session.add(
        BidOutcome(
            bidder_id=taken.bid.bidder_id, key=key, body_sha256=body, bid_id=taken.bid.id,
            entry_id=taken.entry.id, at=taken.entry.at,
        )
    )  # fmt: skip
    await session.flush()
