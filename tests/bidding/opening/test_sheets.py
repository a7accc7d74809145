"""Reading sheets: what is announced, what stands out, and nothing that a bidder types breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.opening.sheets import price_of, read_sheet
from bidding.tender.terms import PriceType, SheetField
from tests.bidding.tender.makers import terms

NAME, USCC = "示例甲建设有限公司", "91330703MA2ABCDE14"
SHEET = {"bid_price": 812_345_678, "duration_days": 180, "quality": "合格"}
TERMS = terms()


def read(**over):
    return read_sheet({**SHEET, **over}, TERMS, name=NAME, uscc=USCC)


def test_a_sound_sheet_gives_its_items_and_the_amount_in_words():
    reading = read(bidder_name=NAME, uscc=USCC)
    assert reading.findings == ()
    assert reading.items == {**SHEET, "bid_price_words": "捌佰壹拾贰万叁仟肆佰伍拾陆元柒角捌分"}


def test_width_and_case_make_no_other_bidder():
    assert read(uscc="９１３３０７０３ma2abcde14", bidder_name=f" {NAME} ").findings == ()


@pytest.mark.parametrize(
    ("over", "finding"),
    [
        ({"bidder_name": "示例乙建设有限公司"}, "bidder-name-differs"),
        ({"uscc": "91330703MA2ABCDE2X"}, "uscc-differs"),
        ({"bid_price_words": "捌佰壹拾贰万元整"}, "words-differ:bid_price"),
        ({"bid_price_words": "很多钱"}, "words-unreadable:bid_price"),
        ({"bid_price": None}, "missing:bid_price"),
        ({"bid_price": "8,123,456.78"}, "unreadable:bid_price"),
        ({"bid_price": -1}, "unreadable:bid_price"),
        ({"bid_price": True}, "unreadable:bid_price"),
        ({"bid_price": 10**18}, "unreadable:bid_price"),
        ({"quality": 7}, "unreadable:quality"),
        ({"quality": ""}, "missing:quality"),
    ],
)
def test_what_stands_out_is_a_finding_and_no_rejection(over, finding):
    assert read(**over).findings == (finding,)


def test_the_cap_itself_is_not_over_the_cap_and_one_fen_more_is():
    cap = TERMS.price_cap_fen
    assert read(bid_price=cap).findings == ()
    assert read(bid_price=cap + 1).findings == ("over-cap",)


def test_a_rate_is_announced_as_a_rate_and_compared_with_no_cap():
    rate = SheetField(name="down_rate", kind="rate", zh="下浮率", en="Down rate")
    by_rate = terms(price_type=PriceType.DOWN_RATE, sheet=(rate,), price_cap_fen=1)
    reading = read_sheet({"down_rate": 525}, by_rate, name=NAME, uscc=USCC)
    assert (reading.items, reading.findings) == ({"down_rate": 525}, ())
    assert price_of(reading.items, by_rate) == 525


values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from([*SHEET, "uscc", "bidder_name", "bid_price_words"]), values))
def test_no_sheet_breaks_the_reading(sheet):
    reading = read_sheet(sheet, TERMS, name=NAME, uscc=USCC)
    assert set(SHEET) <= set(reading.items)
