"""Amounts in words: written canonically, read in every customary spelling (domain §4.7)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bidding.opening.amounts import MAX_FEN, fen_of, words_of

CANONICAL = [
    (5, "伍分"), (1_000, "壹拾元整"), (10_000_000, "壹拾万元整"),
    (123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
    (1_000_000_105, "壹仟万零壹元零伍分"), (10_001_000_000, "壹亿零壹万元整"), (0, "零元整"),
    (50, "伍角整"), (110, "壹元壹角整"), (20_000_000_000_000, "贰仟亿元整"),
]  # fmt: skip
VARIANTS = [
    (10_700_053, "壹拾万柒仟元零伍角叁分"), (10_700_053, "壹拾万零柒仟元伍角叁分"),
    (1_640_902, "壹万陆仟肆佰零玖元零贰分"), (1_000, "人民币壹拾圆正"), (1_000, "拾元"),
    (1_000, "人民币：壹拾元整"), (150, "壹元伍角正"), (200, "两元整"),
]  # fmt: skip
NO_AMOUNTS = [
    "",
    "元",
    "整",
    "万元",
    "壹贰元",
    "拾佰元",
    "壹元壹元",
    "1元",
    "壹万亿万元",
    "壹元伍分叁角",
    "零点伍元",
    "负壹元",
]


@pytest.mark.parametrize(("fen", "words"), CANONICAL)
def test_the_canonical_form_is_the_banks(fen, words):
    assert words_of(fen) == words


@pytest.mark.parametrize(("fen", "words"), CANONICAL + VARIANTS)
def test_every_customary_spelling_is_the_same_amount(fen, words):
    assert fen_of(words) == fen


@given(st.integers(min_value=0, max_value=MAX_FEN))
@example(MAX_FEN)
@example(571_720_160_864_111)
def test_what_was_written_reads_back(fen):
    assert fen_of(words_of(fen)) == fen


@pytest.mark.parametrize("words", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(words):
    with pytest.raises(ValueError, match=r"."):
        fen_of(words)


@given(st.text(alphabet="零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整正 ", max_size=24))
def test_any_row_of_numerals_is_read_or_refused_and_never_crashes(words):
    try:
        fen = fen_of(words)
    except ValueError:
        return
    assert fen >= 0


@pytest.mark.parametrize("fen", [-1, MAX_FEN + 1])
def test_an_amount_that_cannot_be_written_is_refused(fen):
    with pytest.raises(ValueError, match="amount"):
        words_of(fen)
