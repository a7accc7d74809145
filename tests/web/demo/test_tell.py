"""The teller counts what did not hold, and a refusal counts only under its own code."""

import io

from rich.console import Console

from web.client import Refused
from web.demo.tell import Teller, yuan


def teller(**more):
    out = io.StringIO()
    return Teller(console=Console(file=out, width=200), **more), out


def test_what_does_not_hold_is_kept_and_shown():
    tell, out = teller(lang="en")
    tell.check(["something"], "成立", "it holds", "public#1")
    tell.check([], "不成立", "it does not hold")
    assert (tell.held, tell.broken) == (1, ["it does not hold"])
    assert "it holds  public#1" in out.getvalue()
    assert "✗ it does not hold" in out.getvalue()


def test_only_the_refusal_that_was_meant_counts():
    tell, _ = teller()
    late = Refused(409, {"code": "bid-late", "zh": {"cause": "已逾期"}})
    tell.refused(late, "bid-late", "迟到", "late")
    tell.refused(late, "bid-copied", "复制", "copied")
    tell.refused(None, "bid-late", "无人拒绝", "nobody refused")
    assert (tell.held, tell.broken) == (1, ["复制", "无人拒绝"])


def test_what_a_terminal_would_take_for_markup_is_told_as_it_stands():
    tell, out = teller()
    tell.line("[bold]示例[/]", "", "[1, 2, 3]")
    assert "[bold]示例[/]  [1, 2, 3]" in out.getvalue()


def test_amounts_are_told_to_the_fen():
    assert [yuan(one) for one in (0, 5, 123_456_789)] == ["¥0.00", "¥0.05", "¥1,234,567.89"]
