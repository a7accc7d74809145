"""Why a tender, before its opening, may be told no."""

from dataclasses import dataclass
from datetime import datetime

from bidding.refusals import Absent, Defective, NotEntitled, OutOfOrder, OutOfTime, TooMuch, Who


@dataclass(eq=False)
class TenderAbsent(Absent):
    """There is no such tender, or none that the caller may know of."""

    code = "tender-absent"
    rule = "LIFE-0"
    article = "电子招标投标办法第二十五条"
    who = Who.CALLER
    zh = "没有这个项目，或者您无权知道它。"
    en = "There is no such tender, or none that you may know of."
    remedy_zh = "请从公告列表进入项目。"
    remedy_en = "Reach the tender through the list of notices."

    tender_id: str


@dataclass(eq=False)
class ThingAbsent(Absent):
    """The tender has no such document, question, clarification or objection."""

    code = "tender-thing-absent"
    rule = "LIFE-0"
    article = "电子招标投标办法第二十五条"
    who = Who.CALLER
    zh = "本项目没有这份内容。"
    en = "The tender has no such thing."
    remedy_zh = "请刷新页面后重试。"
    remedy_en = "Reload the page and try again."

    thing: str


@dataclass(eq=False)
class ProjectAbsent(Absent):
    """There is no such project, or none of the caller's."""

    code = "project-absent"
    rule = "LIFE-0"
    article = "电子招标投标办法第二十五条"
    who = Who.CALLER
    zh = "没有这个项目立项，或者不属于您的单位。"
    en = "There is no such project, or it is not your organisation's."
    remedy_zh = "请先建立项目。"
    remedy_en = "Create the project first."

    project_id: str


@dataclass(eq=False)
class ProjectKnown(OutOfOrder):
    """A project of this code exists."""

    code = "project-known"
    rule = "LIFE-0"
    article = "公共资源交易数据规范"
    who = Who.HOST
    zh = "项目编号 {project_code} 已经存在。"
    en = "A project of the code {project_code} exists already."
    remedy_zh = "请核对项目编号，或在原项目下新增标段。"
    remedy_en = "Check the code, or add a lot to the existing project."

    project_code: str


@dataclass(eq=False)
class LotKnown(OutOfOrder):
    """The lot of this number or code exists."""

    code = "lot-known"
    rule = "LIFE-0"
    article = "公共资源交易数据规范"
    who = Who.HOST
    zh = "标段 {lot_code} 已经存在。"
    en = "The lot {lot_code} exists already."
    remedy_zh = "请使用新的标段编号。"
    remedy_en = "Use another lot number and code."

    lot_code: str


@dataclass(eq=False)
class TenderOutOfOrder(OutOfOrder):
    """The tender is not where this could follow."""

    code = "tender-out-of-order"
    rule = "LIFE-1"
    article = "招标投标法实施条例第二章、第三章"
    who = Who.HOST
    zh = "项目当前状态为「{state}」，不能执行「{attempted}」。"
    en = "The tender is in state “{state}”; “{attempted}” cannot follow from there."
    remedy_zh = "请刷新页面查看项目现状，按流程先完成前一步。"
    remedy_en = "Reload to see where the tender stands and complete the step before this one."

    state: str
    attempted: str


@dataclass(eq=False)
class TenderPastDeadline(OutOfTime):
    """The bid deadline has passed."""

    code = "tender-past-deadline"
    rule = "LIFE-2"
    article = "招标投标法第二十三条"
    who = Who.NOBODY
    zh = "投标截止时间 {deadline} 已过，不能再修改招标文件。"
    en = "The bid deadline {deadline} has passed; the documents can no longer change."
    remedy_zh = "截止后只能暂停、终止或重新招标。"
    remedy_en = "After the deadline a tender can only be paused, ended or put out again."

    deadline: datetime


