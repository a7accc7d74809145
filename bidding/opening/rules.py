"""The law of the opening: each function refuses one wrong, or lets it pass."""

from collections.abc import Collection
from datetime import datetime

from bidding.opening.stages import Stage, is_reached
from bidding.opening.states import Answer, BidStatus
from bidding.refusals.opening import (
    AcceptanceCauseUnknown,
    DeadlineNotReached,
    FaultUnreported,
    FewDecisionForeign,
    FewUndecided,
    NamesHidden,
    NotOnDuty,
    ObjectionsUnanswered,
    OrderUndocumented,
    PricesHidden,
    RecordStale,
    RecordUnfinished,
    SamePerson,
    SignInClosed,
    StageOutOfOrder,
    TooFewBidders,
    WindowNotOpen,
    WindowPending,
)
from bidding.refusals.opening_keys import (
    LayerOutOfTurn,
    LayersNotMissing,
    LayerTooEarly,
    ShareUnwanted,
    WrongKey,
    WrongLayerKey,
)

MINIMUM = 3
SIGNING = ("procuring_entity", "agency_host", "opening_witness")
ON_DUTY = frozenset({*SIGNING, "recorder", "supervisor"})
ACCEPTANCE_CAUSES = frozenset({"late", "unencrypted", "not-prequalified"})


def refuse_early_start(*, now: datetime, deadline: datetime) -> None:
    """T-10, Tendering Law art. 34: the opening takes place at the deadline, not before."""
    if now <= deadline:
        raise DeadlineNotReached(deadline=deadline)


def refuse_too_few(*, count: int) -> None:
    """N-01, Tendering Law art. 28: with fewer than three bids at the deadline nothing is opened."""
    if count < MINIMUM:
        raise TooFewBidders(count=count, minimum=MINIMUM)


def refuse_outside_sign_in(*, now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """K-SIGN, bidding document: the door is open from its hour to the deadline, both included."""
    if not opens_at <= now <= closes_at:
        raise SignInClosed(opens_at=opens_at, closes_at=closes_at)


def refuse_other_stage(*, stage: Stage, needed: Stage) -> None:
    """K-STEP, domain §2.2: each thing is done in its step."""
    if stage is not needed:
        raise StageOutOfOrder(stage=stage.value, needed=needed.value)


def refuse_hidden_names(*, is_listed: bool, stage: Stage) -> None:
    """K-LIST, Tendering Law art. 22 and 36: names become public with the list."""
    if not is_listed:
        raise NamesHidden(stage=stage.value)


def refuse_hidden_prices(*, stage: Stage) -> None:
    """E-13, order 20 art. 30: prices are told when all decryption has ended, at the announcement."""
    if not is_reached(stage, Stage.ANNOUNCE):
        raise PricesHidden(stage=stage.value)


def refuse_acceptance_cause(*, cause: str) -> None:
    """K-06, Implementing Regulation art. 36 and 51: acceptance is refused for these causes only."""
    if cause not in ACCEPTANCE_CAUSES:
        raise AcceptanceCauseUnknown(cause=cause)


def refuse_closed_window(*, window: str, is_open: bool) -> None:
    """W-01, bidding document: what is done in a window is asked for before it ends."""
    if not is_open:
        raise WindowNotOpen(window=window)


def refuse_pending_window(*, window: str, pending: int) -> None:
    """W-02, order 20 art. 30: nobody's time is cut short."""
    if pending:
        raise WindowPending(window=window, pending=pending)


def refuse_wrong_key(*, given: str | None, recipient: str) -> None:
    """KEY-B, order 20 art. 30: a bid is opened with the key it was sealed with."""
    if given != recipient:
        raise WrongKey(recipient=recipient)


def refuse_wrong_layer_key(*, order: int, given: str | None, recipient: str) -> None:
    """KEY-L-FIT: the identity belongs to the recipient that the notice fixed."""
    if given != recipient:
        raise WrongLayerKey(order=order, recipient=recipient)


def refuse_early_layer(*, stage: Stage, statuses: Collection[BidStatus]) -> None:
    """S5, order 20 art. 30: no layer comes off while any bidder could still choose to release or not."""
    if stage is not Stage.DECRYPT_LAYERS or BidStatus.DECRYPT_PENDING in statuses:
        raise LayerTooEarly(stage=stage.value)


def refuse_out_of_turn(*, order: int, due: int) -> None:
    """S5-ORDER: the layers come off in the order of the notice, the procuring entity's first."""
    if order != due:
        raise LayerOutOfTurn(order=order, due=due)


def refuse_layers_at_hand(*, tender_id: str, missing: int, is_window_open: bool) -> None:
    """E-15-LAYER, order 20 art. 31: keys are given up only when they failed to come in their time."""
    if not missing or is_window_open:
        raise LayersNotMissing(tender_id=tender_id)


def refuse_unwanted_share(*, bid_id: str, status: BidStatus, has_fallback: bool) -> None:
    """KEY-M-RULE: the committee opens only what nobody released, and only where its shares are sound."""
    if status is not BidStatus.DECRYPT_PENDING or not has_fallback:
        raise ShareUnwanted(bid_id=bid_id, status=status.value)


def refuse_same_person(*, first: str, second: str, attempted: str) -> None:
    """E-24: what two people must do is not done by one."""
    if first == second:
        raise SamePerson(attempted=attempted)


def refuse_undecided_few(*, opened: int, decision: str | None) -> None:
    """N-01-OPENED, domain §1.13-1: with fewer than three bids opened, the next step needs a decision."""
    if opened < MINIMUM and decision is None:
        raise FewUndecided(opened=opened, minimum=MINIMUM)


def refuse_foreign_decision(*, policy: str, decision: str) -> None:
    """N-01-DOC, domain §1.13-1: what follows is what the bidding document provides."""
    if decision != policy:
        raise FewDecisionForeign(policy=policy, decision=decision)


def refuse_unreported_fault(*, bidder_id: str, incidents: int) -> None:
    """E-15, order 20 art. 31: a fault of others is decided on an incident that the host reported."""
    if not incidents:
        raise FaultUnreported(bidder_id=bidder_id)


def refuse_open_objections(*, count: int) -> None:
    """K-04, Implementing Regulation art. 44: an objection is answered on the spot."""
    if count:
        raise ObjectionsUnanswered(count=count)


def refuse_stale_record(*, version: int, newest: int) -> None:
    """K-03-VERSION, domain §2.7: only the newest version of the record is confirmed and signed."""
    if version != newest:
        raise RecordStale(version=version, newest=newest)


def refuse_unfinished_record(*, answers: Collection[Answer], signed: Collection[str], note: str = "") -> None:
    """K-03, Tendering Law art. 36: the record carries every bidder's answer and the signatures on duty.

    Where a signature cannot be had in time the host's *note* says why.
    """
    missing = [] if note.strip() else [role for role in SIGNING if role not in signed]
    missing += ["answers"] if Answer.NONE in answers else []
    if missing:
        raise RecordUnfinished(missing=", ".join(missing))


def refuse_not_on_duty(*, role: str, held: Collection[str]) -> None:
    """K-03-DUTY, Tendering Law art. 36: those sign the record who were on duty, each in its own role."""
    if role not in ON_DUTY or role not in held:
        raise NotOnDuty(role=role)


def refuse_undocumented(*, document_no: str, attempted: str) -> None:
    """TL-62, Implementing Regulation art. 62: an order of the supervisor names its document."""
    if not document_no.strip():
        raise OrderUndocumented(attempted=attempted)
