"""The law of receiving sealed bids: each function refuses one wrong, or lets it pass."""

from collections.abc import Collection
from datetime import datetime

from bidding.bid.states import BidState, UploadState
from bidding.refusals.bid import (
    BidCertificateRevoked,
    BidCopied,
    BidderNotInvited,
    BiddingNotOpen,
    BidIncomplete,
    BidLate,
    BidOnOldNotice,
    BidReplayed,
    BidSignedByAnother,
    BidTooLarge,
    BidUnencrypted,
    KeyReused,
    NoStandingBid,
    SealedBeforeDeadline,
    UploadAbsent,
    UploadOutOfStep,
    UploadQuotaReached,
    UploadTaken,
    UploadTooLarge,
    WithdrawalLate,
)
from bidding.tender.states import BEFORE_DEADLINE, TenderState
from crypto.envelope.accept import AGE_INTRO


def refuse_late(*, deadline: datetime, received_at: datetime) -> None:
    """E-03, Tendering Law art. 28: a bid that arrives after the deadline shall be refused.

    The deadline instant itself is in time: the law says "after".
    """
    if received_at > deadline:
        raise BidLate(deadline=deadline, received_at=received_at)


def refuse_late_withdrawal(*, deadline: datetime, at: datetime) -> None:
    """T-11, Tendering Law art. 29: a bid may be withdrawn (撤回) up to and including the deadline."""
    if at > deadline:
        raise WithdrawalLate(deadline=deadline)


def refuse_not_open(*, state: TenderState) -> None:
    """E-04, Tendering Law art. 28: bids are handed in while the tender takes them, and at no other time.

    A tender paused by an objection or not yet at its documents takes none; a suspended one neither.
    """
    if state is not TenderState.BIDDING:
        raise BiddingNotOpen(state=state.value)


def refuse_uninvited(*, is_invited: bool, invited: Collection[str], bidder_id: str) -> None:
    """N-03, Tendering Law art. 17: where bidders are invited, only those invited may bid."""
    if is_invited and bidder_id not in invited:
        raise BidderNotInvited


def refuse_before_deadline(*, state: TenderState) -> None:
    """E-08, Tendering Law art. 22: until the deadline nobody learns who bids or how many."""
    if state in BEFORE_DEADLINE:
        raise SealedBeforeDeadline


def refuse_old_notice(*, named: str, acceptable: Collection[str], newest: str) -> None:
    """T-04, Tendering Law art. 23: a bid rests on the notice as it stands.

    An earlier version will do unless an amendment since demands that bids be handed in again.
    """
    if named not in acceptable:
        raise BidOnOldNotice(named=named, newest=newest)


def refuse_replayed(*, last: tuple[int, str] | None, given_round: int, previous: str | None) -> None:
    """E-04, Tendering Law art. 29: a bid replaces the one before it, which it names by hash.

    *last* is the round and statement of the bidder's newest submission, standing or withdrawn.
    """
    number, statement = last or (0, None)
    if (given_round, previous) != (number + 1, statement):
        raise BidReplayed(expected=number + 1, given=given_round)


def refuse_revoked_certificate(*, revoked_at: datetime | None, at: datetime) -> None:
    """E-21, Electronic Signature Law art. 15: a certificate that was revoked signs no bids."""
    if revoked_at is not None and revoked_at <= at:
        raise BidCertificateRevoked


def refuse_copied(*, seen: Collection[str]) -> None:
    """E-02, Implementing Regulation art. 40: no two bids may share a ciphertext, a header or a key."""
    if seen:
        raise BidCopied


def refuse_signed_by_another(*, signer_uscc: str | None, bidder_uscc: str) -> None:
    """E-21, Electronic Signature Law art. 13: a bid is signed by its bidder and by nobody else."""
    if signer_uscc != bidder_uscc:
        raise BidSignedByAnother


def refuse_too_large(*, size: int, limit: int) -> None:
    """E-01, order 20 art. 25: a bid stays within the size (bytes) that its notice names."""
    if size > limit:
        raise BidTooLarge(limit=limit, size=size)


def refuse_incomplete(*, name: str, state: UploadState) -> None:
    """E-03, order 20 art. 27: what was not transmitted whole was not handed in."""
    if state is not UploadState.COMPLETED:
        raise BidIncomplete(detail=f"{name}: {state.value}")


def refuse_nothing_standing(*, state: BidState | None) -> None:
    """E-04, Tendering Law art. 29: only a bid that stands can be withdrawn."""
    if state is not BidState.SUBMITTED:
        raise NoStandingBid


def refuse_reused_key(*, key: str, known: str, given: str) -> None:
    """E-05, order 20 art. 27: one receipt for one act; a key names one request body (by SHA-256)."""
    if known != given:
        raise KeyReused(key=key)


def refuse_unencrypted(*, begun: bytes) -> None:
    """E-02, order 20 art. 26: what does not begin as an encrypted file is refused, and told so."""
    if not AGE_INTRO.startswith(begun[: len(AGE_INTRO)]):
        raise BidUnencrypted(detail="not an age file")


def refuse_large_upload(*, size: int, limit: int) -> None:
    """E-01, order 20 art. 25: an upload, and a piece of one, has a limit in bytes."""
    if size > limit:
        raise UploadTooLarge(limit=limit, size=size)


def refuse_over_quota(*, used: int, asked: int, limit: int) -> None:
    """E-01, order 20 art. 25: a bidder's uploads that no bid has taken have a limit in bytes together."""
    if used + asked > limit:
        raise UploadQuotaReached(limit=limit, used=used)


def refuse_out_of_step(*, received: int, offset: int) -> None:
    """E-03, tus 1.0: bytes continue where the upload stands."""
    if received != offset:
        raise UploadOutOfStep(received=received, offset=offset)


def refuse_taken(*, state: UploadState) -> None:
    """E-24, order 20 art. 14: the bytes of a submitted bid are changed by nobody."""
    if state is UploadState.TAKEN:
        raise UploadTaken


def refuse_foreign_upload(*, owner_id: str, asker_id: str) -> None:
    """E-08, Tendering Law art. 22: an upload exists for its owner alone."""
    if owner_id != asker_id:
        raise UploadAbsent