@dataclass(eq=False)
class DraftStale(OutOfOrder):
    """Someone else saved the draft meanwhile."""

    code = "draft-stale"
    rule = "LIFE-3"
    article = "电子招标投标办法第二十五条"
    who = Who.HOST
    zh = "草稿已被更新为第 {newest} 稿。"
    en = "The draft was saved meanwhile as revision {newest}."
    remedy_zh = "请重新载入草稿后再修改。"
    remedy_en = "Reload the draft and make your change again."

    newest: int


@dataclass(eq=False)
class CalendarUnconfirmed(Defective):
    """Nobody has confirmed the holidays of this year."""

    code = "calendar-unconfirmed"
    rule = "CAL-8"
    article = "民法典第二百零三条"
    who = Who.CENTRE
    zh = "{year} 年的节假日安排尚未确认，不能推算。"
    en = "The holidays of {year} are not confirmed yet; nothing is computed from a guess."
    remedy_zh = "请交易中心按国务院通知录入并确认该年日历。"
    remedy_en = "Have the centre enter and confirm the year from the State Council's notice."

    year: int


@dataclass(eq=False)
class DatesDisordered(Defective):
    """The dates of the notice are not in order."""

    code = "dates-disordered"
    rule = "T-00"
    article = "招标投标法第二十四条"
    who = Who.HOST
    zh = "时间顺序有误：{earlier} 应当早于 {later}。"
    en = "The dates are out of order: {earlier} must come before {later}."
    remedy_zh = "请调整时间安排，或采用系统推算的日程。"
    remedy_en = "Correct the dates or take the proposed schedule."

    earlier: str
    later: str


@dataclass(eq=False)
class SaleTooShort(Defective):
    """The documents are on offer for fewer than five days."""

    code = "sale-too-short"
    rule = "T-01"
    article = "招标投标法实施条例第十六条"
    who = Who.HOST
    zh = "招标文件发售期不足 {days} 日，至少应至 {until}。"
    en = "The documents are on offer for fewer than {days} days; they must be until {until} at least."
    remedy_zh = "请将发售截止时间推迟到 {until} 或以后。"
    remedy_en = "Move the end of the offer to {until} or later."

    days: int
    until: datetime


@dataclass(eq=False)
class PreparationTooShort(Defective):
    """Bidders have fewer than twenty days to prepare."""

    code = "preparation-too-short"
    rule = "T-02"
    article = "招标投标法第二十四条"
    who = Who.HOST
    zh = "自招标文件开始发出至投标截止不足 {days} 日，最早应为 {deadline_from}。"
    en = (
        "Fewer than {days} days lie between the first issue of the documents and the "
        "deadline; the earliest is {deadline_from}."
    )
    remedy_zh = "请将投标截止时间推迟到 {deadline_from} 或以后。"
    remedy_en = "Move the bid deadline to {deadline_from} or later."

    days: int
    deadline_from: datetime


@dataclass(eq=False)
class ApplicationTooShort(Defective):
    """Applicants have fewer than five days after the sale has ended."""

    code = "application-too-short"
    rule = "T-03"
    article = "招标投标法实施条例第十七条"
    who = Who.HOST
    zh = "自资格预审文件停止发售至提交截止不足 {days} 日，最早应为 {deadline_from}。"
    en = (
        "Fewer than {days} days lie between the end of sale and the application "
        "deadline; the earliest is {deadline_from}."
    )
    remedy_zh = "请将提交截止时间推迟到 {deadline_from} 或以后。"
    remedy_en = "Move the deadline to {deadline_from} or later."

    days: int
    deadline_from: datetime


@dataclass(eq=False)
class AmendmentTooLate(OutOfTime):
    """A change that affects bid preparation comes too close to the deadline."""

    code = "amendment-too-late"
    rule = "T-04"
    article = "招标投标法第二十三条；招标投标法实施条例第二十一条"
    who = Who.HOST
    zh = "该澄清或修改可能影响投标文件编制，距截止不足 {days} 日；截止时间应顺延至 {deadline_from} 或以后。"
    en = (
        "The change may affect bid preparation and comes fewer than {days} days before "
        "the deadline; it must be moved to {deadline_from} or later."
    )
    remedy_zh = "请同时将投标截止时间顺延到 {deadline_from} 或以后，再行发布。"
    remedy_en = "Publish it together with a deadline of {deadline_from} or later."

    days: int
    deadline_from: datetime


