"""What public acts, states and categories are called on the pages, in both languages."""

from collections.abc import Mapping

Pair = tuple[str, str]

STATES: Mapping[str, Pair] = {
    "draft": ("草稿", "Draft"),
    "notice_published": ("公告已发布", "Notice published"),
    "bidding": ("投标中", "Open for bids"),
    "objection_paused": ("因异议暂停", "Paused by an objection"),
    "suspended": ("已中止", "Suspended"),
    "deadline": ("投标截止", "Deadline passed"),
    "opening": ("开标中", "Opening"),
    "opened": ("开标结束", "Opened"),
    "failed": ("流标", "Failed"),
    "terminated": ("已终止", "Terminated"),
    "retendered": ("已重新招标", "Tendered again"),
}
CATEGORIES: Mapping[str, Pair] = {
    "works": ("工程", "Works"),
    "goods": ("货物", "Goods"),
    "services": ("服务", "Services"),
}
BID_STATES: Mapping[str, Pair] = {
    "submitted": ("密封中", "Sealed"),
    "withdrawn": ("截止前撤回", "Withdrawn in time"),
    "decrypt_pending": ("等待解密", "Awaiting its key"),
    "decrypt_queued": ("密钥已核对", "Key received"),
    "decrypted": ("解密成功", "Opened"),
    "announced": ("已唱标", "Announced"),
    "acceptance_refused": ("拒收", "Refused acceptance"),
    "revoked_not_decrypted": ("未解密，视为撤销", "Not opened, counts as revoked"),
    "withdrawn_system_fault": ("非投标人原因未开启，视为撤回", "Not opened, not the bidder's fault"),
    "revoked": ("已撤销", "Revoked"),
}
ANSWERS: Mapping[str, Pair] = {
    "none": ("待确认", "Awaited"),
    "confirmed": ("已确认", "Confirmed"),
    "disputed": ("有异议", "Disputed"),
    "deemed": ("视为确认", "Deemed confirmed"),
}
VENUES: Mapping[str, Pair] = {
    "district": ("区公共资源交易中心", "District trading centre"),
    "township": ("镇街公共资源交易站", "Township trading station"),
    "self": ("招标人自行组织", "Run by the procuring entity"),
}
ROLES: Mapping[str, Pair] = {
    "agency_host": ("主持人", "Host"),
    "recorder": ("记录人", "Recorder"),
    "opening_witness": ("监标人", "Witness"),
    "procuring_entity": ("招标人代表", "Procuring entity"),
    "supervisor": ("监督人", "Supervisor"),
}
ACTS: Mapping[str, Pair] = {
    "bid.announced": ("唱标", "A bid was read out"),
    "bid.decrypted": ("投标文件解密成功", "A bid opened"),
    "bid.unopened-revoked": ("未解密，视为撤销投标文件", "A bid was not opened and counts as revoked"),
    "bid.unopened-system-fault": (
        "非投标人原因未解密，视为撤回",
        "A bid was not opened, by no fault of the bidder",
    ),
    "checkpoint.stamped": ("日志检查点加盖时间戳", "The log was closed under a time stamp"),
    "clarification.published": ("澄清答疑", "Clarification"),
    "deadline.extended": ("延长投标截止时间", "Deadline extended"),
    "deadline.reached": ("投标截止", "Deadline"),
    "document-objection.answered": ("招标文件异议答复", "An objection to the documents was answered"),
    "documents.offered": ("招标文件开始获取", "Documents on offer"),
    "draw.beacon-entered": ("录入公开随机数", "Beacon entered"),
    "draw.coefficient-drawn": ("系数抽取结果", "Coefficient drawn"),
    "draw.commits-closed": ("抽取承诺截止", "Commitments closed"),
    "draw.committed": ("抽取承诺", "A party committed"),
    "draw.revealed": ("公开抽取随机数", "A party revealed"),
    "draw.specified": ("确定抽取方案", "Draw specified"),
    "key.bidder-released": ("投标人完成解密", "A bidder released its key"),
    "key.fallback-combined": ("备用密钥合成", "The fallback key was combined"),
    "key.layer-released": ("解密层密钥公开", "A layer key was released"),
    "key.share-posted": ("备用密钥份额提交", "A share was posted"),
    "key.sheet-published": ("开标一览表密钥公开", "The key of a sheet was published"),
    "notice.amended": ("变更公告", "Notice amended"),
    "notice.published": ("发布招标公告", "Notice published"),
    "paper.filed": ("文书签章归档", "A document was signed and filed"),
    "opening.acceptance-refused": ("拒收投标文件", "A bid was refused acceptance"),
    "opening.bid-revoked": ("投标人撤销投标", "A bidder revoked its bid"),
    "opening.bidder-list": ("公布投标人名单", "List of bidders"),
    "opening.cap-announced": ("公布最高投标限价", "Price cap announced"),
    "opening.closed": ("开标结束", "Opening closed"),
    "opening.decryption-ended": ("解密结束", "Decryption ended"),
    "opening.discipline-read": ("宣读开标纪律", "Discipline read out"),
    "opening.failed": ("流标", "The tender failed"),
    "opening.few-decided": ("解密不足三家的处理", "Fewer than three opened: decided"),
    "opening.files-handed-over": ("移交评标", "Handed over to the evaluation"),
    "opening.no-objection": ("投标人无异议", "A bidder has no objection"),
    "opening.objection-answered": ("当场答复异议", "Objection answered"),
    "opening.objection-raised": ("提出异议", "Objection raised"),
    "opening.paused": ("暂停开标", "Opening paused"),
    "opening.resumed": ("恢复开标", "Opening resumed"),
    "opening.sign-in-opened": ("开始签到", "Sign-in opened"),
    "opening.stage-entered": ("进入下一环节", "Next step"),
    "opening.started": ("开标开始", "Opening started"),
    "opening.terminated": ("终止开标", "Opening terminated"),
    "price.analysed": ("报价分析", "Prices analysed"),
    "price.confirmed": ("投标人确认报价", "A bidder confirmed its price"),
    "price.deemed-confirmed": ("逾期未确认，视为确认", "Price deemed confirmed"),
    "price.disputed": ("投标人对报价提出异议", "A bidder disputed its price"),
    "record.confirmed": ("确认开标记录", "Record confirmed"),
    "record.deemed-confirmed": ("逾期未确认，视为确认", "Record deemed confirmed"),
    "record.disputed": ("对开标记录有异议", "Record disputed"),
    "record.drawn": ("生成开标记录", "Record drawn up"),
    "record.published": ("公布开标记录", "Record published"),
    "record.signed": ("签署开标记录", "Record signed"),
    "tender.objection-paused": ("因异议暂停招标", "Paused by an objection"),
    "tender.objections-settled": ("异议处理完毕", "Objections settled"),
    "tender.rescheduled": ("重新确定时间", "Rescheduled"),
    "tender.resumed": ("恢复招标", "Resumed"),
    "tender.retendered": ("重新招标", "Tendered again"),
    "tender.suspended": ("中止招标", "Suspended"),
    "tender.terminated": ("终止招标", "Terminated"),
    "window.closed": ("时限结束", "Time is over"),
    "window.extended": ("延长时限", "More time given"),
    "window.opened": ("时限开始", "Time runs"),
}
RECEIPTS: Mapping[str, Pair] = {
    "bid.submitted": ("递交投标文件", "A bid was submitted"),
    "bid.withdrawn": ("撤回投标文件", "A bid was withdrawn"),
    "documents.taken": ("获取招标文件", "The documents were taken"),
    "opening.signed-in": ("签到", "Signed in"),
    "question.asked": ("提问", "A question was asked"),
    "document-objection.raised": ("对招标文件提出异议", "An objection to the documents"),
}
STAGES: Mapping[str, Pair] = {
    "lobby": ("等候", "Waiting"),
    "sign_in": ("签到", "Signing in"),
    "deadline": ("投标截止", "Deadline"),
    "discipline": ("宣读纪律", "Discipline"),
    "bidder_list": ("公布投标人名单", "List of bidders"),
    "identity_check": ("核验身份", "Identity check"),
    "control_price": ("公布最高投标限价", "Price cap"),
    "coefficient_draw": ("抽取系数", "Drawing the coefficient"),
    "decrypt_bidder": ("投标人解密", "Bidders release keys"),
    "decrypt_committee": ("备用解密", "Fallback keys"),
    "decrypt_layers": ("各方解除密封层", "Layer keys"),
    "price_confirm": ("投标人确认报价", "Bidders confirm prices"),
    "announce": ("唱标", "Reading out"),
    "price_analysis": ("报价分析", "Price analysis"),
    "objection": ("异议与答复", "Objections"),
    "record": ("确认与签署记录", "Record and signatures"),
    "files_to_evaluation": ("移交评标", "Handing over"),
    "closed": ("开标结束", "Closed"),
}
STEPS: Mapping[str, Pair] = {
    "deadline": ("投标截止", "Deadline"),
    "list": ("公布名单", "List"),
    "cap": ("公布限价", "Price cap"),
    "draw": ("抽取系数", "Draw"),
    "bidders": ("投标人解密", "Bidders' keys"),
    "layers": ("各方解密", "Layer keys"),
    "prices": ("唱标", "Prices"),
    "record": ("异议与签字", "Record"),
    "closed": ("开标结束", "Closed"),
}
PHASES: Mapping[str, Pair] = {
    "notice": ("发布公告", "Notice"),
    "bidding": ("投标", "Bidding"),
    "deadline": ("投标截止", "Deadline"),
    "opening": ("开标", "Opening"),
    "record": ("公布记录", "Record"),
}
WINDOWS: Mapping[str, Pair] = {
    "release": ("投标人解密时限", "Time for bidders' keys"),
    "fallback": ("备用解密时限", "Time for fallback keys"),
    "layers": ("解除密封层时限", "Time for layer keys"),
    "price_confirm": ("确认报价时限", "Time to confirm prices"),
    "objection": ("提出异议时限", "Time for objections"),
    "record_confirm": ("确认记录时限", "Time to confirm the record"),
}
PAPERS: Mapping[str, Pair] = {
    "record": ("开标记录表", "Opening record"),
    "sign-in": ("投标人签到表", "Sign-in sheet"),
    "submissions": ("投标文件递交时间表", "Sheet of submission times"),
    "failure": ("流标记录", "Record of the failure"),
}
PROJECT_TYPES: Mapping[str, Pair] = {
    "construction": ("施工", "Construction"),
    "epc": ("工程总承包", "Design and build"),
    "supervision": ("监理", "Supervision"),
    "design": ("设计", "Design"),
    "survey": ("勘察", "Survey"),
    "elevator": ("电梯采购", "Elevators"),
    "goods": ("货物采购", "Goods"),
    "prequalification": ("资格预审", "Prequalification"),
}
CAUSES: Mapping[str, Pair] = {
    "bid-late": ("逾期送达", "Late"),
    "bid-unencrypted": ("未按要求加密", "Not encrypted as asked"),
    "late": ("逾期送达", "Late"),
    "unencrypted": ("未按要求加密", "Not encrypted as asked"),
    "not-prequalified": ("未通过资格预审", "Not prequalified"),
    "key-not-released": ("未在规定时间内交出解密密钥", "The key was not released in time"),
    "fallback-insufficient": (
        "未交出密钥，且备用份额不足",
        "The key was not released, and too few shares came together",
    ),
    "system_fault": ("系统故障", "System fault"),
    "force_majeure": ("不可抗力", "Force majeure"),
    "ownership_dispute": ("权属争议", "A dispute over ownership"),
    "supervisor_order": ("监督部门决定", "By order of the supervisor"),
    "other": ("", ""),
    "too-few-received": ("投标截止时投标人少于三个", "Fewer than three bids by the deadline"),
    "too-few-decrypted": ("解密成功的投标人少于三个", "Fewer than three bids could be opened"),
}
FINDINGS: Mapping[str, Pair] = {
    "bidder-name-differs": ("所载名称与投标人不一致", "Another name in the sheet"),
    "uscc-differs": ("所载统一社会信用代码不一致", "Another credit code in the sheet"),
    "over-cap": ("超过最高投标限价", "Above the price cap"),
    "missing": ("未填写", "Missing"),
    "unreadable": ("无法读取", "Unreadable"),
    "words-unreadable": ("大写金额无法读取", "The amount in words is unreadable"),
    "words-differ": ("大写与小写不一致", "Words and figures differ"),
}
COUNTS: Mapping[str, Pair] = {
    "number": ("第 {} 号", "No. {}"),
    "version": ("第 {} 版", "version {}"),
    "opened": ("开启 {} 家", "{} opened"),
    "count": ("{} 家", "{} bids"),
}
TABLES: Mapping[str, Mapping[str, Pair]] = {
    "stage": STAGES,
    "window": WINDOWS,
    "role": ROLES,
    "party": ROLES,
    "paper": PAPERS,
}
"""Facts of public acts whose values have words."""

