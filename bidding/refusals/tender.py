"""Why a tender, before its opening, may be told no."""

from dataclasses import dataclass

from bidding.refusals import Absent, OutOfOrder, Who


@dataclass(eq=False)
class TenderOutOfOrder(OutOfOrder):
    """The tender is not where this could follow."""

    code = "tender-out-of-order"
    rule = "LIFE-1"
    article = "招标投标法实施条例第二章、第三章；domain §1.14"
    who = Who.HOST
    zh = "项目当前状态为「{state}」，不能执行「{attempted}」。"
    en = "The tender is in state “{state}”; “{attempted}” cannot follow from there."
    remedy_zh = "请刷新页面查看项目现状，按流程先完成前一步。"
    remedy_en = "Reload to see where the tender stands and complete the step before this one."

    state: str
    attempted: str


@dataclass(eq=False)
class TenderAbsent(Absent):
    """There is no such tender, or none that the caller may know of."""

    code = "tender-absent"
    rule = "LIFE-0"
    article = "—"
    who = Who.CALLER
    zh = "没有这个项目，或者您无权知道它。"
    en = "There is no such tender, or none that you may know of."
    remedy_zh = "请从公告列表进入项目。"
    remedy_en = "Reach the tender through the list of notices."

    tender_id: str