@dataclass(eq=False)
class DeadlineShortened(Defective):
    """The deadline was to be moved forward."""

    code = "deadline-shortened"
    rule = "T-02"
    article = "招标投标法第二十三条、第二十四条"
    who = Who.HOST
    zh = "投标截止时间只能顺延，不能早于已公布的 {deadline}。"
    en = "The bid deadline can only be moved later than the published {deadline}."
    remedy_zh = "请填写晚于 {deadline} 的时间。"
    remedy_en = "Give an instant later than {deadline}."

    deadline: datetime


@dataclass(eq=False)
class OpeningApart(Defective):
    """The opening is not at the deadline."""

    code = "opening-apart"
    rule = "T-10"
    article = "招标投标法第三十四条"
    who = Who.HOST
    zh = "开标时间 {opening_time} 与投标截止时间 {deadline} 不是同一时间。"
    en = "The opening {opening_time} is not the instant of the bid deadline {deadline}."
    remedy_zh = "请将开标时间设为投标截止的同一时间。"
    remedy_en = "Set the opening to the very instant of the deadline."

    opening_time: datetime
    deadline: datetime


@dataclass(eq=False)
class NoOpeningPlace(Defective):
    """The notice names no place of the opening."""

    code = "no-opening-place"
    rule = "T-10"
    article = "招标投标法第三十四条"
    who = Who.HOST
    zh = "未预先确定开标地点。"
    en = "The notice does not name the place of the opening."
    remedy_zh = "请填写开标地点或网上开标大厅地址。"
    remedy_en = "Name the place, or the address of the online hall."


@dataclass(eq=False)
class NoObjectionWindow(Defective):
    """The opening leaves no time for objections."""

    code = "no-objection-window"
    rule = "T-15"
    article = "招标投标法实施条例第四十四条"
    who = Who.HOST
    zh = "开标过程未给异议留出时间。"
    en = "The opening leaves no time for objections."
    remedy_zh = "请将异议窗口设为大于 0 的时长。"
    remedy_en = "Give the objection window a length."


@dataclass(eq=False)
class TooFewInvited(Defective):
    """Fewer than three are invited."""

    code = "too-few-invited"
    rule = "N-04"
    article = "招标投标法第十七条"
    who = Who.HOST
    zh = "邀请招标至少应邀请 {least} 个单位，现为 {invited} 个。"
    en = "An invited tender needs {least} invitees at least; there are {invited}."
    remedy_zh = "请补充受邀单位。"
    remedy_en = "Invite more."

    least: int
    invited: int


@dataclass(eq=False)
class DepositTooHigh(Defective):
    """The deposit is above two percent or above its cap."""

    code = "deposit-too-high"
    rule = "N-05"
    article = "招标投标法实施条例第二十六条；七部委30号令第三十七条"
    who = Who.HOST
    zh = "投标保证金 {deposit_fen} 分超过上限 {limit_fen} 分。"
    en = "The deposit of {deposit_fen} fen is above the limit of {limit_fen} fen."
    remedy_zh = "请将保证金降至 {limit_fen} 分或以下。"
    remedy_en = "Lower the deposit to {limit_fen} fen or less."

    deposit_fen: int
    limit_fen: int


@dataclass(eq=False)
class NoPriceCap(Defective):
    """The documents state no maximum price."""

    code = "no-price-cap"
    rule = "N-07"
    article = "招标投标法实施条例第二十七条"
    who = Who.HOST
    zh = "未载明最高投标限价。"
    en = "The documents state no maximum price."
    remedy_zh = "请填写最高投标限价。"
    remedy_en = "State the maximum price."


