"""The bidders' keys: released by their bidders, or put together by the committee when nobody did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import combinations, islice

from sqlalchemy import select

from bidding.acts.opening import BidderKeyReleased, FallbackCombined, SharePosted
from bidding.bid.tables import Bid
from bidding.opening import rules
from bidding.opening.hall import Hall, enter
from bidding.opening.stages import Stage
from bidding.opening.states import bid_after
from bidding.opening.tables import OpeningBid, SharePost
from bidding.opening.windows import WindowKind
from bidding.party.roles import Actor
from bidding.refusals.opening import NotABidderHere
from bidding.refusals.opening_keys import NotAShareHolder, ShareMalformed
from bidding.tender.terms import Committee, ShareHolder
from crypto.age import recipient_of
from crypto.atrest import AtRest
from crypto.envelope.fallback import Share, recover
from crypto.envelope.statement import Statement
from crypto.errors import KeyMalformed, SharesInsufficient
from crypto.ledger import Unit

BIDDER, COMMITTEE = "bidder", "committee"
_TRIES = 2000  # subsets of shares tried at once; 4 of 12 are 495


@dataclass(frozen=True, kw_only=True)
class KeyRelease:
    """A bidder's layer identity ("AGE-SECRET-KEY-1…"), and when the bidder asked, if the door knows."""

    tender_id: str
    identity: str
    asked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ShareRelease:
    """A committee member's decrypted share of one bid: canonical JSON (crypto.envelope.fallback)."""

    tender_id: str
    bid_id: str
    share: bytes
    asked_at: datetime | None = None


def layer_context(bid_id: str) -> str:
    """What a bidder's layer key is bound to at rest."""
    return f"opening/layer-key/{bid_id}"


async def release(unit: Unit, order: KeyRelease, *, actor: Actor, atrest: AtRest) -> OpeningBid:
    """Take in the bidder's layer key, if it is the one the bid was sealed with.

    Told to the public is only that it came. Releasing the same key again changes nothing. Raises
    NotABidderHere, WrongKey, StageOutOfOrder, WindowNotOpen.
    """
    hall = await enter(unit, order.tender_id)
    bid = await hall.own_bid(actor)
    rules.refuse_wrong_key(given=_recipient(order.identity), recipient=bid.recipient)
    if bid.released_at is not None:
        return bid
    hall.refuse_not_at(Stage.DECRYPT_BIDDER)
    await hall.refuse_outside(WindowKind.RELEASE, asked_at=order.asked_at)
    act = BidderKeyReleased(tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id)
    bid.status = bid_after(bid.status, act)
    _keep(bid, order.identity, by=BIDDER, at=hall.now, atrest=atrest)
    await unit.record(act)
    return bid


def _keep(bid: OpeningBid, identity: str, *, by: str, at: datetime, atrest: AtRest) -> None:
    bid.key_at_rest = atrest.seal(identity.encode(), context=layer_context(bid.bid_id))
    bid.released_at, bid.released_by = at, by


def _recipient(identity: str) -> str | None:
    try:
        return recipient_of(identity.strip())
    except KeyMalformed:
        return None


async def post_share(unit: Unit, order: ShareRelease, *, actor: Actor, atrest: AtRest) -> OpeningBid:
    """Take in a member's share of a bid that nobody released; the m-th sound one opens the layer.

    Posting twice changes nothing. Raises NotAShareHolder, ShareUnwanted, ShareMalformed,
    StageOutOfOrder, WindowNotOpen.
    """
    hall = await enter(unit, order.tender_id)
    committee, member = _member(hall, actor)
    bid = await _bid(hall, order.bid_id)
    hall.refuse_not_at(Stage.DECRYPT_COMMITTEE)
    await hall.refuse_outside(WindowKind.FALLBACK, asked_at=order.asked_at)
    if await unit.session.get(SharePost, (bid.tender_id, bid.bidder_id, member.number)) is not None:
        return bid
    rules.refuse_unwanted_share(bid_id=bid.bid_id, status=bid.status, has_fallback=bid.has_fallback)
    await _refuse_foreign_share(hall, bid, member, order.share)
    await _post(hall, bid, member, order.share, atrest=atrest)
    await _combine(hall, bid, committee, atrest=atrest)
    return bid


