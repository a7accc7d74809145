"""Hard stop 10: a deposit of 2.01 % is blocked; two percent of 50,000,000 yuan is capped at 800,000."""

import pytest

from bidding.tender.calendar import seed
from bidding.tender.check import Circumstances, deposit_limit_of, report
from bidding.tender.ruleset import WAN
from bidding.tender.terms import Category, ProjectType, Regime
from tests.bidding.tender.makers import terms
from tests.conftest import NOON


def is_blocked(deposit_fen: int, **over) -> bool:
    found = report(terms(deposit_fen=deposit_fen, **over), Circumstances(now=NOON, calendar=seed()))
    return "deposit-too-high" in {one.code for one in found}


def test_a_deposit_above_two_percent_or_above_its_cap_is_blocked():
    ten_million = {"estimate_fen": 1000 * WAN}
    assert not is_blocked(20 * WAN, **ten_million)
    assert is_blocked(20 * WAN + 1, **ten_million)
    assert is_blocked(201_000 * 100, **ten_million)  # 2.01 %
    assert is_blocked(-1, **ten_million)
    fifty_million = {"estimate_fen": 5000 * WAN, "price_cap_fen": 5000 * WAN}
    assert is_blocked(100 * WAN, **fifty_million)
    assert not is_blocked(80 * WAN, **fifty_million)
    assert is_blocked(80 * WAN + 1, **fifty_million)


@pytest.mark.parametrize(
    ("over", "limit"),
    [
        ({"project_type": ProjectType.SURVEY, "category": Category.SERVICES}, 10 * WAN),
        ({"project_type": ProjectType.DESIGN, "category": Category.SERVICES}, 10 * WAN),
        ({"project_type": ProjectType.GOODS, "category": Category.GOODS}, 80 * WAN),
        ({"regime": Regime.GP}, 100 * WAN),
    ],
)
def test_the_cap_depends_on_what_is_tendered_and_under_which_law(over, limit):
    assert deposit_limit_of(terms(estimate_fen=5000 * WAN, **over)) == limit


def test_half_a_fen_of_the_limit_is_cut_off():
    assert deposit_limit_of(terms(estimate_fen=149)) == 2