@dataclass(eq=False)
class PriceCapAboveEstimate(Defective):
    """The maximum price is above the estimate."""

    code = "price-cap-above-estimate"
    rule = "N-07"
    article = "招标投标法实施条例第二十七条"
    who = Who.HOST
    zh = "最高投标限价 {price_cap_fen} 分高于估算价 {estimate_fen} 分。"
    en = "The maximum price of {price_cap_fen} fen is above the estimate of {estimate_fen} fen."
    remedy_zh = "请核对限价与概算批复。"
    remedy_en = "Compare the maximum price with the approved estimate."

    price_cap_fen: int
    estimate_fen: int


@dataclass(eq=False)
class MinimumPrice(Defective):
    """A minimum price is asked for."""

    code = "minimum-price"
    rule = "N-07"
    article = "招标投标法实施条例第二十七条"
    who = Who.HOST
    zh = "开标一览表字段「{name}」规定了最低投标限价，法律不允许。"
    en = "The sheet's field “{name}” sets a minimum price, which the law forbids."
    remedy_zh = "请删除该字段。"
    remedy_en = "Remove the field."

    name: str


@dataclass(eq=False)
class BasePriceDecides(Defective):
    """The secret base price would show or decide."""

    code = "base-price-decides"
    rule = "N-08"
    article = "招标投标法实施条例第二十七条、第五十条"
    who = Who.HOST
    zh = "标底必须保密且只能作为参考，不得出现在「{name}」中。"
    en = "A secret base price is a secret and a reference only; it cannot appear in “{name}”."
    remedy_zh = "请删除与标底有关的字段或系数。"
    remedy_en = "Remove what refers to the secret base price."

    name: str


@dataclass(eq=False)
class VenueTooLow(Defective):
    """The estimate asks for the district's own centre."""

    code = "venue-too-low"
    rule = "VENUE-1"
    article = "必须招标的工程项目规定第五条；区级进场规则"
    who = Who.HOST
    zh = "估算价 {estimate_fen} 分，应当进入区分中心交易，不能在「{venue}」。"
    en = "At an estimate of {estimate_fen} fen the tender belongs to the district centre, not to “{venue}”."
    remedy_zh = "请将交易场所改为区分中心。"
    remedy_en = "Choose the district centre."

    estimate_fen: int
    venue: str


@dataclass(eq=False)
class VenueUnexplained(Defective):
    """Another venue than the recommended one was chosen without a reason."""

    code = "venue-unexplained"
    rule = "VENUE-2"
    article = "区级进场规则"
    who = Who.HOST
    zh = "估算价 {estimate_fen} 分，建议在「{recommended}」交易；选择「{venue}」须说明理由。"
    en = "At an estimate of {estimate_fen} fen “{recommended}” is recommended; “{venue}” needs a reason."
    remedy_zh = "请改选建议的场所，或填写理由。"
    remedy_en = "Choose the recommended venue, or give the reason."

    estimate_fen: int
    recommended: str
    venue: str


@dataclass(eq=False)
class RegimeTooSmall(Defective):
    """The estimate is above what a small local tender may be."""

    code = "regime-too-small"
    rule = "VENUE-3"
    article = "必须招标的工程项目规定第五条"
    who = Who.HOST
    zh = "估算价 {estimate_fen} 分已达到限额，不能按限额以下小型项目办理。"
    en = "At an estimate of {estimate_fen} fen this is no small local tender."
    remedy_zh = "请改用法定招标或政府采购程序。"
    remedy_en = "Choose the statutory procedure."

    estimate_fen: int


@dataclass(eq=False)
class MandatoryDoubtful(Defective):
    """The estimate reaches the line above which tendering is mandatory."""

    code = "mandatory-doubtful"
    rule = "VENUE-4"
    article = "必须招标的工程项目规定第五条"
    who = Who.HOST
    zh = "估算价 {estimate_fen} 分已达到必须招标的限额，却标记为非依法必须招标。"
    en = (
        "The estimate of {estimate_fen} fen reaches the line of mandatory tendering, yet "
        "the tender is marked otherwise."
    )
    remedy_zh = "请核对资金来源后确认。"
    remedy_en = "Check where the funds come from, then confirm."

    estimate_fen: int


