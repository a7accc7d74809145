"""开标记录表: the opening record in the form of each project type (domain §2.8)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bidding.opening.record import RecordData
from web.paper import words
from web.paper.blocks import Box, Check, Fact, Printed, boxes, close, facts, heading, paragraph, title
from web.paper.house import House
from web.paper.sheet import Sheet
from web.paper.table import Column, draw_table

_PREQUALIFICATION = "prequalification"
_TITLES: Mapping[str, tuple[str, str]] = {
    _PREQUALIFICATION: ("资格预审申请人名单", "List of prequalification applicants"),
}
_DEFAULT = ("开标记录表", "Opening record")
_IN_WORDS = frozenset({"supervision", "elevator"})
_CAP: Mapping[str, tuple[str, str]] = {
    "construction": ("招标控制价（元）", "Control price (yuan)"),
    "epc": ("最高投标限价（元）", "Price ceiling (yuan)"),
}
_SHARE: Mapping[str, float] = {"fen": 14, "rate": 8, "days": 10, "text": 10}
_DUTY = ("procuring_entity", "agency_host", "opening_witness", "recorder")


def record_pdf(data: RecordData, house: House) -> Printed:
    """One version of the record, with the answers and signatures it has by now."""
    body = data.body
    zh, en = _TITLES.get(body["project_type"], _DEFAULT)
    mark = house.mark(body["lot_code"], data.sha256, version=data.version)
    running = f"{zh}  {body['title']}（{body['lot_code']}）"
    sheet = Sheet(title=f"{zh} {body['lot_code']}", running=running, mark=mark, wide=True)
    title(sheet, zh, en, above=house.operator)
    facts(sheet, list(_head(data)))
    draw_table(sheet, _columns(body), rows_of(data))
    _foot(sheet, data)
    _signing(sheet, data)
    return close(sheet, _check(data, house))


def rows_of(data: RecordData) -> Iterator[list[str]]:
    """The table of opened bids as texts, one for each column."""
    return (_row(row, data.body) for row in data.body["rows"])


def _head(data: RecordData) -> Iterator[Fact]:
    body = data.body
    yield Fact(zh="标段名称", en="Lot", value=body["title"], wide=True)
    yield Fact(zh="标段编号", en="Lot code", value=body["lot_code"])
    yield Fact(zh="记录版本", en="Version", value=f"第 {data.version} 版，{words.instant(data.drawn_at)}")
    yield Fact(zh="招标人", en="Procuring entity", value=body["procuring_entity"])
    yield Fact(zh="招标代理机构", en="Agency", value=body["agency"] or "—")
    yield Fact(zh="开标时间", en="Opening time", value=words.instant(body["opening_time"]))
    yield Fact(zh="开标地点", en="Place", value=body["place"])
    if body["project_type"] != _PREQUALIFICATION:
        yield from _price_facts(body)


def _price_facts(body: Mapping[str, Any]) -> Iterator[Fact]:
    cap = body["price_cap_fen"]
    if cap is not None:
        zh, en = _CAP.get(body["project_type"], _CAP["epc"])
        yield Fact(zh=zh, en=en, value=f"{words.yuan(cap)}（{words.capitals(cap)}）", wide=True)
    if body["coefficient"] is not None:
        yield Fact(
            zh="抽取系数", en="Coefficient", value=f"{body['coefficient_label']}：{body['coefficient']}",
            wide=True,
        )  # fmt: skip


def _columns(body: Mapping[str, Any]) -> list[Column]:
    who = "申请人名称" if body["project_type"] == _PREQUALIFICATION else "投标人名称"
    columns = [
        Column(zh="序号", en="No.", share=4.5, align="centre"),
        Column(zh=who, en="Bidder", share=22),
        *_item_columns(body),
    ]
    if body["project_type"] != _PREQUALIFICATION:
        columns.append(Column(zh="保证金", en="Deposit", share=7, align="centre"))
        columns.append(Column(zh="报价确认", en="Confirmed", share=8, align="centre"))
    columns.append(Column(zh="投标人代表", en="Representative", share=9, align="centre"))
    return columns


def _item_columns(body: Mapping[str, Any]) -> Iterator[Column]:
    for one in body["columns"]:
        if one["kind"] == "fen" and body["project_type"] in _IN_WORDS:
            yield Column(zh="大写金额", en="In words", share=20)
        align = {"fen": "right", "text": "left"}.get(one["kind"], "centre")
        yield Column(zh=one["zh"], en=one["en"], share=_SHARE.get(one["kind"], 11), align=align)


def _row(row: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    cells = [str(row["number"]), row["bidder"], *_items(row, body)]
    if body["project_type"] != _PREQUALIFICATION:
        cells.append(words.DEPOSIT.get(row["deposit"] or "", "—"))
        cells.append(words.ANSWER.get(row["price_answer"], row["price_answer"]))
    return [*cells, row["representative"] or "未签到"]


def _items(row: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    for one in body["columns"]:
        value = row["items"].get(one["name"])
        if one["kind"] == "fen" and body["project_type"] in _IN_WORDS:
            yield words.capitals(value)
        yield words.item(value, one["kind"])


def _foot(sheet: Sheet, data: RecordData) -> None:
    body = data.body
    _not_opened(sheet, body["not_opened"])
    found = list(_findings(body))
    if found:
        heading(sheet, "核对情况", "Found on reading; for the committee, no rejection")
        draw_table(sheet, _FINDING, found)
    if body["objections"]:
        heading(sheet, "开标异议与答复", "Objections and answers")
        draw_table(sheet, _OBJECTION, (_objection(one) for one in body["objections"]))
    if data.confirmations:
        heading(sheet, "投标人对本记录的确认", "Answers to this record")
        draw_table(sheet, _CONFIRMATION, (_confirmation(one) for one in data.confirmations))
    heading(sheet, "备注", "Remarks", keep=20)
    paragraph(sheet, body["remarks"].strip() or "无。")


_UNOPENED = (
    Column(zh="投标人名称", en="Bidder", share=30),
    Column(zh="情形", en="Status", share=30),
    Column(zh="原因", en="Cause", share=40),
)
_FINDING = (
    Column(zh="序号", en="No.", share=6, align="centre"),
    Column(zh="投标人名称", en="Bidder", share=30),
    Column(zh="核对结果", en="Found", share=64),
)
_OBJECTION = (
    Column(zh="提出单位", en="Raised by", share=20),
    Column(zh="提出时间", en="Raised at", share=14, align="centre"),
    Column(zh="异议内容", en="Objection", share=26),
    Column(zh="现场答复", en="Answer", share=26),
    Column(zh="答复时间", en="Answered at", share=14, align="centre"),
)
_CONFIRMATION = (
    Column(zh="投标人名称", en="Bidder", share=32),
    Column(zh="答复", en="Answer", share=18, align="centre"),
    Column(zh="时间", en="At", share=16, align="centre"),
    Column(zh="说明", en="Note", share=34),
)


def _not_opened(sheet: Sheet, found: Sequence[Mapping[str, Any]]) -> None:
    heading(sheet, "未开启的投标及原因", "Bids not opened, and why")
    draw_table(
        sheet,
        _UNOPENED,
        ([one["bidder"], words.status(one["status"]), words.cause(one["cause"])] for one in found),
    )


def _findings(body: Mapping[str, Any]) -> Iterator[list[str]]:
    titles = {one["name"]: one["zh"] for one in body["columns"]}
    for row in body["rows"]:
        said = [words.finding(one, titles) for one in row["findings"]]
        if row["price_note"]:
            said.append(f"投标人说明：{row['price_note']}")
        if said:
            yield [str(row["number"]), row["bidder"], "；".join(said)]


def _objection(one: Mapping[str, Any]) -> list[str]:
    return [
        one["bidder"], words.instant(one["raised_at"]), one["text"],
        one["answer"] or "—", words.instant(one["answered_at"]),
    ]  # fmt: skip


def _confirmation(one: Any) -> list[str]:
    return [one.bidder, words.ANSWER.get(one.answer, one.answer), words.instant(one.at), one.note or "—"]


def _signing(sheet: Sheet, data: RecordData) -> None:
    """Boxes for those on duty, with their electronic signatures where they gave them."""
    signed = {one.role: one for one in data.signatures}
    roles = (*_DUTY, *(role for role in signed if role not in _DUTY))
    heading(sheet, "签名", "Signatures", keep=90)
    given = []
    for role in roles:
        zh, en = words.ROLE.get(role, (role, role))
        one = signed.get(role)
        given.append(Box(zh=zh, en=en, name=one.name if one else "", at=words.instant(one.at) if one else ""))
    boxes(sheet, given)


def _check(data: RecordData, house: House) -> Check:
    hashes = [("记录内容 SHA-256", data.sha256)]
    if data.previous_sha256:
        hashes.append((f"第 {data.version - 1} 版 SHA-256", data.previous_sha256))
    return Check(
        url=house.record_url(data.tender_id),
        hints=(
            (
                "扫码查看公开的开标记录与核验方法。本文件由平台电子签名并加盖时间戳，"
                "任何改动都会使签名失效；"
                "记录内容的指纹已写入公开日志。"
            ),
            (
                "Scan for the public record and how to verify it. This file carries the platform's "
                "electronic "
                "signature and time stamp; the fingerprint of its content is in the public log."
            ),
        ),
        hashes=tuple(hashes),
    )
