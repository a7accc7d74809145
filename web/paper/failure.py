"""流标记录: why an opening failed, without a name or a price."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.tender.queries import get, terms_of
from crypto.ledger import Entry
from web.paper import words
from web.paper.blocks import Box, Check, Fact, Printed, boxes, close, facts, heading, paragraph, title
from web.paper.house import House
from web.paper.sheet import Sheet

_WHY: Mapping[str, tuple[str, str]] = {
    "too-few-received": (
        (
            "至投标截止时间，投标人少于法定最少家数。"
            "依照《招标投标法》第二十八条和《招标投标法实施条例》第四十四条，"
            "本标段不开标，所有投标文件均未解密，招标人应当依法重新招标。"
        ),
        (
            "Fewer bids than the law asks for had been received by the deadline: nothing was "
            "opened, no bid was "
            "decrypted, and the lot must be tendered again."
        ),
    ),
    "too-few-decrypted": (
        (
            "解密成功的投标文件少于招标文件约定的最少家数。"
            "按照招标文件的约定，本标段流标，招标人应当依法重新招标。"
        ),
        (
            "Fewer bids could be opened than the bidding document asks for: the lot failed and "
            "must be tendered "
            "again."
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An opening that failed; `entry_sha256` is the leaf of the failing act in the log, in hex."""

    tender_id: str
    title: str
    lot_code: str
    procuring_entity: str
    agency: str
    place: str
    deadline: datetime
    cause: str
    count: int
    minimum: int
    failed_at: datetime
    leaf: str


def failure_pdf(data: Failure, house: House) -> Printed:
    """The record of a failed opening."""
    zh, en = "流标记录", "Record of a failed opening"
    sheet = Sheet(
        title=f"{zh} {data.lot_code}", running=f"{zh}  {data.title}（{data.lot_code}）",
        mark=f"{house.name} · {data.lot_code} · {data.leaf[:16]}",
    )  # fmt: skip
    title(sheet, zh, en, above=house.operator)
    facts(sheet, _facts(data))
    heading(sheet, "流标原因", "Why it failed")
    for text in _WHY.get(data.cause, (data.cause,)):
        paragraph(sheet, text)
    heading(sheet, "签名", "Signatures", keep=90)
    boxes(sheet, [Box(zh=words.ROLE[role][0], en=words.ROLE[role][1]) for role in _DUTY])
    return close(sheet, _check(data, house))


_DUTY = ("procuring_entity", "agency_host", "opening_witness")


def _facts(data: Failure) -> list[Fact]:
    return [
        Fact(zh="标段名称", en="Lot", value=data.title, wide=True),
        Fact(zh="标段编号", en="Lot code", value=data.lot_code),
        Fact(zh="招标人", en="Procuring entity", value=data.procuring_entity),
        Fact(zh="招标代理机构", en="Agency", value=data.agency or "—"),
        Fact(zh="开标地点", en="Place", value=data.place),
        Fact(zh="投标截止时间", en="Deadline", value=words.instant(data.deadline)),
        Fact(zh="流标时间", en="Failed at", value=words.instant(data.failed_at)),
        Fact(zh="有效家数", en="Counted", value=f"{data.count} 家"),
        Fact(zh="法定最少家数", en="Needed", value=f"{data.minimum} 家"),
    ]


def _check(data: Failure, house: House) -> Check:
    return Check(
        url=house.tender_url(data.tender_id),
        hints=(
            "扫码查看公告与核验方法。流标决定已写入公开日志。",
            "Scan for the notice and how to verify it. The decision is in the public log.",
        ),
        hashes=(("日志承诺值", data.leaf),),
    )


async def failure_of(session: AsyncSession, tender_id: str, entry: Entry) -> Failure:
    """The failure that *entry* (OpeningFailed) tells of."""
    terms = terms_of(await get(session, tender_id))
    body = json.loads(entry.text)["body"]
    return Failure(
        tender_id=tender_id, title=terms.title, lot_code=terms.lot_code, agency=terms.agency,
        procuring_entity=terms.procuring_entity, place=terms.place, deadline=terms.bid_deadline,
        cause=body["cause"], count=body["count"], minimum=body["minimum"], failed_at=entry.at,
        leaf=entry.commitment.hex(),
    )  # fmt: skip
