"""The opening sheet, held to the notice before anything is sealed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.client.sheets import LARGEST, SheetDefective, check_sheet, fen_of_yuan, whole_of

FIELDS = [
    {"name": "bid_price", "kind": "fen", "required": True},
    {"name": "rate", "kind": "rate", "required": False},
    {"name": "duration_days", "kind": "days", "required": True},
    {"name": "quality", "kind": "text", "required": True},
]
GOOD = {"bid_price": 123456780, "duration_days": 180, "quality": "合格"}


def defects(**over):
    with pytest.raises(SheetDefective) as caught:
        check_sheet(GOOD | over, FIELDS)
    return [name for name, _, _ in caught.value.defects]


def test_a_good_sheet_is_sealed_as_it_is_with_its_words_and_names_in_one_spelling():
    more = {
        "bid_price_words": "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角",
        "bidder_name": "Cafe\u0301 建设",
        "rate": None,
    }
    assert check_sheet(GOOD | more, FIELDS) == GOOD | {
        "bid_price_words": "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角", "bidder_name": "Caf\u00e9 建设",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        "123",
        "1,234",
        "１２３",
        "",
        None,
        1.0,
        1e3,
        -1,
        True,
        False,
        [1],
        {},
        LARGEST + 1,
        float("nan"),
        float("inf"),
    ],
)
def test_an_amount_is_a_whole_number_of_fen_and_nothing_else(value):
    assert defects(bid_price=value) == ["bid_price"]


def test_the_largest_number_that_every_reader_keeps_is_the_last_one_taken():
    assert check_sheet(GOOD | {"bid_price": LARGEST}, FIELDS)["bid_price"] == LARGEST
    assert check_sheet(GOOD | {"bid_price": 0}, FIELDS)["bid_price"] == 0


@pytest.mark.parametrize("value", ["x" * 2001, "a\x00b", "a\ud800", 5, ["x"], ""])
def test_text_is_text_that_can_be_read(value):
    assert defects(quality=value) == ["quality"]


def test_every_fault_is_told_at_once():
    assert defects(bid_price="1", duration_days=-1, rabatt=1, quality=None) == [
        "bid_price", "duration_days", "quality", "rabatt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("0", 0), ("0.01", 1), ("1234567.8", 123456780), ("1234567.89", 123456789), (" 5 ", 500),
     ("90071992547409.91", LARGEST)],
)  # fmt: skip
def test_an_amount_typed_in_yuan_is_read_to_the_fen(typed, fen):
    assert fen_of_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", "1,234", "-1", "+1", "1.234", ".5", "5.", "1e3", "１２", "٣", "壹", "0x10", "1 000", "¥5",
     "90071992547409.92", "NaN"],
)  # fmt: skip
def test_every_other_spelling_of_an_amount_is_asked_again(typed):
    with pytest.raises(ValueError, match=r"amount|large"):
        fen_of_yuan(typed)


@given(st.integers(0, LARGEST))
def test_what_is_typed_with_two_decimals_is_never_rounded(fen):
    assert fen_of_yuan(f"{fen // 100}.{fen % 100:02}") == fen


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_number_or_a_value_error(typed):
    for read in (fen_of_yuan, whole_of):
        with contextlib.suppress(ValueError):
            assert 0 <= read(typed) <= LARGEST
