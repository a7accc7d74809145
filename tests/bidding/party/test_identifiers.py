"""Identifiers, by hand and against a second implementation."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as other_uscc
from stdnum.iso7064 import mod_37_2

from bidding.party.identifiers import (
    deal_code,
    deal_code_check,
    id_number_check,
    id_number_fault,
    is_deal_code,
    is_organisation_code_odd,
    mask,
    normal,
    organisation_code_check,
    uscc_check,
    uscc_fault,
)

TODAY = date(2026, 11, 23)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "typed",
    [
        "91330703ma2abcde14",
        " 9133 0703 MA2A BCDE 14 ",
        "９１３３０７０３ＭＡ２ＡＢＣＤＥ１４",
        "\u300091330703MA2ABCDE14\u200b",
    ],
)
def test_a_code_is_understood_however_it_was_typed(typed):
    assert normal(typed) == "91330703MA2ABCDE14"
    assert uscc_fault(normal(typed)) is None


@given(BODY)
def test_every_code_with_our_check_is_valid_and_the_second_implementation_agrees(body):
    code = body + uscc_check(body)
    assert uscc_fault(code) is None
    assert other_uscc.calc_check_digit(code) == code[-1]


@given(BODY, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body, place, character):
    code = body + uscc_check(body)
    changed = code[:place] + character + code[place + 1 :]
    assert (uscc_fault(changed) is None) is (changed == code)


@given(BODY, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_always_noticed(body, place):
    code = body + uscc_check(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (uscc_fault(swapped) is None) is (swapped == code)


@pytest.mark.parametrize(
    ("body", "check"), [("79965505", "8"), ("71526726", "X"), ("80210043", "3"), ("19220382", "1")]
)
def test_the_organisation_code_has_its_own_check(body, check):
    assert organisation_code_check(body) == check


@pytest.mark.parametrize(("code", "is_odd"), [("91330100799655058B", False), ("91350100M000100Y43", False),
                                              ("91330703MA2ABCDE14", True)])  # fmt: skip
def test_a_code_with_an_odd_inner_check_is_marked_and_not_refused(code, is_odd):
    assert uscc_fault(code) is None
    assert is_organisation_code_odd(code) is is_odd


def an_id_number(born, region="330703", serial="001"):
    body = f"{region}{born:%Y%m%d}{serial}"
    return body + id_number_check(body)


@pytest.mark.parametrize(("born", "is_valid"), [(TODAY, True), (TODAY + timedelta(days=1), False)])
def test_a_number_may_be_of_someone_born_today_and_not_tomorrow(born, is_valid):
    assert (id_number_fault(an_id_number(born), today=TODAY) is None) is is_valid


def test_a_day_that_never_was_is_no_date_of_birth():
    body = "33070320010229001"
    assert "birth" in id_number_fault(body + id_number_check(body), today=TODAY).en


@pytest.mark.parametrize("region", ["16", "20", "38", "47", "55", "66", "72", "00", "99"])
def test_a_region_that_does_not_exist_is_noticed(region):
    assert "region" in id_number_fault(an_id_number(date(1990, 3, 7), f"{region}0703"), today=TODAY).en


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_the_second_implementation_agrees_on_every_number(born, serial):
    number = an_id_number(born, region="110105", serial=f"{serial:03}")
    assert id_number_fault(number, today=TODAY) is None
    assert ric.calc_check_digit(number) == number[-1]


@pytest.mark.parametrize(
    "number", ["", "X" * 18, "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨", "3307031990030700１8", "330703199003070018\n"]
)
def test_what_is_no_number_at_all_is_a_fault_and_no_crash(number):
    assert id_number_fault(number, today=TODAY) is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("330703199003070018", "330***********0018"),
        ("12345678", "123*5678"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_a_mask_shows_three_and_four_and_nothing_of_what_is_short(text, shown):
    assert mask(text) == shown


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=60))
def test_the_check_of_a_deal_code_is_mod_37_2_at_any_length(body):
    assert deal_code_check(body) == mod_37_2.calc_check_digit(body)


def test_a_deal_code_is_made_and_read_back_with_and_without_dashes():
    made = deal_code(category="A01", platform_uscc="91330100799655058B", day=date(2026, 1, 15), serial=1)
    assert made == "A0191330100799655058B20260115000001O"
    assert is_deal_code(made)
    assert is_deal_code("a01-91330100799655058B-20260115-000001-O")
    assert not is_deal_code(made[:-1] + "P")
    assert not is_deal_code(made[3:])
