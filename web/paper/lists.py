"""投标人签到表 and 投标文件递交时间签字表: who signed in, and when each bid came in."""

from collections.abc import Iterator
from typing import Any

from bidding.opening.record import RecordData
from web.paper import words
from web.paper.blocks import Check, Fact, Printed, close, facts, title
from web.paper.face import TINY
from web.paper.house import House
from web.paper.sheet import Sheet
from web.paper.table import Column, draw_table

_SIGN_IN = (
    Column(zh="序号", en="No.", share=7, align="centre"),
    Column(zh="投标人名称", en="Bidder", share=40),
    Column(zh="委托代理人", en="Delegate", share=20, align="centre"),
    Column(zh="签到时间", en="Signed in at", share=23, align="centre"),
    Column(zh="签到方式", en="By", share=18, align="centre"),
)
_SUBMISSIONS = (
    Column(zh="序号", en="No.", share=6, align="centre"),
    Column(zh="投标人名称", en="Bidder", share=30),
    Column(zh="递交时间", en="Received at (to the microsecond)", share=28, align="centre"),
    Column(zh="投标声明 SHA-256", en="Fingerprint of the bid's statement", share=26, face=TINY),
    Column(zh="状态", en="Status", share=14, align="centre"),
)


def sign_in_pdf(data: RecordData, house: House) -> Printed:
    """The sign-in sheet of one version of the record."""
    sheet = _begin(data, house, "投标人签到表", "Sign-in sheet")
    draw_table(sheet, _SIGN_IN, _present(data.body))
    return _end(sheet, data, house)


def submissions_pdf(data: RecordData, house: House) -> Printed:
    """The sheet of submission times; each bid's own signature stands for the bidder's."""
    sheet = _begin(data, house, "投标文件递交时间签字表", "Times of submission")
    draw_table(sheet, _SUBMISSIONS, _received(data.body))
    return _end(sheet, data, house)


def _present(body: Any) -> Iterator[list[str]]:
    for number, one in enumerate(body["sign_in"], 1):
        yield [str(number), one["bidder"], one["delegate"], words.instant(one["at"]), "数字证书在线签到"]


def _received(body: Any) -> Iterator[list[str]]:
    for number, one in enumerate(body["submissions"], 1):
        yield [
            str(number), one["bidder"], words.exact(one["at"]), one["statement_sha256"],
            words.status(one["status"]),
        ]  # fmt: skip


def _begin(data: RecordData, house: House, zh: str, en: str) -> Sheet:
    body = data.body
    mark = house.mark(body["lot_code"], data.sha256, version=data.version)
    running = f"{zh}  {body['title']}（{body['lot_code']}）"
    sheet = Sheet(title=f"{zh} {body['lot_code']}", running=running, mark=mark)
    title(sheet, zh, en, above=house.operator)
    facts(
        sheet,
        [
            Fact(zh="标段名称", en="Lot", value=body["title"], wide=True),
            Fact(zh="标段编号", en="Lot code", value=body["lot_code"]),
            Fact(zh="招标人", en="Procuring entity", value=body["procuring_entity"]),
            Fact(zh="开标时间", en="Opening time", value=words.instant(body["opening_time"])),
            Fact(zh="开标地点", en="Place", value=body["place"]),
        ],
    )
    return sheet


def _end(sheet: Sheet, data: RecordData, house: House) -> Printed:
    sheet.y -= 8
    return close(
        sheet,
        Check(
            url=house.record_url(data.tender_id),
            hints=(
                "投标人以数字证书签署，签名与时间均记入公开日志，等同于在本表签字。",
                "Bidders signed with their certificates; signatures and times are in the public log.",
            ),
            hashes=(("记录内容 SHA-256", data.sha256),),
        ),
    )
