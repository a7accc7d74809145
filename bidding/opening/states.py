"""The life of an opening, of each bid in it, and of each bidder's two answers (domain §2.3)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from bidding.acts import opening as acts
from bidding.refusals.opening import BidStatusOutOfOrder, OpeningOutOfOrder
from crypto.ledger.acts import Act


class OpeningState(StrEnum):
    """Where an opening stands; its step is `stages.Stage`."""

    SCHEDULED = "scheduled"
    SIGN_IN_OPEN = "sign_in_open"
    DEADLINE_REACHED = "deadline_reached"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    TERMINATED = "terminated"
    CLOSED = "closed"
    PUBLISHED = "published"


class BidStatus(StrEnum):
    """What became of one bid at the opening. 撤回 is `withdrawn`, 撤销 is `revoked`."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    DECRYPT_PENDING = "decrypt_pending"
    DECRYPT_QUEUED = "decrypt_queued"
    DECRYPTED = "decrypted"
    ANNOUNCED = "announced"
    ACCEPTANCE_REFUSED = "acceptance_refused"
    REVOKED_NOT_DECRYPTED = "revoked_not_decrypted"
    WITHDRAWN_SYSTEM_FAULT = "withdrawn_system_fault"
    REVOKED = "revoked"


class Answer(StrEnum):
    """A bidder's answer to its own items, or to a version of the record."""

    NONE = "none"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DEEMED = "deemed"


O, B, A = OpeningState, BidStatus, Answer  # noqa: E741 -- the tables below read as tables

_ENDING: Mapping[type[Act], OpeningState] = {acts.OpeningTerminated: O.TERMINATED}

TRANSITIONS: Mapping[OpeningState, Mapping[type[Act], OpeningState]] = {
    O.SCHEDULED: {
        acts.SignInOpened: O.SIGN_IN_OPEN,
        acts.DeadlineReached: O.DEADLINE_REACHED,
    },
    O.SIGN_IN_OPEN: {acts.DeadlineReached: O.DEADLINE_REACHED},
    O.DEADLINE_REACHED: {
        acts.OpeningStarted: O.RUNNING,
        acts.OpeningFailed: O.FAILED,
        acts.HostLate: O.DEADLINE_REACHED,
        **_ENDING,
    },
    O.RUNNING: {
        acts.StageEntered: O.RUNNING,
        acts.OpeningPaused: O.PAUSED,
        acts.OpeningFailed: O.FAILED,
        acts.OpeningClosed: O.CLOSED,
        **_ENDING,
    },
    O.PAUSED: {acts.OpeningResumed: O.RUNNING, **_ENDING},
    O.CLOSED: {acts.RecordPublished: O.PUBLISHED},
    O.FAILED: {},
    O.TERMINATED: {},
    O.PUBLISHED: {},
}

_UNOPENED: Mapping[type[Act], BidStatus] = {
    acts.BidRevokedUnopened: B.REVOKED_NOT_DECRYPTED,
    acts.BidWithdrawnByFault: B.WITHDRAWN_SYSTEM_FAULT,
    acts.BidRevoked: B.REVOKED,
}

BID_TRANSITIONS: Mapping[BidStatus, Mapping[type[Act], BidStatus]] = {
    B.SUBMITTED: {
        acts.AcceptanceRefused: B.ACCEPTANCE_REFUSED,
        acts.WindowOpened: B.DECRYPT_PENDING,
        acts.BidRevoked: B.REVOKED,
    },
    B.DECRYPT_PENDING: {
        acts.BidderKeyReleased: B.DECRYPT_QUEUED,
        acts.FallbackCombined: B.DECRYPT_QUEUED,
        **_UNOPENED,
    },
    B.DECRYPT_QUEUED: {acts.BidDecrypted: B.DECRYPTED, **_UNOPENED},
    B.DECRYPTED: {acts.BidAnnounced: B.ANNOUNCED, acts.BidRevoked: B.REVOKED},
    B.ANNOUNCED: {acts.BidRevoked: B.REVOKED},
    B.WITHDRAWN: {},
    B.ACCEPTANCE_REFUSED: {},
    B.REVOKED_NOT_DECRYPTED: {},
    B.WITHDRAWN_SYSTEM_FAULT: {},
    B.REVOKED: {},
}

PRICE_ANSWERS: Mapping[Answer, Mapping[type[Act], Answer]] = {
    A.NONE: {
        acts.PriceConfirmed: A.CONFIRMED,
        acts.PriceDisputed: A.DISPUTED,
        acts.PriceDeemedConfirmed: A.DEEMED,
    },
    A.CONFIRMED: {},
    A.DISPUTED: {},
    A.DEEMED: {},
}

_ANEW: Mapping[type[Act], Answer] = {acts.RecordDrawn: A.NONE}

RECORD_ANSWERS: Mapping[Answer, Mapping[type[Act], Answer]] = {
    A.NONE: {
        acts.RecordConfirmed: A.CONFIRMED,
        acts.RecordDisputed: A.DISPUTED,
        acts.RecordDeemedConfirmed: A.DEEMED,
        **_ANEW,
    },
    A.CONFIRMED: _ANEW,
    A.DISPUTED: _ANEW,
    A.DEEMED: _ANEW,
}

OPENED = frozenset({B.DECRYPTED, B.ANNOUNCED})
UNDECIDED = frozenset({B.SUBMITTED, B.DECRYPT_PENDING, B.DECRYPT_QUEUED})
STANDING = frozenset({B.SUBMITTED, B.DECRYPT_PENDING, B.DECRYPT_QUEUED, B.DECRYPTED, B.ANNOUNCED})


def after(state: OpeningState, act: Act) -> OpeningState:
    """The state that *act* leads to from *state*. Raises OpeningOutOfOrder."""
    try:
        return TRANSITIONS[state][type(act)]
    except KeyError:
        raise OpeningOutOfOrder(state=state.value, attempted=act.kind) from None


def bid_after(status: BidStatus, act: Act) -> BidStatus:
    """The status that *act* gives a bid of *status*. Raises BidStatusOutOfOrder."""
    return _step(BID_TRANSITIONS, status, act)


def price_after(answer: Answer, act: Act) -> Answer:
    """A bidder's answer to its own items after *act*. Raises BidStatusOutOfOrder."""
    return _step(PRICE_ANSWERS, answer, act)


def record_after(answer: Answer, act: Act) -> Answer:
    """A bidder's answer to the record after *act*. Raises BidStatusOutOfOrder."""
    return _step(RECORD_ANSWERS, answer, act)


State = TypeVar("State", bound=StrEnum)


def _step(table: Mapping[State, Mapping[type[Act], State]], state: State, act: Act) -> State:
    try:
        return table[state][type(act)]
    except KeyError:
        raise BidStatusOutOfOrder(status=state.value, attempted=act.kind) from None
