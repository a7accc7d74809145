"""The life of one sealed bid, from receipt to its outcome at the opening."""

from collections.abc import Mapping
from enum import StrEnum

from bidding.acts.bid import (
    BidAcceptanceRefused,
    BidFailedBySystem,
    BidOpened,
    BidRevoked,
    BidSubmitted,
    BidWithdrawn,
)
from bidding.refusals.bid import BidOutOfOrder
from crypto.ledger.acts import Act


class BidState(StrEnum):
    """Where one submission stands. 撤回 is `withdrawn`, 撤销 is `revoked`: never one word for both."""

    SUBMITTED = "submitted"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    REVOKED = "revoked"
    WITHDRAWN_SYSTEM_FAULT = "withdrawn_system_fault"
    REFUSED = "refused"


TRANSITIONS: Mapping[BidState, Mapping[type[Act], BidState]] = {
    BidState.SUBMITTED: {
        BidSubmitted: BidState.REPLACED,  # the next round of the same bidder
        BidWithdrawn: BidState.WITHDRAWN,
        BidOpened: BidState.OPENED,
        BidRevoked: BidState.REVOKED,
        BidFailedBySystem: BidState.WITHDRAWN_SYSTEM_FAULT,
        BidAcceptanceRefused: BidState.REFUSED,
    },
    BidState.REPLACED: {},
    BidState.WITHDRAWN: {},
    # A bidder may still revoke in writing after its bid was opened (TL-35).
    BidState.OPENED: {BidRevoked: BidState.REVOKED},
    BidState.REVOKED: {},
    BidState.WITHDRAWN_SYSTEM_FAULT: {},
    BidState.REFUSED: {},
}

RECEIVED = (
    BidState.SUBMITTED,
    BidState.OPENED,
    BidState.REVOKED,
    BidState.WITHDRAWN_SYSTEM_FAULT,
    BidState.REFUSED,
)
"""The states of a bid that stood at the deadline; each counts for the three of N-01."""


def after(state: BidState, act: Act) -> BidState:
    """The state that *act* leads to from *state*. Raises BidOutOfOrder where none is named."""
    try:
        return TRANSITIONS[state][type(act)]
    except KeyError:
        raise BidOutOfOrder(state=state.value, attempted=act.kind) from None


class UploadState(StrEnum):
    """Where the bytes of one object stand."""

    RECEIVING = "receiving"
    COMPLETED = "completed"
    TAKEN = "taken"