@dataclass(eq=False)
class RuleSetUnknown(Defective):
    """There is no rule set of this version."""

    code = "rule-set-unknown"
    rule = "LIFE-4"
    article = "公共资源交易平台管理暂行办法第十三条"
    who = Who.HOST
    zh = "没有版本为 {version} 的规则集。"
    en = "There is no rule set {version}."
    remedy_zh = "请使用当前规则集。"
    remedy_en = "Use the current rule set."

    version: str


@dataclass(eq=False)
class EstimateMissing(Defective):
    """The estimate is not an amount."""

    code = "estimate-missing"
    rule = "N-05"
    article = "招标投标法实施条例第二十六条"
    who = Who.HOST
    zh = "估算价须大于 0。"
    en = "The estimate must be more than 0."
    remedy_zh = "请填写估算价。"
    remedy_en = "Give the estimate."


@dataclass(eq=False)
class ValidityMissing(Defective):
    """The bids would be valid for no day."""

    code = "validity-missing"
    rule = "T-08"
    article = "招标投标法实施条例第二十五条"
    who = Who.HOST
    zh = "未载明投标有效期。"
    en = "The documents state no bid validity."
    remedy_zh = "请填写投标有效期天数。"
    remedy_en = "State the validity in days."


@dataclass(eq=False)
class NoDocuments(Defective):
    """There is no bidding document to take."""

    code = "no-documents"
    rule = "T-01"
    article = "招标投标法实施条例第十五条、第十六条"
    who = Who.HOST
    zh = "尚未上传招标文件。"
    en = "No bidding document was stored."
    remedy_zh = "请上传招标文件。"
    remedy_en = "Store the bidding documents."


@dataclass(eq=False)
class DocumentUnstored(Defective):
    """The notice names a document that is not stored."""

    code = "document-unstored"
    rule = "T-23"
    article = "招标投标法实施条例第十五条"
    who = Who.HOST
    zh = "公告所列文件「{name}」尚未上传，或与已上传的不一致。"
    en = "The notice names the document “{name}”, which is not stored as such."
    remedy_zh = "请重新上传该文件。"
    remedy_en = "Store the document again."

    name: str


@dataclass(eq=False)
class SheetWithoutPrice(Defective):
    """The opening sheet does not ask for the price."""

    code = "sheet-without-price"
    rule = "SHEET-1"
    article = "招标投标法第三十六条"
    who = Who.HOST
    zh = "开标一览表缺少报价字段（{needed}）。"
    en = "The opening sheet does not ask for the price ({needed})."
    remedy_zh = "请采用本类型的默认一览表。"
    remedy_en = "Take the default sheet of the project type."

    needed: str


@dataclass(eq=False)
class SheetMalformed(Defective):
    """A field of the opening sheet is repeated or of no known kind."""

    code = "sheet-malformed"
    rule = "SHEET-2"
    article = "招标投标法第三十六条"
    who = Who.HOST
    zh = "开标一览表字段「{name}」重复、名称不合规或类型未知。"
    en = "The field “{name}” of the opening sheet is repeated, misnamed or of no known kind."
    remedy_zh = "请修改该字段。"
    remedy_en = "Correct the field."

    name: str


@dataclass(eq=False)
class NoLayer(Defective):
    """No layer holder is named."""

    code = "no-layer"
    rule = "KEY-1"
    article = "电子招标投标办法第二十六条、第三十条"
    who = Who.HOST
    zh = "未指定密钥层保管人，投标文件无法分层加密。"
    en = "No layer holder is named, so bids cannot be sealed in layers."
    remedy_zh = "请至少指定一名密钥层保管人，建议两名以上、分属不同单位。"
    remedy_en = "Name one layer holder at least; two or more of different organisations are better."


@dataclass(eq=False)
class SingleLayer(Defective):
    """One layer holder alone could lose every bid, or open too early with one bidder."""

    code = "single-layer"
    rule = "KEY-2"
    article = "电子招标投标办法第二十六条"
    who = Who.HOST
    zh = "只指定了一名密钥层保管人。"
    en = "Only one layer holder is named."
    remedy_zh = "建议由招标人和监督部门各保管一层。"
    remedy_en = "Let the procuring entity and the supervisor hold one layer each."


