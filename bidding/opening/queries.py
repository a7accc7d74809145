"""Questions about openings, each answered only from its hour on (domain §2.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid import queries as bid_queries
from bidding.bid.tables import Bid
from bidding.bid.vault import StoredObject
from bidding.opening import rules
from bidding.opening.service.keys import layer_context, share_context
from bidding.opening.service.unsealing import docs_context, sheet_context
from bidding.opening.stages import Stage
from bidding.opening.states import OPENED, BidStatus, OpeningState
from bidding.opening.tables import (
    FileFinding,
    FileInspection,
    LayerRelease,
    Opening,
    OpeningBid,
    SharePost,
)
from bidding.party.roles import Actor
from bidding.refusals.opening import OpeningAbsent
from bidding.refusals.opening_keys import NotAShareHolder, ShareUnwanted
from bidding.tender.queries import get, terms_of
from bidding.tender.states import PUBLIC_STATES
from bidding.tender.tables import Tender
from bidding.tender.terms import ShareHolder
from crypto.atrest import AtRest
from crypto.envelope.statement import Statement


@dataclass(frozen=True, kw_only=True)
class OpeningLine:
    """A line of the list of openings: nothing that tells who bids, or how many."""

    tender_id: str
    title: str
    lot_code: str
    project_type: str
    township: str
    deadline: datetime
    state: OpeningState
    stage: Stage


async def openings(
    session: AsyncSession, *, since: datetime, until: datetime, limit: int = 200
) -> list[OpeningLine]:
    """The openings whose deadline lies in the span, by deadline; also those whose door is still shut."""
    asked = (
        select(Tender, Opening)
        .outerjoin(Opening, Opening.tender_id == Tender.id)
        .where(Tender.bid_deadline.between(since, until), Tender.state.in_(PUBLIC_STATES))
    )
    rows = await session.execute(asked.order_by(Tender.bid_deadline, Tender.id).limit(limit))
    return [_line(tender, opening) for tender, opening in rows]


def _line(tender: Tender, opening: Opening | None) -> OpeningLine:
    return OpeningLine(
        tender_id=tender.id, title=tender.title, lot_code=tender.lot_code,
        project_type=tender.project_type, township=tender.township, deadline=tender.bid_deadline,
        state=opening.state if opening else OpeningState.SCHEDULED,
        stage=opening.stage if opening else Stage.LOBBY,
    )  # fmt: skip


DAY = timedelta(days=1)


async def opening_of(session: AsyncSession, tender_id: str) -> Opening:
    """The opening's row. Raises OpeningAbsent before its door opens."""
    found = await session.get(Opening, tender_id)
    if found is None:
        raise OpeningAbsent(tender_id=tender_id)
    return found


async def listed_bids(session: AsyncSession, tender_id: str) -> Sequence[OpeningBid]:
    """Every bid, once the list is public. Raises OpeningAbsent, NamesHidden."""
    opening = await opening_of(session, tender_id)
    is_listed = opening.list_published_at is not None
    rules.refuse_hidden_names(is_listed=is_listed, stage=opening.stage)
    return await _bids(session, tender_id)


async def announced_bids(session: AsyncSession, tender_id: str) -> Sequence[OpeningBid]:
    """The bids that were read out, with their items. Raises OpeningAbsent, PricesHidden (E-13)."""
    opening = await opening_of(session, tender_id)
    rules.refuse_hidden_prices(stage=opening.stage)
    return [bid for bid in await _bids(session, tender_id) if bid.status is BidStatus.ANNOUNCED]


async def _bids(session: AsyncSession, tender_id: str) -> Sequence[OpeningBid]:
    asked = select(OpeningBid).where(OpeningBid.tender_id == tender_id).order_by(OpeningBid.number)
    return (await session.execute(asked)).scalars().all()


@dataclass(frozen=True, kw_only=True)
class ShareTask:
    """A share that a committee member is asked for; its file is `object` of the bid."""

    bid_id: str
    bidder: str
    object: str
    is_posted: bool


async def share_tasks(session: AsyncSession, tender_id: str, actor: Actor) -> list[ShareTask]:
    """The bids that wait for this member's share: by rule, all that nobody released (cryptography 3.6).

    Empty outside the committee's step. Raises NotAShareHolder.
    """
    member = await _member(session, tender_id, actor)
    opening = await opening_of(session, tender_id)
    if opening.stage is not Stage.DECRYPT_COMMITTEE:
        return []
    waiting = [
        bid
        for bid in await _bids(session, tender_id)
        if bid.status is BidStatus.DECRYPT_PENDING and bid.has_fallback
    ]
    return [await _task(session, bid, member) for bid in waiting]


async def _task(session: AsyncSession, bid: OpeningBid, member: ShareHolder) -> ShareTask:
    row = await session.get_one(Bid, bid.bid_id)
    posted = await session.get(SharePost, (bid.tender_id, bid.bidder_id, member.number))
    shares = Statement.read(row.statement).shares
    name = next((one.name for one in shares if one.recipient == member.recipient), "")
    return ShareTask(bid_id=bid.bid_id, bidder=bid.name, object=name, is_posted=posted is not None)


