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
    "submitted": ("有效", "Stands"),
    "withdrawn": ("截止前撤回", "Withdrawn in time"),
    "decrypt_pending": ("密封中", "Sealed"),
    "decrypt_queued": ("密封中", "Sealed"),
    "decrypted": ("解密成功", "Opened"),
    "announced": ("已唱标", "Announced"),
    "acceptance_refused": ("拒收", "Refused acceptance"),
    "revoked_not_decrypted": ("未解密，视为撤销", "Not opened: revoked"),
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


def say(pairs: Mapping[str, Pair], key: str, language: str) -> str:
    """The word for *key*, or the key itself where it has none yet."""
    return pairs.get(key, (key, key))[language == "en"]
