"""The report on a draft names every wrong with its rule, and says which stop the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.refusals import CODES
from bidding.tender.calendar import seed
from bidding.tender.check import Circumstances, Severity, report
from bidding.tender.defaults import schedule, sheet_for
from bidding.tender.rules import holders_of
from bidding.tender.terms import (
    Category,
    CoefficientSpec,
    Committee,
    PriceType,
    ProjectType,
    Regime,
    ShareHolder,
    SheetField,
    Terms,
    Windows,
)
from tests.bidding.tender.makers import DAY, layer, terms
from tests.conftest import NOON, TICK


def judged(draft: Terms, now=NOON) -> dict[str, Severity]:
    proven = {one.recipient: now for one in holders_of(draft)}
    found = report(draft, Circumstances(now=now, calendar=seed(), proven_at=proven))
    return {one.code: one.severity for one in reversed(found)}  # what blocks comes first, and stays


def members(count: int, organisations: int) -> tuple[ShareHolder, ...]:
    return tuple(
        ShareHolder(
            number=n,
            organisation_id=f"o{n % organisations}",
            person_id=f"p{n}",
            name=f"n{n}",
            recipient=f"r{n}",
        )
        for n in range(1, count + 1)
    )


MIN_PRICE = SheetField(name="floor", kind="fen", zh="最低投标限价", en="Floor")
PRICE = terms().sheet[0]
ONE_LAYER = layer(1)

BLOCKS = [
    ({"docs_until": NOON + 5 * DAY - TICK}, "sale-too-short"),
    ({"bid_deadline": NOON + 20 * DAY - TICK}, "preparation-too-short"),
    ({"opening_time": NOON + 21 * DAY + TICK}, "opening-apart"),
    ({"place": " "}, "no-opening-place"),
    ({"windows": Windows(objection=0)}, "no-objection-window"),
    ({"bid_validity_days": 0}, "validity-missing"),
    ({"documents": ()}, "no-documents"),
    ({"is_invited": True, "invited": ("a", "b", "b")}, "too-few-invited"),
    ({"price_cap_fen": None}, "no-price-cap"),
    ({"price_cap_fen": 0}, "no-price-cap"),
    ({"sheet": (PRICE, MIN_PRICE)}, "minimum-price"),
    ({"coefficient": CoefficientSpec(label="标底权重", candidates=("1", "2"))}, "base-price-decides"),
    ({"coefficient": CoefficientSpec(label="K", candidates=("0.95", "0.950"))}, "coefficient-malformed"),
    ({"coefficient": CoefficientSpec(label="K", candidates=("NaN", "1", "2"))}, "coefficient-malformed"),
    ({"coefficient": CoefficientSpec(label="K", candidates=())}, "coefficient-malformed"),
    ({"sheet": (MIN_PRICE,)}, "sheet-without-price"),
    ({"sheet": (PRICE, PRICE)}, "sheet-malformed"),
    ({"price_type": PriceType.DOWN_RATE}, "sheet-without-price"),
    ({"layers": ()}, "no-layer"),
    ({"layers": (layer(2),)}, "layer-malformed"),
    ({"layers": (ONE_LAYER, replace(ONE_LAYER, order=2, person_id="x"))}, "layer-malformed"),
    ({"layers": (layer(1, recipient=""),)}, "layer-malformed"),
    ({"committee": Committee(m=2, members=members(4, 4))}, "threshold-too-low"),
    ({"committee": Committee(m=4, members=members(3, 3))}, "threshold-too-low"),
    ({"committee": Committee(m=2, members=(*members(2, 2), members(1, 1)[0]))}, "share-holder-malformed"),
    ({"venue": "township"}, "venue-too-low"),
    ({"regime": Regime.LOCAL_SMALL}, "regime-too-small"),
    ({"rule_set_version": "1999"}, "rule-set-unknown"),
    ({"estimate_fen": 0, "deposit_fen": 0}, "estimate-missing"),
]


def test_lawful_terms_have_no_finding():
    assert judged(terms()) == {}


@pytest.mark.parametrize(("over", "code"), BLOCKS)
def test_each_wrong_blocks_under_its_own_code(over, code):
    assert judged(terms(**over)).get(code) is Severity.BLOCK
    assert CODES[code].article


def test_the_very_edge_of_each_count_of_days_is_lawful():
    deadline = NOON + 20 * DAY
    assert judged(terms(docs_until=NOON + 5 * DAY, bid_deadline=deadline)) == {}


def test_days_are_counted_from_publication_if_that_comes_after_the_offer():
    assert "preparation-too-short" in judged(terms(), now=NOON + DAY + TICK)
    assert "preparation-too-short" not in judged(terms(), now=NOON + DAY)


SMALL = {
    "regime": Regime.LOCAL_SMALL, "is_mandatory": False, "estimate_fen": 100_000_000, "venue": "township",
    "price_cap_fen": 90_000_000, "deposit_fen": 0,
}  # fmt: skip


def test_counts_of_days_only_warn_where_tendering_is_not_mandatory():
    found = judged(terms(**SMALL, docs_until=NOON + DAY, bid_deadline=NOON + 2 * DAY))
    assert found == {"sale-too-short": Severity.WARN, "preparation-too-short": Severity.WARN}


def test_a_deadline_behind_us_blocks_even_a_small_tender():
    assert judged(terms(**SMALL), now=NOON + 21 * DAY)["dates-disordered"] is Severity.BLOCK


def test_a_deadline_in_a_year_nobody_confirmed_is_a_warning():
    assert judged(terms(bid_deadline=NOON + 60 * DAY)) == {"calendar-unconfirmed": Severity.WARN}


@pytest.mark.parametrize(("organisations", "warned"), [(2, True), (3, False)])
def test_a_large_committee_should_come_from_three_organisations(organisations, warned):
    found = judged(terms(committee=Committee(m=3, members=members(5, organisations))))
    assert found == ({"committee-narrow": Severity.WARN} if warned else {})


def test_who_holds_a_layer_holds_no_share():
    one = replace(members(3, 3)[0], person_id="person-layer-1")
    found = judged(terms(committee=Committee(m=2, members=(one, *members(3, 3)[1:]))))
    assert found["holds-both"] is Severity.BLOCK


def test_one_layer_alone_is_a_warning():
    assert judged(terms(layers=(ONE_LAYER,))) == {"single-layer": Severity.WARN}


@pytest.mark.parametrize(
    ("age", "code"), [(timedelta(days=7), None), (timedelta(days=7) + TICK, "key-unproven")]
)
def test_a_key_proven_seven_days_ago_still_counts(age, code):
    draft = terms()
    given = Circumstances(
        now=NOON, calendar=seed(), proven_at={one.recipient: NOON - age for one in draft.layers}
    )
    assert [one.code for one in report(draft, given)] == ([code] if code else [])


def test_government_procurement_counts_the_sale_in_working_days():
    goods = {"regime": Regime.GP, "category": Category.GOODS, "project_type": ProjectType.GOODS}
    assert judged(terms(**goods, docs_until=NOON + 7 * DAY)) == {}
    assert judged(terms(**goods, docs_until=NOON + 7 * DAY - TICK)) == {"sale-too-short": Severity.BLOCK}


def test_a_prequalification_needs_no_price_and_five_days_after_the_sale():
    early = {"project_type": ProjectType.PREQUALIFICATION, "sheet": (), "docs_until": NOON + 6 * DAY}
    assert judged(terms(**early, bid_deadline=NOON + 11 * DAY)) == {}
    assert "application-too-short" in judged(terms(**early, bid_deadline=NOON + 11 * DAY - TICK))


@pytest.mark.parametrize("project_type", list(ProjectType))
def test_the_default_sheet_and_the_proposed_schedule_of_each_type_are_lawful(project_type):
    dates = schedule(
        start=NOON, project_type=project_type, regime=Regime.ZTB, rule_set_version="2026-1", calendar=seed()
    )
    draft = terms(project_type=project_type, sheet=sheet_for(project_type), deposit_fen=0, **vars(dates))
    assert judged(draft) == {}


@pytest.mark.parametrize("price_type", list(PriceType))
def test_the_default_sheet_asks_for_the_price_however_it_is_given(price_type):
    assert judged(terms(price_type=price_type, sheet=sheet_for(ProjectType.SUPERVISION, price_type))) == {}