async def share_object(session: AsyncSession, tender_id: str, bid_id: str, actor: Actor) -> StoredObject:
    """Where the member's own share file of one bid lies. Raises NotAShareHolder, ShareUnwanted."""
    tasks = {one.bid_id: one for one in await share_tasks(session, tender_id, actor)}
    task = tasks.get(bid_id)
    stored = await bid_queries.stored_objects(session, bid_id) if task else {}
    if task is None or task.object not in stored:
        raise ShareUnwanted(bid_id=bid_id, status="not-waiting")
    return stored[task.object]


async def _member(session: AsyncSession, tender_id: str, actor: Actor) -> ShareHolder:
    committee = terms_of(await get(session, tender_id)).committee
    for member in committee.members if committee else ():
        if (member.organisation_id, member.person_id) == (actor.organisation_id, actor.person_id):
            return member
    raise NotAShareHolder(tender_id=tender_id)


@dataclass(frozen=True, kw_only=True)
class PostedShare:
    """One member's share of one bid's layer key: canonical JSON (crypto.envelope.fallback)."""

    bid_id: str
    member: int
    share: bytes


@dataclass(frozen=True, kw_only=True)
class ReleasedKeys:
    """Everything that opens one bid again; for the supervision edition of the archive alone."""

    bidder_id: str
    bid_id: str
    released_by: str
    bidder_identity: str | None
    sheet_identity: str | None
    docs_identity: str | None


async def released_keys(session: AsyncSession, tender_id: str, *, atrest: AtRest) -> list[ReleasedKeys]:
    """The keys of every bid, when the decryption has ended. Raises OpeningAbsent, PricesHidden before."""
    opening = await opening_of(session, tender_id)
    rules.refuse_hidden_prices(stage=opening.stage)
    return [_keys(bid, atrest) for bid in await _bids(session, tender_id)]


async def posted_shares(session: AsyncSession, tender_id: str, *, atrest: AtRest) -> list[PostedShare]:
    """The shares of every bid, when the decryption has ended. Raises OpeningAbsent, PricesHidden before."""
    opening = await opening_of(session, tender_id)
    rules.refuse_hidden_prices(stage=opening.stage)
    asked = (
        select(SharePost, OpeningBid.bid_id)
        .join(
            OpeningBid,
            (OpeningBid.tender_id == SharePost.tender_id) & (OpeningBid.bidder_id == SharePost.bidder_id),
        )
        .where(SharePost.tender_id == tender_id)
        .order_by(OpeningBid.number, SharePost.member)
    )
    return [
        PostedShare(
            bid_id=bid_id, member=post.member,
            share=atrest.unseal(post.share_at_rest, context=share_context(bid_id, post.member)),
        )
        for post, bid_id in await session.execute(asked)
    ]  # fmt: skip


def _keys(bid: OpeningBid, atrest: AtRest) -> ReleasedKeys:
    def opened(sealed: bytes | None, context: str) -> str | None:
        return atrest.unseal(sealed, context=context).decode() if sealed is not None else None

    return ReleasedKeys(
        bidder_id=bid.bidder_id, bid_id=bid.bid_id, released_by=bid.released_by,
        bidder_identity=opened(bid.key_at_rest, layer_context(bid.bid_id)),
        sheet_identity=opened(bid.sheet_key_at_rest, sheet_context(bid.bid_id)),
        docs_identity=opened(bid.docs_key_at_rest, docs_context(bid.bid_id)),
    )  # fmt: skip


async def layer_releases(session: AsyncSession, tender_id: str) -> Sequence[LayerRelease]:
    """The layers that came off, in order; public from their release on."""
    asked = select(LayerRelease).where(LayerRelease.tender_id == tender_id).order_by(LayerRelease.number)
    return (await session.execute(asked)).scalars().all()


async def opened_bid_ids(session: AsyncSession, tender_id: str) -> list[str]:
    """The bids that go on to the evaluation. Raises OpeningAbsent, PricesHidden."""
    opening = await opening_of(session, tender_id)
    rules.refuse_hidden_prices(stage=opening.stage)
    return [bid.bid_id for bid in await _bids(session, tender_id) if bid.status in OPENED]


@dataclass(frozen=True, kw_only=True)
class InspectedBid:
    """An opened bid and what was found in its files; no inspection yet where that is None."""

    bid: OpeningBid
    inspection: FileInspection | None
    found: Sequence[FileFinding]


async def inspected_bids(session: AsyncSession, tender_id: str) -> list[InspectedBid]:
    """Every opened bid, by number. Raises OpeningAbsent, PricesHidden while files are not to be seen."""
    opening = await opening_of(session, tender_id)
    rules.refuse_hidden_prices(stage=opening.stage)
    opened = [bid for bid in await _bids(session, tender_id) if bid.status in OPENED]
    return [await _inspected(session, bid) for bid in opened]


async def _inspected(session: AsyncSession, bid: OpeningBid) -> InspectedBid:
    key = (bid.tender_id, bid.bidder_id)
    asked = select(FileFinding).where(
        FileFinding.tender_id == bid.tender_id, FileFinding.bidder_id == bid.bidder_id
    )
    found = (await session.execute(asked.order_by(FileFinding.number))).scalars().all()
    return InspectedBid(bid=bid, inspection=await session.get(FileInspection, key), found=found)
