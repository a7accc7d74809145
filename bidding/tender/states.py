"""The life of a tender (one lot) from its draft to the end of its opening (domain §1.14)."""

from collections.abc import Mapping
from enum import StrEnum

from bidding.acts import tender as acts
from bidding.refusals.tender import TenderOutOfOrder
from crypto.ledger.acts import Act


class TenderState(StrEnum):
    """Where a tender stands."""

    DRAFT = "draft"
    NOTICE_PUBLISHED = "notice_published"
    BIDDING = "bidding"
    OBJECTION_PAUSED = "objection_paused"
    SUSPENDED = "suspended"
    DEADLINE = "deadline"
    OPENING = "opening"
    OPENED = "opened"
    FAILED = "failed"
    TERMINATED = "terminated"
    RETENDERED = "retendered"


S = TenderState

# The opening's acts are named by kind: that room is built on this one.
_REACHED, _STARTED, _FAILED = "deadline.reached", "opening.started", "opening.failed"
_CLOSED, _ENDED = "opening.closed", "opening.terminated"

_AMENDING = (acts.NoticeAmended, acts.DeadlineExtended, acts.ClarificationPublished)


def _stays(state: TenderState, *kinds: type[Act]) -> dict[str, TenderState]:
    return {kind.kind: state for kind in kinds}


TRANSITIONS: Mapping[TenderState, Mapping[str, TenderState]] = {
    S.DRAFT: {
        **_stays(S.DRAFT, acts.TenderDrafted, acts.DraftEdited, acts.HoldersNamed, acts.HolderKeyGiven),
        acts.NoticePublished.kind: S.NOTICE_PUBLISHED,
    },
    S.NOTICE_PUBLISHED: {
        **_stays(S.NOTICE_PUBLISHED, *_AMENDING),
        acts.DocumentsOffered.kind: S.BIDDING,
        acts.TenderSuspended.kind: S.SUSPENDED,
        acts.TenderTerminated.kind: S.TERMINATED,
    },
    S.BIDDING: {
        **_stays(S.BIDDING, *_AMENDING),
        acts.ObjectionPaused.kind: S.OBJECTION_PAUSED,
        acts.TenderSuspended.kind: S.SUSPENDED,
        acts.TenderTerminated.kind: S.TERMINATED,
        _REACHED: S.DEADLINE,
    },
    S.OBJECTION_PAUSED: {
        **_stays(S.OBJECTION_PAUSED, *_AMENDING, acts.TenderRescheduled, acts.ObjectionAnswered),
        acts.ObjectionsSettled.kind: S.BIDDING,
        acts.TenderSuspended.kind: S.SUSPENDED,
        acts.TenderTerminated.kind: S.TERMINATED,
    },
    S.SUSPENDED: {
        **_stays(S.SUSPENDED, acts.TenderRescheduled, acts.ClarificationPublished, acts.ObjectionAnswered),
        acts.TenderResumed.kind: S.NOTICE_PUBLISHED,
        acts.TenderTerminated.kind: S.TERMINATED,
    },
    S.DEADLINE: {_STARTED: S.OPENING, _FAILED: S.FAILED, _ENDED: S.TERMINATED},
    S.OPENING: {_CLOSED: S.OPENED, _FAILED: S.FAILED, _ENDED: S.TERMINATED},
    S.OPENED: {},
    S.FAILED: {acts.TenderRetendered.kind: S.RETENDERED},
    S.TERMINATED: {},
    S.RETENDERED: {},
}

PUBLIC_STATES = frozenset(TenderState) - {S.DRAFT}
BEFORE_DEADLINE = frozenset({S.DRAFT, S.NOTICE_PUBLISHED, S.BIDDING, S.OBJECTION_PAUSED, S.SUSPENDED})
RUNNING = BEFORE_DEADLINE - {S.DRAFT}


def after(state: TenderState, act: Act) -> TenderState:
    """The state that *act* leads to from *state*.

    Raises TenderOutOfOrder. A deadline cannot fall while a tender is paused or suspended: it is moved
    first, for all alike.
    """
    try:
        return TRANSITIONS[state][act.kind]
    except KeyError:
        raise TenderOutOfOrder(state=state.value, attempted=act.kind) from None
