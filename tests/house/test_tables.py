"""The product's tables are whole: every act has its page, every refusal its status and its row of law."""

import re
from dataclasses import fields as fields_of
from pathlib import Path

import pytest

from web import docs
from web.api import endpoints
from web.problems import problem, status_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LAW = "\n".join(path.read_text() for path in (*sorted(DOCS.glob("law/*.md")), *DOCS.glob("law.md")))


# A bid withdrawn before the deadline enters the hall as withdrawn: it is listed and nothing more.
ALSO_FIRST = {"BidStatus": {"withdrawn"}}


def tables():
    for module in docs.state_modules():
        for name, table in docs.tables_of(module):
            yield pytest.param(table, id=f"{module.__name__}{name}")


@pytest.mark.parametrize("act", docs.acts(), ids=lambda act: act.kind)
def test_every_act_names_its_audience_and_says_what_it_means(act):
    assert act.audience in {"public", "desk", "bidder", "platform"}
    assert act.__doc__
    assert not act.__doc__.startswith(f"{act.__name__}(")
    assert re.fullmatch(r"[a-z-]+\.[a-z-]+", act.kind)


@pytest.mark.parametrize("kind", docs.refusals(), ids=lambda kind: kind.code)
def test_every_refusal_has_a_status_a_ground_and_both_texts(kind):
    assert 400 <= status_of(kind) <= 503
    assert re.fullmatch(r"[a-z0-9-]+", kind.code)
    for text in (kind.rule, kind.article, kind.zh, kind.en, kind.remedy_zh, kind.remedy_en):
        assert text
    own = {field.name for field in fields_of(kind)}
    named = set(re.findall(r"\{(\w+)", kind.zh + kind.en + kind.remedy_zh + kind.remedy_en))
    assert named <= own


@pytest.mark.parametrize("kind", docs.refusals(), ids=lambda kind: kind.code)
def test_every_refusal_of_a_room_has_its_row_of_law(kind):
    if kind.__module__.startswith("web."):
        pytest.skip("the doors' refusals rest on the interface, not on the law")
    assert f"`{kind.code}`" in LAW or f"| {kind.code} |" in LAW


@pytest.mark.parametrize("table", list(tables()))
def test_every_state_has_a_row_and_can_be_reached(table):
    states, first = set(type(next(iter(table)))), next(iter(table))
    assert set(table) == states
    waiting = [first, *(one for one in states if one.value in ALSO_FIRST.get(type(first).__name__, ()))]
    reached = set(waiting)
    while waiting:
        for after in table[waiting.pop()].values():
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached == states


@pytest.mark.parametrize("name", sorted(docs.pages()))
def test_the_made_pages_are_current(name):
    path = ROOT / "docs" / name
    assert path.exists(), "run `python3 run.py docs`"
    assert path.read_text() == docs.pages()[name]


def test_every_endpoint_names_an_act_and_a_role_and_only_reads_are_unnamed():
    for row in endpoints():
        assert re.fullmatch(r"[a-z-]+(\.[a-z-]+)+", row.act), row.path
        assert row.roles, row.path
        assert row.summary, row.path


def test_a_problem_has_one_shape_whatever_is_refused():
    shapes = set()
    for kind in docs.refusals():
        values = dict.fromkeys((field.name for field in fields_of(kind)), "x")
        shapes.add(tuple(problem(kind(**values))))
    assert shapes == {
        ("type", "title", "status", "code", "rule", "article", "who", "zh", "en", "facts", "request_id")
    }
