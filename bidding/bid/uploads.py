"""The verbs of uploads: the bookkeeping of bytes. What the law knows begins when a bid takes them."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid import rules
from bidding.bid.entitled import bidder_of
from bidding.bid.receiver import Piece
from bidding.bid.states import UploadState
from bidding.bid.tables import Upload, UploadPart
from bidding.bid.vault import Part, Vault
from bidding.party.roles import Actor
from bidding.refusals.bid import UploadAbsent
from bidding.tender.queries import lock_tender, terms_of
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

_AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class UploadOrder:
    """What a bidder means to upload: `name` is the object's (such as docs.age), size in bytes."""

    tender_id: str
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class UploadLimits:
    """Bytes that one bidder's untaken uploads may hold together, and how long one lives untouched."""

    quota: int
    lifetime: timedelta = timedelta(hours=72)


async def begin(unit: Unit, order: UploadOrder, *, actor: Actor, limits: UploadLimits) -> Upload:
    """Make room for an object of a bid. Nothing is recorded: before the deadline an upload tells nobody.

    Raises BiddingNotOpen, BidLate, AffiliateBids, BidderNotInvited, UploadTooLarge, UploadQuotaReached.
    """
    tender = await lock_tender(unit, order.tender_id, share=True)
    now, terms = await unit.now(), terms_of(tender)
    rules.refuse_not_open(state=tender.state)
    rules.refuse_late(deadline=tender.bid_deadline, received_at=now)
    await bidder_of(unit.session, tender, actor.organisation_id)
    rules.refuse_large_upload(size=order.size, limit=terms.max_bid_bytes)
    used = await _untaken(unit.session, actor.organisation_id)
    rules.refuse_over_quota(used=used, asked=order.size, limit=limits.quota)
    upload = Upload(
        id=new_id(), tender_id=tender.id, owner_id=actor.organisation_id, name=order.name, size=order.size,
        received=0, state=UploadState.RECEIVING, created_at=now, expires_at=now + limits.lifetime,
    )  # fmt: skip
    unit.session.add(upload)
    await unit.session.flush()
    return upload


async def _untaken(session: AsyncSession, owner_id: str) -> int:
    asked = select(func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.owner_id == owner_id, Upload.state != UploadState.TAKEN
    )
    return int((await session.execute(asked)).scalar_one())


async def untaken(session: AsyncSession, tender_id: str, owner_id: str) -> list[Upload]:
    """The owner's uploads in the tender that no bid has taken, oldest first."""
    asked = select(Upload).where(
        Upload.tender_id == tender_id, Upload.owner_id == owner_id, Upload.state != UploadState.TAKEN
    )
    return list((await session.execute(asked.order_by(Upload.id))).scalars())


async def own(session: AsyncSession, upload_id: str, owner_id: str) -> Upload:
    """The upload, if it is the owner's. Raises UploadAbsent, the same for another's as for none (E-08)."""
    upload = await session.get(Upload, upload_id)
    if upload is None:
        raise UploadAbsent
    rules.refuse_foreign_upload(owner_id=upload.owner_id, asker_id=owner_id)
    return upload


async def lock_own(unit: Unit, upload_id: str, owner_id: str) -> Upload:
    """Like `own`, read afresh and locked."""
    asked = select(Upload).where(Upload.id == upload_id, Upload.owner_id == owner_id).with_for_update()
    fresh = {"populate_existing": True}
    upload = (await unit.session.execute(asked, execution_options=fresh)).scalar_one_or_none()
    if upload is None:
        raise UploadAbsent
    return upload


async def advance(
    unit: Unit, piece: Piece, *, actor: Actor, limits: UploadLimits, sha256: str | None = None
) -> Upload:
    """Count *piece* in; the last one comes with the *sha256* (hex) of the whole.

    Raises UploadAbsent, and UploadOutOfStep where another piece came first.
    """
    upload = await lock_own(unit, piece.upload_id, actor.organisation_id)
    now = await unit.now()
    rules.refuse_taken(state=upload.state)
    rules.refuse_out_of_step(received=upload.received, offset=piece.start)
    unit.session.add(UploadPart(upload_id=upload.id, start=piece.start, size=piece.size, key=piece.key))
    upload.received, upload.expires_at = piece.end, now + limits.lifetime
    if sha256 is not None:
        upload.state, upload.sha256, upload.completed_at = UploadState.COMPLETED, sha256, now
    await unit.session.flush()
    return upload


async def discard(unit: Unit, upload_id: str, *, actor: Actor) -> list[str]:
    """Forget an upload that no bid has taken; the keys of what is now garbage in the vault."""
    upload = await lock_own(unit, upload_id, actor.organisation_id)
    rules.refuse_taken(state=upload.state)
    return await _forget(unit.session, [upload.id])


async def expire(unit: Unit, vault: Vault) -> int:
    """Clear away uploads that outlived their time, a few at once; how many. Bids' own bytes never expire."""
    asked = select(Upload.id).where(Upload.expires_at < await unit.now(), Upload.state != UploadState.TAKEN)
    waiting = asked.order_by(Upload.expires_at).limit(_AT_ONCE).with_for_update(skip_locked=True)
    ids = list((await unit.session.execute(waiting)).scalars())
    if ids:
        # Deleted before the commit: after a crash in between, the next round passes over what is gone.
        await vault.delete(await _forget(unit.session, ids))
    return len(ids)


async def _forget(session: AsyncSession, ids: list[str]) -> list[str]:
    asked = select(UploadPart.key).where(UploadPart.upload_id.in_(ids))
    keys = list((await session.execute(asked)).scalars())
    await session.execute(delete(UploadPart).where(UploadPart.upload_id.in_(ids)))
    await session.execute(delete(Upload).where(Upload.id.in_(ids)))
    return keys


async def known_keys(session: AsyncSession, keys: list[str]) -> set[str]:
    """Which of *keys* belong to an upload; the others are what a crash left in the vault."""
    asked = select(UploadPart.key).where(UploadPart.key.in_(keys))
    return set((await session.execute(asked)).scalars())


def with_piece(parts: tuple[Part, ...], piece: Piece) -> tuple[Part, ...]:
    """The parts of an upload once *piece* is counted in."""
    return (*parts, Part(key=piece.key, start=piece.start, size=piece.size))
