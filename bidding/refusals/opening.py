"""Why the opening hall may say no: the session, its steps, its windows and its record."""

from dataclasses import dataclass
from datetime import datetime

from bidding.refusals import Absent, Defective, NotEntitled, OutOfOrder, OutOfTime, Who


@dataclass(eq=False)
class OpeningAbsent(Absent):
    """There is no opening yet, or none that the caller may know of."""

    code = "opening-absent"
    rule = "LIFE-0"
    article = "domain §2.3"
    who = Who.CALLER
    zh = "本项目尚无开标会。"
    en = "This tender has no opening yet."
    remedy_zh = "请按公告的开标时间再来。"
    remedy_en = "Come back at the opening time in the notice."

    tender_id: str


@dataclass(eq=False)
class OpeningOutOfOrder(OutOfOrder):
    """The opening is not where this could follow."""

    code = "opening-out-of-order"
    rule = "K-LIFE"
    article = "招标投标法第三十五条、第三十六条；domain §2.3"
    who = Who.HOST
    zh = "开标会当前状态为「{state}」，不能执行「{attempted}」。"
    en = "The opening is in state “{state}”; “{attempted}” cannot follow from there."
    remedy_zh = "请刷新大厅，按步骤进行。"
    remedy_en = "Reload the hall and follow its steps."

    state: str
    attempted: str


@dataclass(eq=False)
class BidStatusOutOfOrder(OutOfOrder):
    """The bid, or the bidder's answer, is not where this could follow."""

    code = "bid-status-out-of-order"
    rule = "K-LIFE-BID"
    article = "domain §2.3"
    who = Who.CALLER
    zh = "该投标当前为「{status}」，不能执行「{attempted}」。"
    en = "The bid stands at “{status}”; “{attempted}” cannot follow from there."
    remedy_zh = "请刷新大厅查看本单位状态。"
    remedy_en = "Reload the hall to see where your bid stands."

    status: str
    attempted: str


@dataclass(eq=False)
class StageOutOfOrder(OutOfOrder):
    """This belongs to another step of the opening."""

    code = "stage-out-of-order"
    rule = "K-STEP"
    article = "domain §2.2"
    who = Who.HOST
    zh = "当前步骤为「{stage}」，此操作属于「{needed}」。"
    en = "The opening stands at “{stage}”; this belongs to “{needed}”."
    remedy_zh = "请待主持人进入该步骤后再操作。"
    remedy_en = "Wait until the host has entered that step."

    stage: str
    needed: str


@dataclass(eq=False)
class StageUnfinished(OutOfOrder):
    """The step has something open that must be done before the next."""

    code = "stage-unfinished"
    rule = "K-STEP-DONE"
    article = "domain §2.2"
    who = Who.HOST
    zh = "步骤「{stage}」尚未完成：{missing}。"
    en = "Step “{stage}” is not finished: {missing}."
    remedy_zh = "请先完成所列事项，再进入下一步。"
    remedy_en = "Do what is listed, then go on."

    stage: str
    missing: str


@dataclass(eq=False)
class DeadlineNotReached(OutOfTime):
    """The opening cannot begin before the deadline."""

    code = "deadline-not-reached"
    rule = "T-10"
    article = "招标投标法第三十四条"
    who = Who.HOST
    zh = "开标应在投标截止时间（{deadline}）的同一时间公开进行，现在为时尚早。"
    en = "The opening takes place at the deadline ({deadline}), and it is too early."
    remedy_zh = "请等待截止时间。"
    remedy_en = "Wait for the deadline."

    deadline: datetime


@dataclass(eq=False)
class NamesHidden(OutOfTime):
    """Names become public at the list, not before."""

    code = "names-hidden"
    rule = "K-LIST"
    article = "招标投标法第二十二条、第三十六条；domain §2.5"
    who = Who.HOST
    zh = "投标人名单尚未公布。"
    en = "The list of bidders has not been published yet."
    remedy_zh = "请等待主持人公布投标人名单。"
    remedy_en = "Wait until the host publishes the list."

    stage: str


@dataclass(eq=False)
class PricesHidden(OutOfTime):
    """Prices stay hidden until all decryption has ended and the announcement began."""

    code = "prices-hidden"
    rule = "E-13"
    article = "电子招标投标办法第三十条"
    who = Who.HOST
    zh = "全部解密完成并进入唱标之前，不公布任何报价。"
    en = "No price is shown before all decryption has ended and the announcement has begun."
    remedy_zh = "请等待唱标。"
    remedy_en = "Wait for the announcement."

    stage: str


