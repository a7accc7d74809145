"""The bars of steps: where a tender stands, and where its opening does."""

from types import SimpleNamespace

import pytest

from bidding.opening.stages import STAGES, Stage
from bidding.opening.states import OpeningState
from bidding.tender.states import PUBLIC_STATES, TenderState
from bidding.tender.terms import ProjectType
from web.public import sentences, words
from web.public.prices import average, below, marks_of
from web.public.steps import STEPS, WINDOWS, steps_of, window_of


def hall(stage, state=OpeningState.RUNNING, kind=ProjectType.CONSTRUCTION, windows=()):
    return SimpleNamespace(stage=stage, state=state, stages=list(STAGES[kind]), windows=windows)


def looks(steps):
    return [one.look for one in steps]


def test_every_stage_belongs_to_one_step_and_has_its_words():
    told = [stage for stages in STEPS.values() for stage in stages]
    assert sorted(told) == sorted(Stage)
    assert set(words.STAGES) == set(sentences.STAGES) == {one.value for one in Stage}
    assert set(words.STEPS) == set(STEPS)
    assert {one.value for one in PUBLIC_STATES} == set(sentences.STATES)


@pytest.mark.parametrize("kind", list(ProjectType))
def test_every_stage_of_every_kind_of_project_has_its_place(kind):
    for stage in STAGES[kind]:
        shown = looks(steps_of(TenderState.OPENING, hall(stage, kind=kind)))
        assert shown.count("here") == 1
        place = shown.index("here")
        assert shown == ["done"] * place + ["here"] + [""] * (len(shown) - place - 1)


def test_a_pause_marks_the_step_at_which_it_came():
    shown = steps_of(TenderState.OPENING, hall(Stage.DECRYPT_BIDDER, OpeningState.PAUSED))
    assert [one.name for one in shown if one.look == "halt"] == ["bidders"]


def test_a_tender_ended_before_its_deadline_ends_at_the_bidding():
    assert looks(steps_of(TenderState.TERMINATED, hall(Stage.LOBBY, OpeningState.SCHEDULED)))[1] == "end"
    assert looks(steps_of(TenderState.TERMINATED, hall(Stage.ANNOUNCE, OpeningState.TERMINATED)))[3] == "end"


def test_a_published_record_leaves_nothing_to_do():
    assert set(looks(steps_of(TenderState.OPENED, hall(Stage.CLOSED, OpeningState.PUBLISHED)))) == {"done"}
    assert looks(steps_of(TenderState.OPENED, hall(Stage.CLOSED, OpeningState.CLOSED)))[-1] == "here"


def test_only_the_window_of_the_stage_runs():
    open_ = SimpleNamespace(kind="layers", closed_at=None)
    shut = SimpleNamespace(kind="layers", closed_at="then")
    assert window_of(hall(Stage.DECRYPT_LAYERS, windows=(shut, open_))) is open_
    assert window_of(hall(Stage.DECRYPT_LAYERS, windows=(shut,))) is None
    assert window_of(hall(Stage.ANNOUNCE, windows=(open_,))) is None
    assert window_of(None) is None
    assert {one.value for one in WINDOWS.values()} == set(words.WINDOWS)


def body(*prices, cap=1_000_000, price_type="total"):
    rows = [{"number": number, "items": {"p": price}} for number, price in enumerate(prices, 1)]
    columns = [{"name": "d", "kind": "days"}, {"name": "p", "kind": "fen"}]
    return {"price_cap_fen": cap, "price_type": price_type, "columns": columns, "rows": rows}


def test_a_price_is_measured_in_ten_thousandths_of_the_cap_rounded_half_up():
    assert (below(1_000_000, 1_000_000), below(900_000, 1_000_000)) == (0, 1000)
    assert (below(999_950, 1_000_000), below(999_951, 1_000_000)) == (1, 0)
    assert below(1_000_100, 1_000_000) == -1


def test_the_longest_bar_is_the_price_farthest_from_the_cap():
    marks = marks_of(body(900_000, 950_000, 1_000_100, None))
    assert {number: (one.rate, one.width, one.is_over) for number, one in marks.items()} == {
        1: (1000, 100, False), 2: (500, 50, False), 3: (-1, 0, True),
    }  # fmt: skip


def test_without_a_cap_or_with_a_rate_as_price_nothing_is_measured():
    assert marks_of(body(1, cap=None)) == marks_of(body(1, price_type="down_rate")) == {}
    assert marks_of(body(1_000_000))[1].width == 0


def test_the_mean_is_rounded_half_up_and_absent_of_nothing():
    assert (average([1, 2]), average([1, 1, 2]), average([])) == (2, 1, None)