@dataclass(eq=False)
class LayerMalformed(Defective):
    """The layers are not numbered 1 to n, or share a holder or a key."""

    code = "layer-malformed"
    rule = "KEY-3"
    article = "电子招标投标办法第二十六条"
    who = Who.HOST
    zh = "第 {order} 层的顺序、保管人或公钥有误或重复。"
    en = "Layer {order} is misnumbered, or its holder or key is missing or repeated."
    remedy_zh = "每层须有不同的保管人和各自的公钥，顺序从 1 起连续。"
    remedy_en = "Give each layer its own holder and key, numbered from 1."

    order: int


@dataclass(eq=False)
class ThresholdTooLow(Defective):
    """Fewer than a majority of the committee could open a bid."""

    code = "threshold-too-low"
    rule = "KEY-4"
    article = "电子招标投标办法第三十一条"
    who = Who.HOST
    zh = "备用解密门限 {m} 不合规：{n} 名成员至少需 {least} 名、至多 {n} 名。"
    en = "The fallback's threshold of {m} will not do: of {n} members it must be {least} to {n}."
    remedy_zh = "请将门限设为 {least} 至 {n}。"
    remedy_en = "Set it between {least} and {n}."

    m: int
    n: int
    least: int


@dataclass(eq=False)
class ShareHolderMalformed(Defective):
    """The share holders are not numbered 1 to n, or share a holder or a key."""

    code = "share-holder-malformed"
    rule = "KEY-4"
    article = "电子招标投标办法第三十一条"
    who = Who.HOST
    zh = "第 {number} 名份额持有人的编号、人员或公钥有误或重复。"
    en = "Share holder {number} is misnumbered, or the person or key is missing or repeated."
    remedy_zh = "每名成员须有各自的公钥，编号从 1 起连续。"
    remedy_en = "Give each member a key of its own, numbered from 1."

    number: int


@dataclass(eq=False)
class HoldsBoth(Defective):
    """One person or key holds a layer and a share."""

    code = "holds-both"
    rule = "KEY-5"
    article = "电子招标投标办法第三十一条"
    who = Who.HOST
    zh = "{name} 同时持有密钥层和备用份额。"
    en = "{name} holds a layer and a share at once."
    remedy_zh = "请更换其中一项的持有人。"
    remedy_en = "Name another holder for one of the two."

    name: str


@dataclass(eq=False)
class CommitteeNarrow(Defective):
    """A large committee comes from too few organisations."""

    code = "committee-narrow"
    rule = "KEY-7"
    article = "电子招标投标办法第三十一条"
    who = Who.HOST
    zh = "{n} 名份额持有人只来自 {organisations} 个单位。"
    en = "The {n} share holders come from {organisations} organisations only."
    remedy_zh = "建议至少来自三个单位。"
    remedy_en = "Let them come from three organisations at least."

    n: int
    organisations: int


@dataclass(eq=False)
class KeyUnproven(Defective):
    """A holder has not shown lately that its key works."""

    code = "key-unproven"
    rule = "KEY-6"
    article = "电子招标投标办法第三十条"
    who = Who.LAYER_HOLDER
    zh = "{names} 在最近 {days} 日内未证明其密钥可用。"
    en = "{names} did not prove within the last {days} days that the key works."
    remedy_zh = "请持有人完成密钥活性验证。"
    remedy_en = "Have the holders pass the liveness ceremony."

    names: str
    days: int


@dataclass(eq=False)
class CoefficientMalformed(Defective):
    """The candidates of the draw are not two or more different numbers."""

    code = "coefficient-malformed"
    rule = "DRAW-1"
    article = "招标投标法实施条例第四十九条"
    who = Who.HOST
    zh = "抽取系数「{label}」的候选值须为两个以上互不相同的正数。"
    en = "The draw “{label}” needs two or more different positive numbers."
    remedy_zh = "请修改候选值。"
    remedy_en = "Correct the candidates."

    label: str