ICONS: Mapping[str, tuple[str, str]] = {
    "key.": ("key", "good"),
    "bid.decrypted": ("unlock", "good"),
    "bid.announced": ("voice", "blue"),
    "bid.unopened": ("alert", "bad"),
    "deadline.reached": ("lock", "blue"),
    "deadline.": ("clock", "warm"),
    "tender.suspended": ("pause", "warm"),
    "tender.objection-paused": ("pause", "warm"),
    "tender.terminated": ("stop", "bad"),
    "opening.paused": ("pause", "warm"),
    "opening.failed": ("stop", "bad"),
    "opening.terminated": ("stop", "bad"),
    "opening.bid-revoked": ("alert", "bad"),
    "opening.acceptance-refused": ("alert", "bad"),
    "opening.objection-raised": ("alert", "warm"),
    "opening.bidder-list": ("users", "blue"),
    "price.disputed": ("alert", "warm"),
    "record.disputed": ("alert", "warm"),
    "price.": ("check", "good"),
    "record.": ("file", "blue"),
    "paper.": ("file", "blue"),
    "notice.": ("file", "blue"),
    "window.": ("clock", ""),
    "checkpoint.": ("chain", "blue"),
}
BID_LOOKS: Mapping[str, tuple[str, str]] = {
    "submitted": ("lock", ""),
    "withdrawn": ("dot", "plain"),
    "decrypt_pending": ("clock", "plain"),
    "decrypt_queued": ("key", "blue"),
    "decrypted": ("unlock", "blue"),
    "announced": ("check", "good"),
    "acceptance_refused": ("alert", "bad"),
    "revoked_not_decrypted": ("alert", "bad"),
    "withdrawn_system_fault": ("alert", "warm"),
    "revoked": ("stop", "bad"),
}
STATE_LOOKS: Mapping[str, tuple[str, str]] = {
    "notice_published": ("file", "blue"),
    "bidding": ("clock", "blue"),
    "objection_paused": ("pause", "warm"),
    "suspended": ("pause", "warm"),
    "deadline": ("lock", "good"),
    "opening": ("unlock", "good"),
    "opened": ("check", ""),
    "failed": ("stop", "bad"),
    "terminated": ("stop", "bad"),
    "retendered": ("dot", "plain"),
}


