"""The last layer is off: every bid opens in its own transaction, and no failure stops another (E-16)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts.opening import BidDecrypted
from bidding.bid import queries as bid_queries
from bidding.bid import service as bids
from bidding.bid.tables import Bid
from bidding.bid.vault import Vault
from bidding.opening.hall import Hall, enter
from bidding.opening.service.keys import layer_context
from bidding.opening.service.outcomes import end_if_decided, revoke_unopened, withdraw_by_fault
from bidding.opening.sheets import read_sheet
from bidding.opening.states import BidStatus, OpeningState, bid_after
from bidding.opening.tables import LayerRelease, Opening, OpeningBid
from bidding.opening.unsealing import Opened, SealedBid, Unopened, opener, unseal
from crypto.atrest import AtRest
from crypto.envelope.statement import Statement
from crypto.ledger import Unit

Acting = Callable[[], AbstractAsyncContextManager[Unit]]
Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
AT_ONCE = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What opening bids needs: committed transactions, reading sessions, the vault, the keys at rest."""

    acting: Acting
    reading: Reading
    vault: Vault
    atrest: AtRest


def sheet_context(bid_id: str) -> str:
    """What the identity of a bid's sheet is bound to at rest."""
    return f"opening/sheet-key/{bid_id}"


def docs_context(bid_id: str) -> str:
    """What the identity of a bid's documents is bound to at rest."""
    return f"opening/docs-key/{bid_id}"


async def open_all(shop: Workshop, tender_id: str) -> int:
    """Open every bid of the tender whose key came in; how many were decided.

    Safe to run again and on several replicas: a bid is decided once, by its status. A bid whose bytes
    cannot be read just now stays queued and is tried again.
    """
    queue, layers = await _queue(shop, tender_id)
    gate = asyncio.Semaphore(AT_ONCE)
    decided = await asyncio.gather(*(_open_one(shop, tender_id, one, layers, gate) for one in queue))
    return sum(decided)


async def _queue(shop: Workshop, tender_id: str) -> tuple[Sequence[str], tuple[str, ...]]:
    """The bidders whose bids wait, in the order of the list, and the layers' identities."""
    async with shop.reading() as session:
        opening = await session.get_one(Opening, tender_id)
        if opening.state is not OpeningState.RUNNING:
            return (), ()
        asked = select(OpeningBid.bidder_id).where(
            OpeningBid.tender_id == tender_id, OpeningBid.status == BidStatus.DECRYPT_QUEUED
        )
        waiting = (await session.execute(asked.order_by(OpeningBid.number))).scalars().all()
        return waiting, await _layers(session, tender_id)


async def _layers(session: AsyncSession, tender_id: str) -> tuple[str, ...]:
    asked = select(LayerRelease.identity).where(LayerRelease.tender_id == tender_id)
    return tuple((await session.execute(asked.order_by(LayerRelease.number))).scalars())


async def _sealed(shop: Workshop, tender_id: str, bidder_id: str, layers: tuple[str, ...]) -> SealedBid:
    async with shop.reading() as session:
        row = await session.get_one(OpeningBid, (tender_id, bidder_id))
        bid = await session.get_one(Bid, row.bid_id)
        objects = await bid_queries.stored_objects(session, row.bid_id)
    key = shop.atrest.unseal(row.key_at_rest or b"", context=layer_context(row.bid_id))
    return SealedBid(
        bidder_id=row.bidder_id, statement=Statement.read(bid.statement), layers=layers,
        identity=key.decode(), objects=objects, open=opener(shop.vault.reader, objects),
    )  # fmt: skip


async def _open_one(
    shop: Workshop, tender_id: str, bidder_id: str, layers: tuple[str, ...], gate: asyncio.Semaphore
) -> bool:
    try:
        async with gate:
            sealed = await _sealed(shop, tender_id, bidder_id, layers)
            outcome = await asyncio.to_thread(unseal, sealed)
        async with shop.acting() as unit:
            return await settle(unit, tender_id, bidder_id, outcome, atrest=shop.atrest)
    except Exception:
        log.exception("a bid could not be opened just now", extra={"tender_id": tender_id})
        return False


async def settle(
    unit: Unit, tender_id: str, bidder_id: str, outcome: Opened | Unopened, *, atrest: AtRest
) -> bool:
    """Write down what came of one bid, unless that was done already."""
    hall = await enter(unit, tender_id)
    bid = await hall.bid_of(bidder_id)
    if bid.status is not BidStatus.DECRYPT_QUEUED or hall.opening.state is not OpeningState.RUNNING:
        return False
    if isinstance(outcome, Opened):
        await _opened(hall, bid, outcome, atrest)
    elif outcome.is_bidders:
        await revoke_unopened(hall, bid, cause=outcome.cause)
    else:
        await withdraw_by_fault(hall, bid, cause=outcome.cause)
    return True


async def _opened(hall: Hall, bid: OpeningBid, opened: Opened, atrest: AtRest) -> None:
    reading = read_sheet(opened.sheet, hall.terms, name=bid.name, uscc=bid.uscc)
    bid.items, bid.findings = reading.items, list(reading.findings)
    bid.sheet_key_at_rest = atrest.seal(opened.sheet_identity.encode(), context=sheet_context(bid.bid_id))
    bid.docs_key_at_rest = atrest.seal(opened.docs_identity.encode(), context=docs_context(bid.bid_id))
    bid.manifest_sha256, bid.opened_at = opened.manifest_sha256, hall.now
    act = BidDecrypted(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id,
        manifest_sha256=opened.manifest_sha256,
    )  # fmt: skip
    bid.status = bid_after(bid.status, act)
    await hall.unit.record(act)
    await bids.mark_opened(hall.unit, bid.bid_id)
    await end_if_decided(hall)
