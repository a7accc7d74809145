"""The two bars of steps: the life of a tender, and the opening while it is under way. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bidding.opening.stages import Stage
from bidding.opening.states import OpeningState
from bidding.opening.view import HallView, WindowView
from bidding.opening.windows import WindowKind
from bidding.tender.states import TenderState

T, S, O = TenderState, Stage, OpeningState  # noqa: E741 -- the tables below read as tables

PHASES = ("notice", "bidding", "deadline", "opening", "record")
_AT: Mapping[TenderState, int] = {
    T.NOTICE_PUBLISHED: 0, T.BIDDING: 1, T.OBJECTION_PAUSED: 1, T.SUSPENDED: 1, T.DEADLINE: 2,
    T.OPENING: 3, T.OPENED: 4, T.FAILED: 3, T.RETENDERED: 3, T.TERMINATED: 1,
}  # fmt: skip
_HALTED = frozenset({T.OBJECTION_PAUSED, T.SUSPENDED})
_ENDED = frozenset({T.FAILED, T.RETENDERED, T.TERMINATED})
_IN_THE_HALL = frozenset({O.RUNNING, O.PAUSED})

STEPS: Mapping[str, tuple[Stage, ...]] = {
    "deadline": (S.LOBBY, S.SIGN_IN, S.DEADLINE),
    "list": (S.DISCIPLINE, S.BIDDER_LIST, S.IDENTITY_CHECK),
    "cap": (S.CONTROL_PRICE,),
    "draw": (S.COEFFICIENT_DRAW,),
    "bidders": (S.DECRYPT_BIDDER, S.DECRYPT_COMMITTEE),
    "layers": (S.DECRYPT_LAYERS,),
    "prices": (S.PRICE_CONFIRM, S.ANNOUNCE, S.PRICE_ANALYSIS),
    "record": (S.OBJECTION, S.RECORD),
    "closed": (S.FILES_TO_EVALUATION, S.CLOSED),
}
"""Stages as the public tells them apart."""

WINDOWS: Mapping[Stage, WindowKind] = {
    S.DECRYPT_BIDDER: WindowKind.RELEASE,
    S.DECRYPT_COMMITTEE: WindowKind.FALLBACK,
    S.DECRYPT_LAYERS: WindowKind.LAYERS,
    S.PRICE_CONFIRM: WindowKind.PRICE_CONFIRM,
    S.OBJECTION: WindowKind.OBJECTION,
    S.RECORD: WindowKind.RECORD_CONFIRM,
}
"""The span that counts at a stage; one that stands longer than its stage is nobody's business any more."""


@dataclass(frozen=True)
class Step:
    """One step: its name in words.`table`, and `done`, `here`, `halt`, `end` or nothing."""

    table: str
    name: str
    look: str


def steps_of(state: TenderState, hall: HallView | None) -> list[Step]:
    """The bar that tells most: of the opening while it runs, of the tender's life otherwise."""
    if hall is not None and hall.state in _IN_THE_HALL:
        return _opening(hall)
    return _life(state, hall)


def window_of(hall: HallView | None) -> WindowView | None:
    """The window that runs at the hall's stage, if one does."""
    kind = WINDOWS.get(hall.stage) if hall else None
    running = [one for one in (hall.windows if hall else ()) if one.kind == kind and one.closed_at is None]
    return running[-1] if running else None


def _opening(hall: HallView) -> list[Step]:
    names = [name for name, stages in STEPS.items() if set(stages) & set(hall.stages)]
    here = next(place for place, name in enumerate(names) if hall.stage in STEPS[name])
    return _bar("STEPS", names, here, "halt" if hall.state is O.PAUSED else "here")


def _life(state: TenderState, hall: HallView | None) -> list[Step]:
    here = _AT[state]
    if state is T.TERMINATED and hall is not None and hall.state is not O.SCHEDULED:
        here = _AT[T.OPENING]
    if hall is not None and hall.state is O.PUBLISHED:
        here = len(PHASES)
    return _bar("PHASES", PHASES, here, "halt" if state in _HALTED else "end" if state in _ENDED else "here")


def _bar(table: str, names: Sequence[str], here: int, look: str) -> list[Step]:
    looks = ["done"] * here + [look] + [""] * len(names)
    return [Step(table, name, look) for name, look in zip(names, looks, strict=False)]
