from datetime import UTC, datetime

import pytest

from bidding.opening.states import Answer, BidStatus
from web.paper import words


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0.00"), (5, "0.05"), (100, "1.00"), (123_456_789, "1,234,567.89")]
)
def test_fen_are_written_as_yuan_without_a_float(fen, shown):
    assert words.yuan(fen) == shown


@pytest.mark.parametrize(("rate", "shown"), [(0, "0.00%"), (125, "1.25%"), (10_000, "100.00%")])
def test_ten_thousandths_are_written_as_percent(rate, shown):
    assert words.percent(rate) == shown


def test_instants_are_shown_in_china_time():
    assert words.instant(datetime(2026, 11, 23, 16, 0, 1, tzinfo=UTC)) == "2026-11-24 00:00:01"
    assert words.instant("2026-11-23T04:00:00.000000Z") == "2026-11-23 12:00:00"
    assert words.exact(datetime(2026, 11, 23, 4, 0, 0, 7, tzinfo=UTC)) == "2026-11-23 12:00:00.000007"


@pytest.mark.parametrize("status", list(BidStatus))
def test_every_status_has_its_words(status):
    assert words.status(status.value) != status.value


@pytest.mark.parametrize("answer", list(Answer))
def test_every_answer_has_its_words(answer):
    assert answer.value in words.ANSWER


def test_a_cause_keeps_the_reason_of_the_host():
    assert words.cause("late: 迟到两分钟") == "逾期送达：迟到两分钟"
    assert words.cause("机房停电") == "机房停电"


def test_a_finding_names_its_item():
    assert words.finding("missing:quality", {"quality": "质量目标"}) == "质量目标：未填写"
    assert words.finding("over-cap", {}) == "超过最高投标限价"
