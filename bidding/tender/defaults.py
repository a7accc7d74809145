"""What a project type usually asks and when: default sheets (domain §2.8) and a schedule by the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bidding.tender.calendar import CHINA, Calendar, day_of, rolled
from bidding.tender.ruleset import RULE_SETS, RuleSet
from bidding.tender.terms import PriceType, ProjectType, Regime, SheetField

_PRICE = SheetField(name="bid_price", kind="fen", zh="投标总价（元）", en="Total price (yuan)")
_FEE = SheetField(name="bid_price", kind="fen", zh="投标报价（元）", en="Fee (yuan)")
_RATE = SheetField(name="rate", kind="rate", zh="费率（%）", en="Rate (%)")
_DURATION = SheetField(name="duration_days", kind="days", zh="工期（日历天）", en="Duration (calendar days)")
_DESIGN = SheetField(name="design_period_days", kind="days", zh="设计周期（日历天）", en="Design (days)")
_DELIVERY = SheetField(name="delivery_days", kind="days", zh="交货期（日历天）", en="Delivery (days)")
_QUALITY = SheetField(name="quality", kind="text", zh="质量目标", en="Quality")
_MANAGER = SheetField(
    name="project_manager", kind="text", zh="项目负责人", en="Project manager", required=False
)
_MODEL = SheetField(name="model", kind="text", zh="品牌型号", en="Make and model", required=False)
_WARRANTY = SheetField(name="warranty", kind="text", zh="质保期", en="Warranty", required=False)

SHEETS: Mapping[ProjectType, tuple[SheetField, ...]] = {
    ProjectType.CONSTRUCTION: (_PRICE, _DURATION, _QUALITY, _MANAGER),
    ProjectType.EPC: (_PRICE, _DURATION, _QUALITY, _MANAGER),
    ProjectType.SUPERVISION: (_FEE, _RATE, _MANAGER),
    ProjectType.DESIGN: (_FEE, _DESIGN, _MANAGER),
    ProjectType.SURVEY: (_FEE, _DURATION, _MANAGER),
    ProjectType.ELEVATOR: (_PRICE, _DELIVERY, _WARRANTY),
    ProjectType.GOODS: (_PRICE, _DELIVERY, _MODEL, _WARRANTY),
    ProjectType.PREQUALIFICATION: (),
}

_ONE_HOUR = timedelta(hours=1)


def sheet_for(project_type: ProjectType, price_type: PriceType = PriceType.TOTAL) -> tuple[SheetField, ...]:
    """The usual opening sheet of a type; where the price is a rate, the rate is asked for instead."""
    sheet = SHEETS[project_type]
    if price_type is PriceType.TOTAL:
        return sheet
    return (_RATE, *(item for item in sheet if item.name not in {"bid_price", "rate"}))


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The dates of a notice, in the order in which they fall."""

    docs_from: datetime
    docs_until: datetime
    questions_until: datetime
    bid_deadline: datetime
    opening_time: datetime


def schedule(
    *, start: datetime, project_type: ProjectType, regime: Regime, rule_set_version: str, calendar: Calendar
) -> Schedule:
    """The earliest lawful dates when documents are on offer from *start*, on working mornings.

    Raises CalendarUnconfirmed where a date falls into a year nobody confirmed (CAL-8).
    """
    rule_set = RULE_SETS[rule_set_version]
    docs_from = _full_hour(start)
    docs_until = _at_nine(docs_from + timedelta(days=rule_set.sale_days + 1), calendar)
    deadline = _deadline(docs_from, docs_until, project_type, regime, rule_set, calendar)
    questions = max(
        docs_from + timedelta(hours=1), deadline - timedelta(days=_question_days(project_type, rule_set))
    )
    return Schedule(
        docs_from=docs_from, docs_until=docs_until, questions_until=questions,
        bid_deadline=deadline, opening_time=deadline,
    )  # fmt: skip


def _deadline(
    docs_from: datetime, docs_until: datetime, project_type: ProjectType, regime: Regime,
    rule_set: RuleSet, calendar: Calendar,
) -> datetime:  # fmt: skip
    if project_type is ProjectType.PREQUALIFICATION:
        return _at_nine(docs_until + timedelta(days=rule_set.application_days + 1), calendar)
    if regime in {Regime.LOCAL_SMALL, Regime.RURAL_PROPERTY}:
        return _at_nine(docs_until + timedelta(days=1), calendar)
    return _at_nine(docs_from + timedelta(days=rule_set.preparation_days + 1), calendar)


def _question_days(project_type: ProjectType, rule_set: RuleSet) -> int:
    if project_type is ProjectType.PREQUALIFICATION:
        return rule_set.prequalification_objection_days
    return rule_set.objection_days


def _full_hour(start: datetime) -> datetime:
    hour = start.replace(minute=0, second=0, microsecond=0)
    return hour if hour == start else hour + _ONE_HOUR


def _at_nine(instant: datetime, calendar: Calendar) -> datetime:
    day = rolled(day_of(instant), calendar)
    return datetime(day.year, day.month, day.day, 9, tzinfo=CHINA).astimezone(instant.tzinfo)
