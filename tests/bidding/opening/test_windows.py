"""The arithmetic of windows, at their edges and through pauses."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bidding.opening.windows import (
    SETTLING,
    Span,
    WindowKind,
    extended,
    frozen,
    is_open,
    is_over,
    length,
    thawed,
)
from bidding.tender.terms import Windows
from tests.conftest import NOON, TICK

MINUTE = timedelta(minutes=1)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1))


def test_the_last_instant_of_a_window_is_inside_and_the_next_is_not():
    span = Span(closes_at=NOON)
    assert is_open(span, at=NOON - TICK)
    assert is_open(span, at=NOON)
    assert not is_open(span, at=NOON + TICK)


def test_the_clock_closes_a_window_only_when_requests_on_their_way_have_settled():
    span = Span(closes_at=NOON)
    assert not is_over(span, now=NOON + SETTLING)
    assert is_over(span, now=NOON + SETTLING + TICK)


def test_a_frozen_window_is_neither_open_nor_over():
    span = frozen(Span(closes_at=NOON + MINUTE), at=NOON)
    assert span == Span(closes_at=None, left_us=60_000_000)
    assert not is_open(span, at=NOON)
    assert not is_over(span, now=NOON + timedelta(days=365))


@given(left=spans, standing=spans)
def test_a_pause_of_any_length_takes_no_microsecond_from_anyone(left, standing):
    span = frozen(Span(closes_at=NOON + left), at=NOON)
    assert thawed(span, at=NOON + standing).closes_at == NOON + standing + left


def test_a_window_whose_time_was_over_has_none_left_after_a_pause():
    assert frozen(Span(closes_at=NOON), at=NOON + MINUTE).left_us == 0


@given(left=spans, more=spans)
def test_an_extension_counts_the_same_whether_the_window_runs_or_is_frozen(left, more):
    running = extended(Span(closes_at=NOON + left), by=more)
    paused = thawed(extended(frozen(Span(closes_at=NOON + left), at=NOON), by=more), at=NOON)
    assert running == paused


def test_every_window_has_its_length_in_the_bidding_document():
    lengths = {kind: length(kind, Windows()).total_seconds() for kind in WindowKind}
    assert lengths == {
        "release": 1800, "fallback": 900, "layers": 900, "price_confirm": 600, "objection": 300,
        "record_confirm": 600,
    }  # fmt: skip
