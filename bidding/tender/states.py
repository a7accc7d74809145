"""The life of a tender (one lot) from its draft to the end of its opening (domain §1.14)."""

from collections.abc import Mapping
from enum import StrEnum

from bidding.acts import opening
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

_AMENDING = (
    acts.NoticeAmended,
    acts.DeadlineExtended,
    acts.ClarificationPublished,
    acts.DocumentObjectionAnswered,
)


def _stays(state: TenderState, *kinds: type[Act]) -> dict[type[Act], TenderState]:
    return dict.fromkeys(kinds, state)


TRANSITIONS: Mapping[TenderState, Mapping[type[Act], TenderState]] = {
    S.DRAFT: {
        **_stays(S.DRAFT, acts.TenderDrafted, acts.DraftEdited, acts.HoldersNamed, acts.HolderKeyGiven),
        acts.NoticePublished: S.NOTICE_PUBLISHED,
    },
    S.NOTICE_PUBLISHED: {
        **_stays(S.NOTICE_PUBLISHED, *_AMENDING),
        acts.DocumentsOffered: S.BIDDING,
        acts.TenderSuspended: S.SUSPENDED,
        acts.TenderTerminated: S.TERMINATED,
    },
    S.BIDDING: {
        **_stays(S.BIDDING, *_AMENDING),
        acts.ObjectionPaused: S.OBJECTION_PAUSED,
        acts.TenderSuspended: S.SUSPENDED,
        acts.TenderTerminated: S.TERMINATED,
        opening.DeadlineReached: S.DEADLINE,
    },
    S.OBJECTION_PAUSED: {
        **_stays(S.OBJECTION_PAUSED, *_AMENDING, acts.TenderRescheduled),
        acts.ObjectionsSettled: S.BIDDING,
        acts.TenderSuspended: S.SUSPENDED,
        acts.TenderTerminated: S.TERMINATED,
    },
    S.SUSPENDED: {
        **_stays(
            S.SUSPENDED, acts.TenderRescheduled, acts.ClarificationPublished, acts.DocumentObjectionAnswered
        ),
        acts.TenderResumed: S.NOTICE_PUBLISHED,
        acts.TenderTerminated: S.TERMINATED,
    },
    S.DEADLINE: {
        acts.DocumentObjectionAnswered: S.DEADLINE,
        opening.OpeningStarted: S.OPENING,
        opening.OpeningFailed: S.FAILED,
        opening.OpeningTerminated: S.TERMINATED,
    },
    S.OPENING: {
        acts.DocumentObjectionAnswered: S.OPENING,
        opening.OpeningClosed: S.OPENED,
        opening.OpeningFailed: S.FAILED,
        opening.OpeningTerminated: S.TERMINATED,
    },
    S.OPENED: {acts.DocumentObjectionAnswered: S.OPENED},
    S.FAILED: {acts.TenderRetendered: S.RETENDERED},
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
        return TRANSITIONS[state][type(act)]
    except KeyError:
        raise TenderOutOfOrder(state=state.value, attempted=act.kind) from None
