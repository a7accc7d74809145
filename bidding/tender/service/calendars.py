"""Keeping the calendar: days decreed otherwise, and years confirmed against the State Council's notice."""

from datetime import date

from bidding.acts.tender import CalendarYearConfirmed, WorkdayOverridden
from bidding.tender.tables import CalendarOverride, CalendarYear
from crypto.ledger import Unit


async def override_day(unit: Unit, day: date, *, is_workday: bool, name: str) -> CalendarOverride:
    """Make *day* a working day or a holiday, whatever the seed says."""
    row = await unit.session.merge(CalendarOverride(day=day, is_workday=is_workday, name=name))
    await unit.record(WorkdayOverridden(day=day.isoformat(), is_workday=is_workday, name=name))
    return row


async def confirm_year(unit: Unit, year: int, *, document_no: str) -> CalendarYear:
    """State that the days of *year* as entered are those of the notice *document_no* (CAL-8)."""
    row = CalendarYear(year=year, document_no=document_no, confirmed_at=await unit.now())
    row = await unit.session.merge(row)
    await unit.record(CalendarYearConfirmed(year=year, document_no=document_no))
    return row