@dataclass(eq=False)
class TooFewBidders(OutOfOrder):
    """Fewer than three bids were received: they must not be opened."""

    code = "too-few-bidders"
    rule = "N-01"
    article = "招标投标法第二十八条；招标投标法实施条例第四十四条"
    who = Who.PROCURING_ENTITY
    zh = "截止时递交的投标文件为 {count} 份，少于 {minimum} 份，不得开标。"
    en = "{count} bids were received by the deadline, fewer than {minimum}; they must not be opened."
    remedy_zh = "投标文件不予解密，请依法重新招标。"
    remedy_en = "The bids stay sealed; tender again."

    count: int
    minimum: int


@dataclass(eq=False)
class NotABidderHere(NotEntitled):
    """The caller has no bid in this opening."""

    code = "not-a-bidder-here"
    rule = "K-02"
    article = "招标投标法第三十六条"
    who = Who.CALLER
    zh = "贵单位在本项目没有已递交的投标文件。"
    en = "Your organisation has no bid in this opening."
    remedy_zh = "请核对所登录的单位与标段。"
    remedy_en = "Check the organisation you signed in for, and the lot."

    tender_id: str


@dataclass(eq=False)
class SignInClosed(OutOfTime):
    """Signing in is possible only while the door is open."""

    code = "sign-in-closed"
    rule = "K-SIGN"
    article = "domain §2.4；招标文件约定"
    who = Who.BIDDER
    zh = "签到时间为 {opens_at} 至 {closes_at}。"
    en = "Signing in is possible from {opens_at} to {closes_at}."
    remedy_zh = "未签到不影响开标，招标文件约定的后果见公告。"
    remedy_en = "Not signing in keeps no bid from being opened; the notice tells what follows from absence."

    opens_at: datetime
    closes_at: datetime


@dataclass(eq=False)
class WindowNotOpen(OutOfTime):
    """The window for this is not open."""

    code = "window-not-open"
    rule = "W-01"
    article = "domain §2.4；招标文件约定的时限"
    who = Who.CALLER
    zh = "「{window}」时段未开放或已截止。"
    en = "The window “{window}” is not open."
    remedy_zh = "请留意大厅倒计时；确有系统原因的，请立即报告主持人。"
    remedy_en = "Watch the hall's countdown; if the platform was at fault, report to the host at once."

    window: str


@dataclass(eq=False)
class WindowPending(OutOfOrder):
    """The window may not be closed early while somebody may still act."""

    code = "window-pending"
    rule = "W-02"
    article = "电子招标投标办法第三十条"
    who = Who.HOST
    zh = "「{window}」时段内仍有 {pending} 家未操作，不能提前结束。"
    en = "{pending} bidders may still act in “{window}”; it cannot be closed early."
    remedy_zh = "请等待时段届满。"
    remedy_en = "Wait until the window is over."

    window: str
    pending: int


@dataclass(eq=False)
class AcceptanceCauseUnknown(Defective):
    """At the opening a bid is refused acceptance only for the causes the law names."""

    code = "acceptance-cause-unknown"
    rule = "K-06"
    article = "招标投标法实施条例第三十六条、第五十一条"
    who = Who.HOST
    zh = "「{cause}」不是开标环节可以拒收的情形；否决投标由评标委员会决定。"
    en = "“{cause}” is no ground to refuse acceptance at the opening; rejecting a bid is the committee's."
    remedy_zh = "请仅选择：逾期、未加密、未通过资格预审。"
    remedy_en = "Choose one of: late, unencrypted, not prequalified."

    cause: str


@dataclass(eq=False)
class OrderUndocumented(Defective):
    """An order to pause or end an opening names its document."""

    code = "order-undocumented"
    rule = "TL-62"
    article = "招标投标法实施条例第六十二条"
    who = Who.SUPERVISOR
    zh = "暂停或终止开标须注明文书编号。"
    en = "An order to pause or end an opening must name its document number."
    remedy_zh = "请填写文书编号。"
    remedy_en = "Give the document number."

    attempted: str


@dataclass(eq=False)
class SamePerson(NotEntitled):
    """Two different people must do this."""

    code = "same-person"
    rule = "E-24"
    article = "domain §2.7；双人复核"
    who = Who.CALLER
    zh = "此事项须由两名不同人员先后完成。"
    en = "Two different people must do this, one after the other."
    remedy_zh = "请由另一名人员复核。"
    remedy_en = "Let another person do the second step."

    attempted: str