def _member(hall: Hall, actor: Actor) -> tuple[Committee, ShareHolder]:
    committee = hall.terms.committee
    for member in committee.members if committee else ():
        if (member.organisation_id, member.person_id) == (actor.organisation_id, actor.person_id):
            return committee, member  # type: ignore[return-value] # it has members, so it is there
    raise NotAShareHolder(tender_id=hall.tender_id)


async def _bid(hall: Hall, bid_id: str) -> OpeningBid:
    asked = select(OpeningBid).where(OpeningBid.tender_id == hall.tender_id, OpeningBid.bid_id == bid_id)
    found = (await hall.unit.session.execute(asked)).scalar_one_or_none()
    if found is None:
        raise NotABidderHere(tender_id=hall.tender_id)
    return found


async def _refuse_foreign_share(hall: Hall, bid: OpeningBid, member: ShareHolder, raw: bytes) -> None:
    """The share names this tender, this bid's R(B), and the member whom the statement gave it to."""
    row = await hall.unit.session.get_one(Bid, bid.bid_id)
    dealt = {one.recipient: one.member for one in Statement.read(row.statement).shares}
    try:
        share = Share.read(raw)
    except SharesInsufficient:
        raise ShareMalformed(bid_id=bid.bid_id) from None
    expected = (hall.tender_id, bid.recipient, dealt.get(member.recipient))
    if (share.tender_id, share.bidder_recipient, share.member) != expected:
        raise ShareMalformed(bid_id=bid.bid_id)


async def _post(hall: Hall, bid: OpeningBid, member: ShareHolder, raw: bytes, *, atrest: AtRest) -> None:
    context = share_context(bid.bid_id, member.number)
    hall.unit.session.add(
        SharePost(
            tender_id=bid.tender_id, bidder_id=bid.bidder_id, member=member.number,
            share_at_rest=atrest.seal(raw, context=context), posted_at=hall.now,
        )
    )  # fmt: skip
    digest = sha256(raw).hexdigest()
    await hall.unit.record(
        SharePosted(tender_id=bid.tender_id, member=member.number, bid_id=bid.bid_id, share_sha256=digest)
    )


def share_context(bid_id: str, member: int) -> str:
    """What a member's share of a bid is bound to at rest."""
    return f"opening/share/{bid_id}/{member}"


async def _combine(hall: Hall, bid: OpeningBid, committee: Committee, *, atrest: AtRest) -> None:
    posts = await _posts(hall, bid)
    shares = {
        post.member: Share.read(
            atrest.unseal(post.share_at_rest, context=share_context(bid.bid_id, post.member))
        )
        for post in posts
    }
    # A garbage share spoils every set it is in, so that every set of m is tried (cryptography 3.6).
    for members in islice(combinations(sorted(shares), committee.m), _TRIES):
        identity = _recovered([shares[one] for one in members], bid.recipient)
        if identity is not None:
            return await _combined(hall, bid, identity, members, atrest=atrest)
    return None


async def _posts(hall: Hall, bid: OpeningBid) -> Sequence[SharePost]:
    asked = select(SharePost).where(
        SharePost.tender_id == bid.tender_id, SharePost.bidder_id == bid.bidder_id
    )
    return (await hall.unit.session.execute(asked)).scalars().all()


def _recovered(shares: Sequence[Share], recipient: str) -> str | None:
    try:
        return recover(shares, recipient)
    except SharesInsufficient:
        return None


async def _combined(
    hall: Hall, bid: OpeningBid, identity: str, members: Sequence[int], *, atrest: AtRest
) -> None:
    act = FallbackCombined(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, members=list(members)
    )
    bid.status = bid_after(bid.status, act)
    _keep(bid, identity, by=COMMITTEE, at=hall.now, atrest=atrest)
    await hall.unit.record(act)