def say(pairs: Mapping[str, Pair], key: str, language: str) -> str:
    """The word for *key*, or the key itself where it has none yet."""
    return pairs.get(key, (key, key))[language == "en"]


def cause(text: str, language: str) -> str:
    """A cause: `code`, `code: the host's reason`, or free words."""
    code, colon, reason = text.partition(": ")
    if code not in CAUSES:
        return text
    return say(CAUSES, code, language) + (f" · {reason}" if colon else "")


def finding(text: str, titles: Mapping[str, str], language: str) -> str:
    """A finding, `code` or `code:item`; *titles* names the items."""
    code, colon, item = text.partition(":")
    said = say(FINDINGS, code, language)
    return f"{titles.get(item, item)}: {said}" if colon else said


def icon(kind: str) -> tuple[str, str]:
    """The icon and the hue of an act; the longest beginning that is known decides."""
    known = [start for start in ICONS if kind.startswith(start)]
    return ICONS[max(known, key=len)] if known else ("dot", "")


def bid_look(status: str) -> tuple[str, str]:
    """The icon and the hue of a bid's status."""
    return BID_LOOKS.get(status, ("dot", "plain"))


def state_look(state: str) -> tuple[str, str]:
    """The icon and the hue of a tender's state."""
    return STATE_LOOKS.get(state, ("dot", ""))
