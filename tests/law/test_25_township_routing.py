"""Hard stop 25: where a tender belongs by its estimate, at every line and one fen below it."""

import pytest

from bidding.tender.calendar import seed
from bidding.tender.check import Circumstances, Severity, report, venue_of
from bidding.tender.terms import Category, Regime
from tests.bidding.tender.makers import terms
from tests.conftest import NOON

YUAN = 100
ROUTES = [
    (29_999_999, "self"), (300_000 * YUAN, "township"), (199_999_999, "township"),
    (2_000_000 * YUAN, "district"), (399_999_999, "district"), (4_000_000 * YUAN, "district"),
]  # fmt: skip


def small(estimate_fen: int, venue: str, **over):
    facts = {"is_mandatory": False, "regime": Regime.LOCAL_SMALL, "deposit_fen": 0, "price_cap_fen": 1} | over
    return terms(estimate_fen=estimate_fen, venue=venue, **facts)


def venue_findings(draft) -> dict[str, Severity]:
    found = report(draft, Circumstances(now=NOON, calendar=seed()))
    return {one.code: one.severity for one in found if one.rule.startswith("VENUE")}


@pytest.mark.parametrize(("estimate_fen", "venue"), ROUTES)
def test_an_estimate_is_routed_to_the_venue_of_its_line_lower_bound_included(estimate_fen, venue):
    assert venue_of(small(estimate_fen, "district")) == venue


def test_four_million_must_go_to_the_district_and_one_fen_less_may_stay_with_a_reason():
    must = small(4_000_000 * YUAN, "township", regime=Regime.ZTB)
    may = small(4_000_000 * YUAN - 1, "township", regime=Regime.ZTB)
    assert venue_findings(must)["venue-too-low"] is Severity.BLOCK
    assert venue_findings(may) == {"venue-unexplained": Severity.WARN}


def test_below_the_lines_going_lower_needs_a_reason_and_going_higher_does_not():
    assert venue_findings(small(300_000 * YUAN, "self")) == {"venue-unexplained": Severity.WARN}
    assert venue_findings(small(300_000 * YUAN - 1, "self")) == {}
    assert venue_findings(small(300_000 * YUAN, "district")) == {}


@pytest.mark.parametrize(("category", "line"), [(Category.GOODS, 2_000_000), (Category.SERVICES, 1_000_000)])
def test_goods_and_services_have_their_own_statutory_lines(category, line):
    at = small(line * YUAN, "township", category=category, regime=Regime.GP)
    below = small(line * YUAN - 1, "township", category=category, regime=Regime.GP)
    assert venue_findings(at)["venue-too-low"] is Severity.BLOCK
    assert "venue-too-low" not in venue_findings(below)


def test_a_mandatory_tender_goes_to_the_district_however_small():
    draft = small(100 * YUAN, "township", is_mandatory=True, regime=Regime.ZTB)
    assert venue_findings(draft)["venue-too-low"] is Severity.BLOCK
