"""What a bidder's deposit may be said to be."""

from enum import StrEnum


class DepositStatus(StrEnum):
    """Stated at the opening; an unpaid deposit keeps no bid from being opened (K-02)."""

    PAID = "paid"
    GUARANTEE = "guarantee"
    UNPAID = "unpaid"
    WAIVED = "waived"
