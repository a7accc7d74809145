"""Why the facts about a deposit may be told no."""

from dataclasses import dataclass

from bidding.refusals import Absent, OutOfOrder, Who


@dataclass(eq=False)
class DepositAbsent(Absent):
    """Nothing like this was entered for this bidder."""

    code = "deposit-absent"
    rule = "D-TWO"
    article = "domain §5；双人复核"
    who = Who.CENTRE
    zh = "没有与所填内容一致的保证金录入。"
    en = "No entry agrees with what was typed."
    remedy_zh = "请两名经办人分别按原始凭证录入与复核。"
    remedy_en = "Let two people type it, each from the original voucher."

    tender_id: str


@dataclass(eq=False)
class DepositSettled(OutOfOrder):
    """A confirmed fact is not changed."""

    code = "deposit-settled"
    rule = "D-SETTLED"
    article = "domain §5"
    who = Who.CENTRE
    zh = "该投标人的保证金状态已复核确认，不能再改。"
    en = "The deposit of this bidder is confirmed and no longer changed."
    remedy_zh = "确有错误的，请报告异常并由监督人员处理。"
    remedy_en = "If it is wrong, report an incident to the supervisor."

    bidder_id: str
