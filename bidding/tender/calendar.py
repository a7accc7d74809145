"""Counting days and working days the way the law counts them (domain §1.1, CAL-1 … CAL-8).

Days are those of the clock on the wall in China; instants stay UTC. The holidays of a year are data:
the `holidays` package is the seed for the years it has the State Council's schedule of, and rows in
`calendar_override` correct it. A year nobody confirmed is an error, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bidding.refusals.tender import CalendarUnconfirmed

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days are worked: `decreed` maps a day to whether it is, else the week decides."""

    decreed: Mapping[date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether *day* is worked. Raises CalendarUnconfirmed for a year nobody confirmed (CAL-8)."""
        if day.year not in self.confirmed:
            raise CalendarUnconfirmed(year=day.year)
        return self.decreed.get(day, day.weekday() < _SATURDAY)

    def overridden(self, days: Mapping[date, bool], years: frozenset[int]) -> "Calendar":
        """This calendar with *days* decreed otherwise and *years* confirmed besides."""
        return Calendar(decreed={**self.decreed, **days}, confirmed=self.confirmed | years)


@cache
def seed() -> Calendar:
    """The years whose holidays and make-up workdays are known without asking anyone."""
    from holidays import country_holidays

    scheduled = country_holidays("CN")
    years = frozenset(getattr(scheduled, "special_public_holidays"))  # noqa: B009 -- set by the subclass
    known = country_holidays("CN", years=sorted(years), expand=False)
    off = {day: False for day in known if day.year in years}
    worked = {day: True for day in known.weekend_workdays if day.year in years}
    return Calendar(decreed=off | worked, confirmed=years)


def day_of(instant: datetime) -> date:
    """The day on the wall in China."""
    return instant.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """24:00 of *day* in China: the first instant that is too late (CAL-3)."""
    return datetime.combine(day + DAY, time(), CHINA).astimezone(UTC)


def add_days(day: date, count: int) -> date:
    """Day number *count* of a period that began on *day*, which is not counted itself (CAL-1)."""
    return day + count * DAY


def add_workdays(day: date, count: int, calendar: Calendar) -> date:
    """Working day number *count* after *day* (before it, if negative); *day* itself is not counted."""
    step = DAY if count >= 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not calendar.is_workday(day):
            day += step
    return day


def rolled(day: date, calendar: Calendar) -> date:
    """*day*, or the first working day after it: a period never ends on a holiday (CAL-2)."""
    while not calendar.is_workday(day):
        day += DAY
    return day


def period_end(start: datetime, days: int, calendar: Calendar) -> datetime:
    """When a period of *days* that *start* set going is over: 24:00 of its last day, rolled (CAL-1…3)."""
    return end_of(rolled(add_days(day_of(start), days), calendar))


def owed_by(start: datetime, days: int, calendar: Calendar) -> datetime:
    """Like `period_end`; in a year nobody confirmed the last day is not rolled, to the debtor's cost."""
    last = add_days(day_of(start), days)
    return period_end(start, days, calendar) if last.year in calendar.confirmed else end_of(last)


def earliest(start: datetime, days: int, *, strict: bool = False) -> datetime:
    """The first instant that is no less than *days* after *start* (CAL-6).

    The same clock time *days* later; with *strict* the last day runs to its 24:00 first.
    """
    return end_of(add_days(day_of(start), days)) if strict else start + days * DAY


def is_before(now: datetime, deadline: datetime, days: int) -> bool:
    """Whether *now* is still *days* whole days before *deadline*; equality is in time (CAL-7)."""
    return now <= deadline - days * DAY
