"""The verbs of sealed bids: submit, withdraw, and what the opening concludes about them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bidding.acts import BidderAct, bidder_stream
from bidding.acts.bid import (
    BidAcceptanceRefused,
    BidFailedBySystem,
    BidOpened,
    BidRevoked,
    BidSubmitted,
    BidWithdrawn,
)
from bidding.bid import queries, rules
from bidding.bid.acceptance import SealedBid
from bidding.bid.entitled import bidder_of
from bidding.bid.outcomes import Taken, keep_outcome, known_outcome
from bidding.bid.sealing import follows, standing_versions
from bidding.bid.states import BidState, UploadState, after
from bidding.bid.tables import Bid, BidObject, BidWeed, Upload
from bidding.party import queries as parties
from bidding.party.roles import Actor
from bidding.refusals.bid import BidAbsent, BidCopied, BidIncomplete, BidReplayed, NoStandingBid
from bidding.tender import queries as tenders
from bidding.tender.tables import Tender
from bidding.tender.terms import Terms
from crypto.jcs import digest
from crypto.ledger import Unit
from crypto.ledger.ids import new_id
from crypto.ledger.streams import lock as lock_stream


@dataclass(frozen=True, kw_only=True)
class WithdrawOrder:
    """A bidder takes its bid in a tender back."""

    tender_id: str
    key: str | None = None

    @property
    def sha256(self) -> str:
        """The digest by which an idempotency key knows this order again."""
        return digest({"withdraw": self.tender_id}).hex()


async def submit(unit: Unit, sealed: SealedBid, *, actor: Actor) -> Taken:
    """Take in *sealed* as the bidder's bid, or refuse it; an earlier round is replaced by it.

    The instant is read after the locks: whoever holds the tender's shared lock at or before the
    deadline is in the list that the closer, waiting for all of them, will read. Raises BidLate,
    BiddingNotOpen, BidReplayed, BidOnOldNotice, BidCopied, AffiliateBids and their like.
    """
    order = sealed.order
    tender = await tenders.lock_tender(unit, order.tender_id, share=True)
    await lock_stream(unit.session, bidder_stream(tender.id, actor.organisation_id))
    known = await known_outcome(unit.session, actor.organisation_id, key=order.key, body=order.sha256)
    if known is not None:
        return known
    terms = await _refuse_unfit(unit, tender, sealed, actor)
    last = await queries.bid_of(unit.session, tender.id, actor.organisation_id)
    _refuse_replayed(sealed, last)
    uploads = await _lock_uploads(unit, sealed)
    await _refuse_copied(unit, sealed)

    bid = await _new_bid(unit, sealed, actor, tender.id)
    act = _submitted(sealed, bid, terms)
    if last is not None and last.state is BidState.SUBMITTED:
        last.state, last.ended_at = after(last.state, act), bid.submitted_at
        await unit.session.flush()  # before the new row: only one may count at a time
    await _add_rows(unit, sealed, bid, uploads)
    return await _record(unit, act, bid, key=order.key, body=order.sha256)


async def withdraw(unit: Unit, order: WithdrawOrder, *, actor: Actor) -> Taken:
    """Take the bidder's standing bid back (撤回); its ciphertext stays, sealed, with its hashes.

    Raises WithdrawalLate after the deadline, NoStandingBid.
    """
    tender = await tenders.lock_tender(unit, order.tender_id, share=True)
    await lock_stream(unit.session, bidder_stream(tender.id, actor.organisation_id))
    known = await known_outcome(unit.session, actor.organisation_id, key=order.key, body=order.sha256)
    if known is not None:
        return known
    now = await unit.now()
    rules.refuse_late_withdrawal(deadline=tender.bid_deadline, at=now)
    bid = await queries.bid_of(unit.session, tender.id, actor.organisation_id)
    if bid is None:
        raise NoStandingBid
    rules.refuse_nothing_standing(state=bid.state)
    act = BidWithdrawn(
        tender_id=tender.id, bidder_id=bid.bidder_id, bid_id=bid.id,
        round=bid.round, statement_sha256=bid.statement_sha256,
    )  # fmt: skip
    bid.state, bid.ended_at = after(bid.state, act), now
    return await _record(unit, act, bid, key=order.key, body=order.sha256)


async def mark_opened(unit: Unit, bid_id: str) -> Bid:
    """All layers came off."""
    return await _conclude(unit, bid_id, BidOpened)


async def mark_revoked(unit: Unit, bid_id: str, *, cause: str) -> Bid:
    """Not opened because of the bidder, or taken back after the deadline: 撤销 (E-14, TL-35)."""
    return await _conclude(unit, bid_id, BidRevoked, cause=cause)


async def mark_failed_by_system(unit: Unit, bid_id: str, *, cause: str) -> Bid:
    """Not opened for any other reason: 撤回 (E-15)."""
    return await _conclude(unit, bid_id, BidFailedBySystem, cause=cause)


async def mark_refused(unit: Unit, bid_id: str, *, cause: str) -> Bid:
    """Refused acceptance at the opening: 拒收 (K-06)."""
    return await _conclude(unit, bid_id, BidAcceptanceRefused, cause=cause)


async def _conclude(unit: Unit, bid_id: str, kind: type[BidderAct], **cause: str) -> Bid:
    asked = select(Bid).where(Bid.id == bid_id).with_for_update()
    fresh = {"populate_existing": True}
    bid = (await unit.session.execute(asked, execution_options=fresh)).scalar_one_or_none()
    if bid is None:
        raise BidAbsent
    tender = await tenders.get(unit.session, bid.tender_id)
    rules.refuse_before_deadline(state=tender.state)
    act = kind(tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.id, **cause)  # type: ignore[call-arg]
    bid.state, bid.cause = after(bid.state, act), cause.get("cause", "")
    bid.ended_at = None if bid.state is BidState.OPENED else await unit.now()
    await unit.record(act)
    return bid


async def _refuse_unfit(unit: Unit, tender: Tender, sealed: SealedBid, actor: Actor) -> Terms:
    """The facts that may have changed since the bid was judged: time, state, notice, entitlement."""
    now, session = await unit.now(), unit.session
    rules.refuse_late(deadline=tender.bid_deadline, received_at=now)
    rules.refuse_not_open(state=tender.state)
    terms = tenders.terms_of(tender)
    await bidder_of(session, tender, actor.organisation_id)
    standing = standing_versions(await tenders.versions(session, tender.id))
    rules.refuse_old_notice(
        named=sealed.accepted.statement.context.notice_sha256,
        acceptable=[one.notice_sha256 for one in standing],
        newest=tender.notice_sha256 or "",
    )
    known = await parties.certificate_by_fingerprint(session, sealed.certificate_sha256)
    rules.refuse_revoked_certificate(revoked_at=known.revoked_at if known else None, at=now)
    return terms


def _refuse_replayed(sealed: SealedBid, last: Bid | None) -> None:
    statement = sealed.accepted.statement
    rules.refuse_replayed(
        last=follows(last), given_round=statement.context.round, previous=statement.previous
    )


async def _lock_uploads(unit: Unit, sealed: SealedBid) -> dict[str, Upload]:
    ids = list(sealed.uploads.values())
    asked = select(Upload).where(Upload.id.in_(ids)).order_by(Upload.id).with_for_update()
    fresh = {"populate_existing": True}
    rows = (await unit.session.execute(asked, execution_options=fresh)).scalars()
    found = {row.id: row for row in rows}
    if len(found) < len(ids):
        raise BidIncomplete(
            detail=", ".join(name for name, id_ in sealed.uploads.items() if id_ not in found)
        )
    uploads = {name: found[id_] for name, id_ in sealed.uploads.items()}
    for name, upload in uploads.items():
        rules.refuse_incomplete(name=name, state=upload.state)
    return uploads


async def _refuse_copied(unit: Unit, sealed: SealedBid) -> None:
    asked = select(BidWeed.value).where(BidWeed.value.in_(sealed.accepted.weeds))
    rules.refuse_copied(seen=list((await unit.session.execute(asked)).scalars()))


async def _new_bid(unit: Unit, sealed: SealedBid, actor: Actor, tender_id: str) -> Bid:
    accepted, statement = sealed.accepted, sealed.accepted.statement
    return Bid(
        id=new_id(), tender_id=tender_id, bidder_id=actor.organisation_id, submitted_by=actor.person_id,
        round=statement.context.round, state=BidState.SUBMITTED, submitted_at=await unit.now(),
        statement=sealed.order.statement, signature=sealed.order.signature,
        statement_sha256=accepted.statement_sha256, previous_statement_sha256=statement.previous,
        bidder_certificate_sha256=sealed.certificate_sha256,
        notice_sha256=statement.context.notice_sha256, layer_recipient=statement.bidder_recipient,
        has_fallback=accepted.has_fallback,
    )  # fmt: skip


def _submitted(sealed: SealedBid, bid: Bid, terms: Terms) -> BidSubmitted:
    parts = sealed.accepted.statement.parts()
    return BidSubmitted(
        tender_id=bid.tender_id, bidder_id=bid.bidder_id, bid_id=bid.id, round=bid.round,
        statement_sha256=bid.statement_sha256,
        objects=tuple({"name": one.name, "size": one.size, "sha256": one.sha256} for one in parts),
        bidder_layer_recipient=bid.layer_recipient, has_fallback=bid.has_fallback,
        notice_sha256=bid.notice_sha256, previous_statement_sha256=bid.previous_statement_sha256,
        bidder_certificate_sha256=bid.bidder_certificate_sha256, rules_version=terms.rule_set_version,
    )  # fmt: skip


async def _add_rows(unit: Unit, sealed: SealedBid, bid: Bid, uploads: dict[str, Upload]) -> None:
    unit.session.add(bid)
    await _flush(unit, BidReplayed(expected=bid.round + 1, given=bid.round))
    for part in sealed.accepted.statement.parts():
        upload = uploads[part.name]
        upload.state, upload.expires_at = UploadState.TAKEN, None
        unit.session.add(
            BidObject(bid_id=bid.id, name=part.name, size=part.size, sha256=part.sha256, upload_id=upload.id)
        )
    unit.session.add_all(BidWeed(value=value, bid_id=bid.id) for value in sealed.accepted.weeds)
    await _flush(unit, BidCopied())


async def _flush(unit: Unit, otherwise: Exception) -> None:
    # Two at once may both have seen nothing; the database's own uniqueness decides between them.
    try:
        await unit.session.flush()
    except IntegrityError:
        raise otherwise from None


async def _record(unit: Unit, act: BidderAct, bid: Bid, *, key: str | None, body: str) -> Taken:
    entry = await unit.record(act)
    if isinstance(act, BidSubmitted):
        bid.entry_id = entry.id
    taken = Taken(bid, entry)
    if key is not None:
        await keep_outcome(unit.session, taken, key=key, body=body)
    return taken
