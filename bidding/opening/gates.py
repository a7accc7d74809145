"""What must be done in each step before the next: one predicate per step, over plain facts. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bidding.opening.stages import Stage
from bidding.opening.states import STANDING, Answer, BidStatus
from bidding.refusals.opening import StageUnfinished


@dataclass(frozen=True, kw_only=True)
class BidFacts:
    """What the gates ask of one bid."""

    status: BidStatus
    identity_ok: bool | None = None
    deposit: str | None = None
    record_answer: Answer = Answer.NONE


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the gates ask of an opening; `done` holds the names of single acts that happened."""

    done: frozenset[str] = frozenset()
    bids: tuple[BidFacts, ...] = ()
    open_windows: frozenset[str] = frozenset()
    opened_windows: frozenset[str] = frozenset()
    open_objections: int = 0


Gate = Callable[[Facts], str | None]


def refuse_unfinished(stage: Stage, facts: Facts) -> None:
    """K-STEP-DONE, domain §2.2: a step is left when its work is done."""
    gate = GATES.get(stage)
    missing = gate(facts) if gate else None
    if missing:
        raise StageUnfinished(stage=stage.value, missing=missing)


def _done(act: str) -> Gate:
    return lambda facts: None if act in facts.done else act


def _closed(window: str) -> Gate:
    def gate(facts: Facts) -> str | None:
        over = window in facts.opened_windows and window not in facts.open_windows
        return None if over else f"{window}-window"

    return gate


def _all_checked(facts: Facts) -> str | None:
    standing = [bid for bid in facts.bids if bid.status in STANDING]
    if any(bid.identity_ok is None for bid in standing):
        return "identity-checks"
    return "deposits" if any(bid.deposit is None for bid in standing) else None


def _all_announced(facts: Facts) -> str | None:
    return "announcements" if any(bid.status is BidStatus.DECRYPTED for bid in facts.bids) else None


def _objections(facts: Facts) -> str | None:
    return _closed("objection")(facts) or ("answers-to-objections" if facts.open_objections else None)


def _record(facts: Facts) -> str | None:
    waiting = any(bid.record_answer is Answer.NONE for bid in facts.bids if bid.status in STANDING)
    return _closed("record_confirm")(facts) or ("answers-to-the-record" if waiting else None)


GATES: Mapping[Stage, Gate] = {
    Stage.DISCIPLINE: _done("discipline"),
    Stage.BIDDER_LIST: _done("bidder-list"),
    Stage.IDENTITY_CHECK: _all_checked,
    Stage.CONTROL_PRICE: _done("price-cap"),
    Stage.COEFFICIENT_DRAW: _done("coefficient"),
    Stage.DECRYPT_BIDDER: _closed("release"),
    Stage.DECRYPT_COMMITTEE: _closed("fallback"),
    Stage.DECRYPT_LAYERS: _done("decryption"),
    Stage.PRICE_CONFIRM: _closed("price_confirm"),
    Stage.ANNOUNCE: _all_announced,
    Stage.PRICE_ANALYSIS: _done("price-analysis"),
    Stage.OBJECTION: _objections,
    Stage.RECORD: _record,
    Stage.FILES_TO_EVALUATION: _done("files"),
}
