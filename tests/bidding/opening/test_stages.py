"""The steps by project type (domain §2.2)."""

import pytest

from bidding.opening.stages import STAGES, Stage, following, is_reached, path
from bidding.tender.terms import ProjectType

CAPPED = {ProjectType.CONSTRUCTION, ProjectType.EPC, ProjectType.GOODS}


@pytest.mark.parametrize("kind", list(ProjectType))
def test_the_cap_and_its_analysis_belong_to_works_and_goods_alone(kind):
    steps = STAGES[kind]
    assert (Stage.CONTROL_PRICE in steps) == (Stage.PRICE_ANALYSIS in steps) == (kind in CAPPED)


def test_a_prequalification_announces_no_price():
    steps = STAGES[ProjectType.PREQUALIFICATION]
    assert not {Stage.ANNOUNCE, Stage.PRICE_CONFIRM, Stage.COEFFICIENT_DRAW} & set(steps)


@pytest.mark.parametrize("kind", list(ProjectType))
def test_every_type_keeps_the_order_of_the_trade_from_the_lobby_to_the_close(kind):
    steps, order = STAGES[kind], list(Stage)
    assert list(steps) == sorted(steps, key=order.index)
    assert (steps[0], steps[-1]) == (Stage.LOBBY, Stage.CLOSED)


@pytest.mark.parametrize("kind", list(ProjectType))
def test_the_coefficient_is_drawn_before_any_key_is_asked_for(kind):
    steps = path(kind, has_coefficient=True, has_committee=True)
    if Stage.COEFFICIENT_DRAW in steps:
        assert steps.index(Stage.COEFFICIENT_DRAW) < steps.index(Stage.DECRYPT_BIDDER)


def test_a_step_that_the_bidding_document_does_not_need_is_left_out():
    steps = path(ProjectType.CONSTRUCTION, has_coefficient=False, has_committee=False)
    assert not {Stage.COEFFICIENT_DRAW, Stage.DECRYPT_COMMITTEE} & set(steps)
    assert following(steps, Stage.CONTROL_PRICE) is Stage.DECRYPT_BIDDER
    assert following(steps, Stage.CLOSED) is None


def test_prices_are_reached_at_the_announcement_and_not_at_the_keys():
    assert is_reached(Stage.ANNOUNCE, Stage.ANNOUNCE)
    assert not is_reached(Stage.PRICE_CONFIRM, Stage.ANNOUNCE)
