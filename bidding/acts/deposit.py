"""What happens to the facts about a bid deposit; all of it stays in the bidder's own stream (E-08)."""

from dataclasses import dataclass

from bidding.acts import BidderAct


@dataclass(frozen=True, kw_only=True)
class DepositEntered(BidderAct):
    """One person of the centre entered what the bank or the guarantor shows."""

    kind = "deposit.entered"
    status: str
    amount_fen: int
    reference_sha256: str


@dataclass(frozen=True, kw_only=True)
class DepositConfirmed(BidderAct):
    """A second person confirmed the entry; from now on it counts."""

    kind = "deposit.confirmed"
    status: str
    amount_fen: int
