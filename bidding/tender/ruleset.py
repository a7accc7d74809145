"""The numbers of the law, as data under a version: a tender keeps the version it was published under."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bidding.tender.terms import Category

YUAN = 100
WAN = 10_000 * YUAN


@dataclass(frozen=True, kw_only=True)
class VenueLines:
    """From which estimate (fen, inclusive) a venue is required or recommended (§8.1, O16 art. 5)."""

    district_required: int
    district_recommended: int
    township_recommended: int


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """Spans in days, money in fen, shares in ten-thousandths; the rule's id beside each."""

    version: str
    effective: date
    sale_days: int = 5  # T-01, TL-16
    preparation_days: int = 20  # T-02, ZTBF-24
    clarification_days: int = 15  # T-04, TL-21
    prequalification_days: int = 3  # T-04, TL-21
    application_days: int = 5  # T-03, TL-17
    objection_days: int = 10  # T-06, TL-22
    prequalification_objection_days: int = 2  # T-06, TL-22
    reply_days: int = 3  # T-07, TL-22
    reply_notice_days: int = 2  # T-07
    refund_days: int = 5  # T-25
    liveness_days: int = 7  # KEY-6
    liveness_again_days: int = 3  # KEY-6, before the deadline
    least_invited: int = 3  # N-04, ZTBF-17
    deposit_share: int = 200  # N-05, TL-26
    deposit_cap_fen: int = 80 * WAN  # N-05, order 30 art. 37
    survey_deposit_cap_fen: int = 10 * WAN  # N-05, order 2
    venue: Mapping[Category, VenueLines] = field(default_factory=dict)


_VENUE = {
    Category.WORKS: VenueLines(
        district_required=400 * WAN, district_recommended=200 * WAN, township_recommended=30 * WAN
    ),
    Category.GOODS: VenueLines(
        district_required=200 * WAN, district_recommended=200 * WAN, township_recommended=30 * WAN
    ),
    Category.SERVICES: VenueLines(
        district_required=100 * WAN, district_recommended=100 * WAN, township_recommended=30 * WAN
    ),
}

RULE_SETS = {"2026-1": RuleSet(version="2026-1", effective=date(2026, 1, 1), venue=_VENUE)}
NEWEST = "2026-1"