@dataclass(eq=False)
class SilentReseal(Defective):
    """Keys or sheet would change under bids that are sealed already."""

    code = "silent-reseal"
    rule = "T-04"
    article = "招标投标法第二十三条"
    who = Who.HOST
    zh = "变更密钥层、委员会或开标一览表后，已递交的投标无法适用，须要求重新递交。"
    en = (
        "With other layers, committee or sheet the bids handed in no longer fit; "
        "resubmission must be required."
    )
    remedy_zh = "请勾选「需重新递交」并按规定顺延截止时间。"
    remedy_en = "Require resubmission and extend the deadline as the rule asks."


@dataclass(eq=False)
class TermsFixed(Defective):
    """What identifies the tender cannot change."""

    code = "terms-fixed"
    rule = "T-23"
    article = "招标投标法实施条例第十五条"
    who = Who.NOBODY
    zh = "「{name}」在公告发布后不能变更。"
    en = "“{name}” cannot change after publication."
    remedy_zh = "如确需变更，请终止本次招标后重新招标。"
    remedy_en = "End this tender and put it out again if it has to."

    name: str


@dataclass(eq=False)
class LivenessUnasked(OutOfOrder):
    """No open question waits for this answer."""

    code = "liveness-unasked"
    rule = "KEY-6"
    article = "电子招标投标办法第三十条"
    who = Who.LAYER_HOLDER
    zh = "没有等待您回答的密钥验证，或已过期。"
    en = "No question about your key waits for an answer, or it has lapsed."
    remedy_zh = "请重新发起密钥活性验证。"
    remedy_en = "Ask for a new question."


@dataclass(eq=False)
class LivenessWrong(Defective):
    """The answer is not what was sealed to the key."""

    code = "liveness-wrong"
    rule = "KEY-6"
    article = "电子招标投标办法第三十条"
    who = Who.LAYER_HOLDER
    zh = "解密结果与验证内容不符：私钥与登记的公钥不对应。"
    en = "The answer is not what was sealed: the key in hand is not the registered one."
    remedy_zh = "请换用对应的密钥文件，或登记新的公钥。"
    remedy_en = "Use the matching key file, or register another recipient."


@dataclass(eq=False)
class NotAHolder(NotEntitled):
    """The caller holds no key of this tender."""

    code = "not-a-holder"
    rule = "KEY-3"
    article = "电子招标投标办法第三十条"
    who = Who.HOST
    zh = "您不是本项目的密钥层保管人或份额持有人。"
    en = "You hold neither a layer nor a share of this tender."
    remedy_zh = "请联系招标代理核对名单。"
    remedy_en = "Ask the agency to check the list of holders."


@dataclass(eq=False)
class RecipientMalformed(Defective):
    """The text is not an age X25519 recipient."""

    code = "recipient-malformed"
    rule = "KEY-3"
    article = "C2SP age v1"
    who = Who.LAYER_HOLDER
    zh = "该文本不是有效的 age 公钥。"
    en = "This is not an age X25519 recipient."
    remedy_zh = "请粘贴以 age1 开头的完整公钥。"
    remedy_en = "Paste the whole recipient that begins with age1."


@dataclass(eq=False)
class DocumentsNotOffered(OutOfOrder):
    """The documents are not on offer."""

    code = "documents-not-offered"
    rule = "T-01"
    article = "招标投标法实施条例第十六条"
    who = Who.NOBODY
    zh = "招标文件当前不在发售期。"
    en = "The documents are not on offer now."
    remedy_zh = "请在 {docs_from} 起的发售期内获取。"
    remedy_en = "Take them during the offer that begins {docs_from}."

    docs_from: datetime


@dataclass(eq=False)
class QuestionsClosed(OutOfTime):
    """The time for questions is over."""

    code = "questions-closed"
    rule = "T-05"
    article = "电子招标投标办法第二十二条"
    who = Who.NOBODY
    zh = "提问截止时间 {questions_until} 已过。"
    en = "The time for questions ended {questions_until}."
    remedy_zh = "如认为招标文件违法，可依法提出异议或投诉。"
    remedy_en = "If you hold the documents unlawful, object or complain."

    questions_until: datetime


