"""The envelope's findings as refusals: each code its own cause and remedy."""

from collections.abc import Callable, Mapping

from bidding.bid.sealing import SealingFacts
from bidding.refusals import Refusal
from bidding.refusals.bid import (
    BidAltered,
    BidBoundToAnother,
    BidForAnotherTender,
    BidIllFormed,
    BidIncomplete,
    BidOnOldNotice,
    BidReplayed,
    BidSignatureBroken,
    BidSignedByAnother,
    BidTruncated,
    BidUnencrypted,
)
from crypto.errors import StatementInvalid

Make = Callable[[StatementInvalid, SealingFacts], Refusal]


def _another_tender(error: StatementInvalid, _facts: SealingFacts) -> Refusal:
    return BidForAnotherTender(check=error.code, detail=error.detail)


def _altered(error: StatementInvalid, _facts: SealingFacts) -> Refusal:
    return BidAltered(check=error.code, detail=error.detail)


def _ill_formed(error: StatementInvalid, _facts: SealingFacts) -> Refusal:
    return BidIllFormed(check=error.code, detail=error.detail)


def _incomplete(error: StatementInvalid, _facts: SealingFacts) -> Refusal:
    return BidIncomplete(detail=error.detail or error.code)


def _bound_to_another(error: StatementInvalid, _facts: SealingFacts) -> Refusal:
    return BidBoundToAnother(check=error.code, detail=error.detail or error.code)


def _replayed(error: StatementInvalid, facts: SealingFacts) -> Refusal:
    return BidReplayed(expected=facts.round, given=int(error.detail))


REFUSALS: Mapping[str, Make] = {
    "unencrypted": lambda error, _: BidUnencrypted(detail=error.detail),
    "ill-formed": _ill_formed,
    "truncated": lambda error, _: BidTruncated(detail=error.detail),
    "wrong-tender": _another_tender,
    "wrong-lot": _another_tender,
    "wrong-stage": _another_tender,
    "wrong-deadline": _another_tender,
    "wrong-notice": lambda error, facts: BidOnOldNotice(named=error.detail, newest=facts.notice_sha256),
    "wrong-bidder-certificate": lambda _error, _facts: BidSignedByAnother(),
    "wrong-round": _replayed,
    "signature-broken": lambda error, _: BidSignatureBroken(detail=error.detail),
    "bind-mismatch": _bound_to_another,
    "stanza-not-allowed": _ill_formed,
    "layers-mismatch": _bound_to_another,
    "shares-missing": _incomplete,
    "hash-mismatch": _altered,
    "size-mismatch": _altered,
    "missing-object": _incomplete,
    "unexpected-object": _incomplete,
}


def refusal_of(error: StatementInvalid, facts: SealingFacts) -> Refusal:
    """The refusal for what the envelope's checks found; an unknown code is an ill-formed bid."""
    return REFUSALS.get(error.code, _ill_formed)(error, facts)
