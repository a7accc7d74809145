"""What happens to a sealed bid, told to its bidder alone until the deadline act binds it (E-08)."""

from dataclasses import dataclass
from typing import Any

from bidding.acts import BidderAct


@dataclass(frozen=True, kw_only=True)
class BidSubmitted(BidderAct):
    """A sealed bid was received whole and in time; the receipt attests this act.

    `objects` lists {name, size in bytes, sha256 of the ciphertext}; `bidder_layer_recipient` is R(B);
    `has_fallback` says whether a committee could open the bid without its bidder's key.
    """

    kind = "bid.submitted"
    bid_id: str
    round: int
    statement_sha256: str
    objects: tuple[dict[str, Any], ...]
    bidder_layer_recipient: str
    has_fallback: bool
    notice_sha256: str
    previous_statement_sha256: str | None
    bidder_certificate_sha256: str
    rules_version: str


@dataclass(frozen=True, kw_only=True)
class BidWithdrawn(BidderAct):
    """The bidder took its bid back before the deadline (撤回)."""

    kind = "bid.withdrawn"
    bid_id: str
    round: int
    statement_sha256: str


@dataclass(frozen=True, kw_only=True)
class BidOpened(BidderAct):
    """All layers came off and the sheet was read."""

    kind = "bid.opened"
    bid_id: str


@dataclass(frozen=True, kw_only=True)
class BidRevoked(BidderAct):
    """The bid counts as revoked (撤销): after the deadline, and by the bidder's own doing (O20-31)."""

    kind = "bid.revoked"
    bid_id: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class BidFailedBySystem(BidderAct):
    """The bid counts as withdrawn (撤回): it did not open, and not because of the bidder (O20-31)."""

    kind = "bid.failed-by-system"
    bid_id: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class BidAcceptanceRefused(BidderAct):
    """The bid was refused acceptance at the opening (拒收), for one of the causes the law names (K-06)."""

    kind = "bid.acceptance-refused"
    bid_id: str
    cause: str
