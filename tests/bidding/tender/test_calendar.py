"""Days are counted as the Civil Code counts them (CAL-1 … CAL-8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bidding.refusals.tender import CalendarUnconfirmed
from bidding.tender.calendar import (
    CHINA,
    add_days,
    add_workdays,
    earliest,
    end_of,
    is_before,
    owed_by,
    period_end,
    rolled,
    seed,
)
from tests.conftest import TICK

DAYS_2026 = some.dates(date(2026, 1, 5), date(2026, 11, 30))


def china(*when: int) -> datetime:
    return datetime(*when, tzinfo=CHINA)


def test_the_start_day_is_not_counted():
    assert add_days(date(2026, 3, 2), 20) == date(2026, 3, 22)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 7), False),  # moved from 10 October
        (date(2026, 10, 10), True),  # a Saturday that is worked instead
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
    ],
)
def test_the_seed_knows_holidays_and_make_up_days(day, worked):
    assert seed().is_workday(day) is worked


def test_a_period_that_ends_on_saturday_ends_on_monday():
    assert rolled(date(2026, 11, 21), seed()) == date(2026, 11, 23)


def test_a_period_that_ends_on_a_saturday_that_is_worked_ends_there():
    assert rolled(date(2026, 10, 10), seed()) == date(2026, 10, 10)


def test_the_last_day_runs_to_its_midnight():
    assert period_end(china(2026, 11, 18, 15), 3, seed()) == china(2026, 11, 24)
    assert end_of(date(2026, 11, 23)) == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_a_year_nobody_confirmed_is_an_error_and_never_a_weekday():
    with pytest.raises(CalendarUnconfirmed) as refused:
        seed().is_workday(date(2027, 1, 4))
    assert refused.value.year == 2027


def test_a_confirmed_year_counts_with_its_decreed_days():
    known = seed().overridden({date(2027, 1, 4): False}, frozenset({2027}))
    assert rolled(date(2027, 1, 2), known) == date(2027, 1, 5)


def test_a_debt_that_falls_into_an_unconfirmed_year_is_not_put_off():
    assert owed_by(china(2026, 12, 30, 9), 3, seed()) == china(2027, 1, 3)


def test_a_forward_minimum_keeps_the_clock_time_or_runs_to_midnight():
    start = china(2026, 3, 2, 10)
    assert earliest(start, 20) == china(2026, 3, 22, 10)
    assert earliest(start, 20, strict=True) == china(2026, 3, 23)


def test_a_backward_window_is_open_at_its_very_edge():
    deadline = china(2026, 11, 30, 9)
    assert is_before(deadline - timedelta(days=10), deadline, 10)
    assert not is_before(deadline - timedelta(days=10) + TICK, deadline, 10)


@given(DAYS_2026, some.integers(0, 15))
def test_working_days_counted_forth_and_back_meet_again(day, count):
    start = rolled(day, seed())
    end = add_workdays(start, count, seed())
    assert add_workdays(end, -count, seed()) == start
    assert seed().is_workday(end)


@given(DAYS_2026, some.integers(1, 15))
def test_between_two_ends_lie_exactly_so_many_working_days(day, count):
    end = add_workdays(day, count, seed())
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(seed().is_workday(one) for one in between) == count


@given(DAYS_2026)
def test_rolling_goes_forth_and_no_further_than_it_must(day):
    end = rolled(day, seed())
    assert end >= day
    assert not any(seed().is_workday(day + timedelta(days=n)) for n in range((end - day).days))
