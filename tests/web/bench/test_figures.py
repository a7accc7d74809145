import json
from io import StringIO

import pytest
from rich.console import Console

from web.bench.__main__ import ROWS, main
from web.bench.figures import Absent, Figure, Verdict, at_least, at_most, shortfalls
from web.bench.table import show


def figure(ours, bar, theirs=1.0):
    return Figure(row="B0", what="a case", ours=ours, theirs=theirs, unit="s", peer="a peer", bar=bar)


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(1.4, Verdict.EXCELLENT), (1.41, Verdict.ACCEPTABLE), (1.8, Verdict.ACCEPTABLE), (1.81, Verdict.SHORT)],
)
def test_a_cost_on_its_bar_reaches_it_and_above_it_misses(ratio, verdict):
    assert figure(ratio, at_most(1.4, 1.8)).verdict is verdict


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(1.3, Verdict.EXCELLENT), (1.29, Verdict.ACCEPTABLE), (1.0, Verdict.ACCEPTABLE), (0.99, Verdict.SHORT)],
)
def test_a_speed_on_its_bar_reaches_it_and_below_it_misses(ratio, verdict):
    assert figure(ratio, at_least(1.3, 1.0)).verdict is verdict


def test_a_figure_without_a_bar_is_only_told():
    assert figure(100.0, None).verdict is Verdict.TOLD


def test_only_what_misses_its_bar_falls_short():
    lines = [
        figure(1.0, at_most(1.0)),
        figure(2.0, at_most(1.0)),
        Absent(row="B0", what="a peer", why="gone"),
    ]
    assert shortfalls(lines) == [lines[1]]


def test_the_table_names_the_absent_peer_and_the_missed_goal():
    out = StringIO()
    lines = [figure(2.0, at_most(1.0)), Absent(row="B0", what="age", why="it is not installed")]
    show(lines, Console(file=out, width=160))
    assert "age: it is not installed" in out.getvalue()
    assert "short: B0 a case: 2.00, the goal is ≤ 1" in out.getvalue()


def test_figures_are_plain_json():
    told = json.loads(json.dumps(figure(2.0, at_most(1.0, 3.0)).plain()))
    assert (told["ratio"], told["verdict"]) == (2.0, "acceptable")
    assert told["bar"] == {"excellent": 1.0, "acceptable": 3.0, "is_floor": False}


def test_a_row_that_does_not_exist_is_refused_by_name(capsys):
    assert main(["--only", "B2,B7"]) == 2
    assert "no such row: B7" in capsys.readouterr().out


def test_every_row_of_the_issue_is_there():
    assert list(ROWS) == ["B1", "B2", "B3", "B4", "B5", "B6", "B9", "B10", "B12"]
