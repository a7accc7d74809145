"""What the pages explain: where a tender stands, and what happens now at each step of its opening."""

from collections.abc import Mapping

from web.public.words import Pair

STATES: Mapping[str, Pair] = {
    "notice_published": (
        "公告已经发布，招标文件到时间即可获取，无需任何人批准。",
        "The notice is out. The documents can be taken as soon as their hour comes; nobody has to approve.",
    ),
    "bidding": (
        "截止时刻当刻送达的有效，晚一刻即拒收。一切以平台时钟为准。",
        "A bid at the very instant is in time; one tick later it is refused. The platform's clock decides.",
    ),
    "objection_paused": (
        "有人对招标文件提出异议，答复之前招标活动暂停；答复后继续，截止时间如有变化会在此公布。",
        (
            "Somebody objected to the documents. The tender stands still until the answer; "
            "a new deadline, if any, appears here."
        ),
    ),
    "suspended": (
        "招标已中止，截止时间暂停生效。恢复后会重新确定时间，并在此公布。",
        (
            "The tender is suspended and its deadline does not run. "
            "A new one is set for all alike and appears here."
        ),
    ),
    "deadline": (
        "投标已经截止，全部密封投标的指纹已写入公开日志，谁也无法增减。等待主持人宣布开标。",
        (
            "The deadline has passed and all sealed bids are bound in the public log: "
            "none can be added or taken away. The host is about to begin."
        ),
    ),
    "opening": (
        "开标正在进行。下面的内容随进程公布，刷新即可看到最新情况。",
        "The opening is under way. What follows is published as it happens; reload for the newest state.",
    ),
    "opened": (
        "开标已经结束，投标文件移交评标。",
        "The opening is over and the bids went on to the evaluation.",
    ),
    "failed": (
        "本标段流标，招标人应当依法重新招标。",
        "This lot has failed; the procuring entity must tender it again as the law provides.",
    ),
    "terminated": (
        "招标已经终止，不再恢复。",
        "The tender was ended for good.",
    ),
    "retendered": (
        "本标段流标后已经重新招标。",
        "After this lot failed it was tendered again.",
    ),
}
STAGES: Mapping[str, Pair] = {
    "lobby": (
        "投标人正在等候。名单在开标后公布，此前无人知道谁投了标。",
        "Bidders are waiting. The list comes after the start; until then nobody knows who bid.",
    ),
    "sign_in": (
        "投标人正在签到。名单在开标后公布，此前无人知道谁投了标。",
        "Bidders are signing in. The list comes after the start; until then nobody knows who bid.",
    ),
    "deadline": (
        "投标已经截止，等待主持人宣布开标。",
        "The deadline has passed; the host is about to begin.",
    ),
    "discipline": (
        "主持人正在宣读开标纪律，接着公布投标人名单。",
        "The host reads out the discipline; the list of bidders comes next.",
    ),
    "bidder_list": (
        "主持人即将公布投标人名单。名单与截止时写入日志的指纹逐一对应。",
        (
            "The list of bidders is about to be published. "
            "Each line answers to a commitment bound at the deadline."
        ),
    ),
    "identity_check": (
        "名单已经公布，正在核验投标人代表身份。报价仍然密封。",
        "The list is public; the delegates' identities are being checked. Prices are still sealed.",
    ),
    "control_price": (
        "正在公布最高投标限价。此时报价仍然密封。",
        "The price cap is being announced while all prices are still sealed.",
    ),
    "coefficient_draw": (
        "正在公开抽取系数。报价仍然密封，任何一方都无法左右结果。",
        "The coefficient is drawn in public while prices are sealed: no party alone can steer it.",
    ),
    "decrypt_bidder": (
        "各投标人正在交出自己的密钥。平台没有这把钥匙，无法代为解密。",
        "Each bidder releases its own key. The platform does not hold it and cannot open a bid alone.",
    ),
    "decrypt_committee": (
        "未按时解密的投标由密钥委员会按招标文件合成备用密钥。",
        "For bids whose key did not come, the committee combines a fallback key as the documents provide.",
    ),
    "decrypt_layers": (
        "各保管方正在公开自己那一层的密钥，全部到齐后投标文件同时打开。",
        "Each holder publishes the key of its layer; once all are there, the bids open together.",
    ),
    "price_confirm": (
        "投标文件已打开，各投标人正在核对自己的报价，随后逐家唱标。",
        "The bids are open. Each bidder checks its own figures; the reading out follows.",
    ),
    "announce": (
        "正在唱标。报价读出后立即公布。",
        "Prices are read out and published at once.",
    ),
    "price_analysis": (
        "报价已全部公布，正在列出需要评标委员会留意的情况。",
        "All prices are public; what the committee should look at is being listed.",
    ),
    "objection": (
        "投标人可以当场提出异议，主持人当场答复。",
        "Bidders may object on the spot and are answered on the spot.",
    ),
    "record": (
        "开标记录已经生成，正在由投标人确认、在场各方签署。",
        "The record is drawn up; bidders confirm it and those on duty sign it.",
    ),
    "files_to_evaluation": (
        "记录已签署，投标文件正在移交评标。",
        "The record is signed; the bids are handed over to the evaluation.",
    ),
    "closed": (
        "开标结束。开标记录公布后可在此下载。",
        "The opening is over. The record can be downloaded here once it is published.",
    ),
}
