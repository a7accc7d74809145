"""The steps of an opening, in order, and which of them a project type has (domain §2.2)."""

from collections.abc import Mapping
from enum import StrEnum

from bidding.tender.terms import ProjectType


class Stage(StrEnum):
    """One step of the hall. `DECRYPT_COMMITTEE` is entered by rule alone, when a bid waits for it."""

    LOBBY = "lobby"
    SIGN_IN = "sign_in"
    DEADLINE = "deadline"
    DISCIPLINE = "discipline"
    BIDDER_LIST = "bidder_list"
    IDENTITY_CHECK = "identity_check"
    CONTROL_PRICE = "control_price"
    COEFFICIENT_DRAW = "coefficient_draw"
    DECRYPT_BIDDER = "decrypt_bidder"
    DECRYPT_COMMITTEE = "decrypt_committee"
    DECRYPT_LAYERS = "decrypt_layers"
    PRICE_CONFIRM = "price_confirm"
    ANNOUNCE = "announce"
    PRICE_ANALYSIS = "price_analysis"
    OBJECTION = "objection"
    RECORD = "record"
    FILES_TO_EVALUATION = "files_to_evaluation"
    CLOSED = "closed"


S = Stage

BEFORE_START = (S.LOBBY, S.SIGN_IN, S.DEADLINE)

_TO_THE_LIST = (*BEFORE_START, S.DISCIPLINE, S.BIDDER_LIST, S.IDENTITY_CHECK)
_KEYS = (S.DECRYPT_BIDDER, S.DECRYPT_COMMITTEE, S.DECRYPT_LAYERS)
_PRICES = (S.PRICE_CONFIRM, S.ANNOUNCE)
_TO_THE_END = (S.OBJECTION, S.RECORD, S.FILES_TO_EVALUATION, S.CLOSED)

_PLAIN = (*_TO_THE_LIST, S.COEFFICIENT_DRAW, *_KEYS, *_PRICES, *_TO_THE_END)
_CAPPED = (
    *_TO_THE_LIST, S.CONTROL_PRICE, S.COEFFICIENT_DRAW, *_KEYS, *_PRICES, S.PRICE_ANALYSIS, *_TO_THE_END,
)  # fmt: skip

STAGES: Mapping[ProjectType, tuple[Stage, ...]] = {
    ProjectType.CONSTRUCTION: _CAPPED,
    ProjectType.EPC: _CAPPED,
    ProjectType.GOODS: _CAPPED,
    ProjectType.SUPERVISION: _PLAIN,
    ProjectType.DESIGN: _PLAIN,
    ProjectType.SURVEY: _PLAIN,
    ProjectType.ELEVATOR: _PLAIN,
    ProjectType.PREQUALIFICATION: (*_TO_THE_LIST, *_KEYS, *_TO_THE_END),
}
"""The steps of each project type. The draw stands wherever the bidding document may name a
coefficient; `path` leaves it out where the document names none."""


def path(project_type: ProjectType, *, has_coefficient: bool, has_committee: bool) -> tuple[Stage, ...]:
    """The steps of this opening, in order."""
    left_out = {S.COEFFICIENT_DRAW} if not has_coefficient else set()
    left_out |= {S.DECRYPT_COMMITTEE} if not has_committee else set()
    return tuple(stage for stage in STAGES[project_type] if stage not in left_out)


def following(stages: tuple[Stage, ...], stage: Stage) -> Stage | None:
    """The step after *stage*, None after the last."""
    place = stages.index(stage) + 1
    return stages[place] if place < len(stages) else None


def is_reached(stage: Stage, other: Stage) -> bool:
    """Whether an opening that stands at *stage* has come to *other*, by the order of the trade."""
    order = list(Stage)
    return order.index(stage) >= order.index(other)