@dataclass(eq=False)
class FewUndecided(OutOfOrder):
    """Fewer than three bids opened, and nobody has decided yet what follows."""

    code = "few-undecided"
    rule = "N-01-OPENED"
    article = "domain §1.13-1；招标文件约定"
    who = Who.HOST
    zh = "成功解密 {opened} 家，少于 {minimum} 家，须由主持人提出、监督人员确认处理方式。"
    en = "{opened} bids opened, fewer than {minimum}; host and supervisor must decide what follows."
    remedy_zh = "请主持人提出处理方式，由监督人员确认。"
    remedy_en = "The host proposes and the supervisor confirms."

    opened: int
    minimum: int


@dataclass(eq=False)
class FewDecisionForeign(Defective):
    """What follows is what the bidding document provides."""

    code = "few-decision-foreign"
    rule = "N-01-DOC"
    article = "domain §1.13-1；招标文件约定"
    who = Who.HOST
    zh = "招标文件约定的处理方式为「{policy}」，不能改为「{decision}」。"
    en = "The bidding document provides “{policy}”, not “{decision}”."
    remedy_zh = "请按招标文件的约定处理。"
    remedy_en = "Do what the bidding document provides."

    policy: str
    decision: str


@dataclass(eq=False)
class ObjectionsUnanswered(OutOfOrder):
    """An objection raised at the opening is answered at the opening."""

    code = "objections-unanswered"
    rule = "K-04"
    article = "招标投标法实施条例第四十四条"
    who = Who.PROCURING_ENTITY
    zh = "尚有 {count} 项异议未当场答复。"
    en = "{count} objections have not been answered yet."
    remedy_zh = "请招标人逐项当场答复并记录。"
    remedy_en = "Answer each on the spot, for the record."

    count: int


@dataclass(eq=False)
class ObjectionAbsent(Absent):
    """There is no such objection, or it has been answered."""

    code = "objection-absent"
    rule = "K-04-ONE"
    article = "招标投标法实施条例第四十四条"
    who = Who.CALLER
    zh = "没有这项异议，或已经答复。"
    en = "There is no such objection, or it has been answered."
    remedy_zh = "请刷新大厅。"
    remedy_en = "Reload the hall."

    objection_id: str


@dataclass(eq=False)
class RecordStale(OutOfOrder):
    """A newer version of the record exists; only the newest is confirmed and signed."""

    code = "record-stale"
    rule = "K-03-VERSION"
    article = "招标投标法第三十六条；domain §2.7"
    who = Who.CALLER
    zh = "开标记录已更新为第 {newest} 版，第 {version} 版不再确认或签署。"
    en = "The record stands at version {newest}; version {version} is no longer confirmed or signed."
    remedy_zh = "请查看新版本后重新确认。"
    remedy_en = "Read the new version and confirm that."

    version: int
    newest: int


@dataclass(eq=False)
class RecordUnfinished(OutOfOrder):
    """The record lacks an answer or a signature."""

    code = "record-unfinished"
    rule = "K-03"
    article = "招标投标法第三十六条；电子招标投标办法第三十二条"
    who = Who.HOST
    zh = "开标记录尚缺：{missing}。"
    en = "The record still lacks: {missing}."
    remedy_zh = "请完成确认与签署。"
    remedy_en = "Have it confirmed and signed."

    missing: str


@dataclass(eq=False)
class FaultUnreported(OutOfOrder):
    """A fault that is not the bidder's is decided on an incident that was reported."""

    code = "fault-unreported"
    rule = "E-15"
    article = "电子招标投标办法第三十一条"
    who = Who.HOST
    zh = "认定非投标人原因须以已报告的异常事件为依据。"
    en = "A fault not of the bidder's making is decided on a reported incident."
    remedy_zh = "请主持人先报告异常事件。"
    remedy_en = "Let the host report the incident first."

    bidder_id: str


@dataclass(eq=False)
class NotOnDuty(NotEntitled):
    """The caller was not on duty in the role it signs for."""

    code = "not-on-duty"
    rule = "K-03-DUTY"
    article = "招标投标法第三十六条"
    who = Who.CALLER
    zh = "您在本次开标中没有「{role}」的签署身份。"
    en = "You were not on duty as “{role}” at this opening."
    remedy_zh = "请以本人在本项目的身份签署。"
    remedy_en = "Sign in the role you hold on this tender."

    role: str