@dataclass(eq=False)
class SecretBeforeDeadline(NotEntitled):
    """Who took the documents is a secret until the deadline."""

    code = "takers-secret"
    rule = "E-08"
    article = "招标投标法第二十二条；电子招标投标办法第二十一条"
    who = Who.NOBODY
    zh = "投标截止前，获取招标文件的单位名称与数量对任何人保密。"
    en = "Until the deadline nobody may learn who took the documents, or how many."
    remedy_zh = "请在投标截止后查询。"
    remedy_en = "Ask again after the deadline."


@dataclass(eq=False)
class DeadlineOverdue(OutOfOrder):
    """The tender cannot go on with a deadline that has passed."""

    code = "deadline-overdue"
    rule = "T-07"
    article = "招标投标法实施条例第二十二条"
    who = Who.HOST
    zh = "暂停期间投标截止时间 {deadline} 已过，须先重新确定截止时间。"
    en = "The deadline {deadline} passed while the tender stood still; a new one is needed first."
    remedy_zh = "请先改期，再恢复招标。"
    remedy_en = "Reschedule first, then resume."

    deadline: datetime


@dataclass(eq=False)
class ObjectionAnswerKnown(OutOfOrder):
    """The objection was answered already."""

    code = "objection-answered"
    rule = "T-07"
    article = "招标投标法实施条例第二十二条"
    who = Who.NOBODY
    zh = "该异议已经答复。"
    en = "The objection was answered already."
    remedy_zh = "如需补充，请另行发布澄清。"
    remedy_en = "Publish a clarification to add to it."

    objection_id: str


@dataclass(eq=False)
class DocumentNoMissing(Defective):
    """An order of the supervisor carries a document number."""

    code = "document-number-missing"
    rule = "LIFE-5"
    article = "招标投标法实施条例第六十二条"
    who = Who.CALLER
    zh = "监督部门的指令须注明文号。"
    en = "An order of the supervisor carries a document number."
    remedy_zh = "请填写文号。"
    remedy_en = "Give the document number."


@dataclass(eq=False)
class NotYourProject(NotEntitled):
    """Only the project's own procuring entity and agency may do this."""

    code = "not-your-project"
    rule = "LIFE-6"
    article = "招标投标法第十二条"
    who = Who.NOBODY
    zh = "只有本项目的招标人或其代理机构可以办理。"
    en = "Only the project's procuring entity or its agency may do this."
    remedy_zh = "请由项目所属单位办理。"
    remedy_en = "Have the organisation in charge do it."


@dataclass(eq=False)
class NotInvited(NotEntitled):
    """The documents of an invited tender are for those invited."""

    code = "not-invited"
    rule = "N-04"
    article = "招标投标法第十七条"
    who = Who.HOST
    zh = "本项目为邀请招标，您的单位不在受邀之列。"
    en = "This tender is by invitation, and your organisation was not invited."
    remedy_zh = "如认为有误，请联系招标代理。"
    remedy_en = "Ask the agency if you believe this is a mistake."


@dataclass(eq=False)
class DocumentsUntaken(NotEntitled):
    """A bidder takes the documents before it reads them."""

    code = "documents-untaken"
    rule = "E-11"
    article = "电子招标投标办法第二十条"
    who = Who.BIDDER
    zh = "您的单位尚未获取招标文件。"
    en = "Your organisation has not taken the documents yet."
    remedy_zh = "请先点击「获取招标文件」，无需审批，立即可下载。"
    remedy_en = "Take the documents first; nobody has to approve it."


@dataclass(eq=False)
class DocumentTooLarge(TooMuch):
    """A file of the bidding documents is over the limit."""

    code = "document-too-large"
    rule = "T-01"
    article = "招标投标法实施条例第十六条"
    who = Who.HOST
    zh = "文件超过 {limit} 字节的上限。"
    en = "The file is over the limit of {limit} bytes."
    remedy_zh = "请拆分后上传。"
    remedy_en = "Split the file."

    limit: int
