"""投标文件递交回执: what the platform received from one bidder, when, and how to prove it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.queries import objects_of
from bidding.bid.states import BidState
from bidding.bid.tables import Bid
from bidding.party.queries import organisation
from bidding.tender.queries import get, terms_of
from crypto.cms import verify_detached
from crypto.ledger import Entry
from web.paper import words
from web.paper.blocks import Check, Fact, Printed, close, facts, heading, paragraph, title
from web.paper.face import TINY
from web.paper.house import House
from web.paper.sheet import Sheet
from web.paper.table import Column, draw_table

_OBJECTS = (
    Column(zh="密文文件", en="Ciphertext", share=24),
    Column(zh="大小（字节）", en="Size (bytes)", share=18, align="right"),
    Column(zh="密文 SHA-256", en="SHA-256 of the ciphertext", share=58, face=TINY),
)


@dataclass(frozen=True, kw_only=True)
class ReceivedObject:
    """One ciphertext: size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper:
    """What a receipt says. `leaf` is the entry's commitment in the log; hashes are hex."""

    title: str
    lot_code: str
    bidder: str
    uscc: str
    bid_id: str
    round: int
    received_at: datetime
    deadline: datetime
    withdrawn_at: datetime | None
    certificate_serial: str
    certificate_sha256: str
    statement_sha256: str
    previous_statement_sha256: str | None
    notice_sha256: str
    has_fallback: bool
    objects: tuple[ReceivedObject, ...]
    stream: str
    seq: int
    leaf: str


def receipt_pdf(data: ReceiptPaper, house: House) -> Printed:
    """The receipt on paper; the proof that goes with it is the `.tlog-proof` file."""
    zh, en = "投标文件递交回执", "Receipt for a sealed bid"
    sheet = Sheet(
        title=f"{zh} {data.lot_code}", running=f"{zh}  {data.title}（{data.lot_code}）",
        mark=f"{house.name} · {data.lot_code} · {data.statement_sha256[:16]}",
    )  # fmt: skip
    title(sheet, zh, en, above=house.operator)
    facts(sheet, list(_facts(data)))
    heading(sheet, "已收到的密文", "What was received, sealed")
    draw_table(sheet, _OBJECTS, ([one.name, words.size(one.size), one.sha256] for one in data.objects))
    heading(sheet, "指纹与日志", "Fingerprints and log")
    facts(sheet, list(_prints(data)))
    heading(sheet, "请妥善保存", "Keep this", keep=40)
    for text in _KEEP:
        paragraph(sheet, text)
    return close(sheet, _check(data, house))


def _facts(data: ReceiptPaper) -> Iterator[Fact]:
    yield Fact(zh="标段名称", en="Lot", value=data.title, wide=True)
    yield Fact(zh="标段编号", en="Lot code", value=data.lot_code)
    yield Fact(zh="递交轮次", en="Round", value=f"第 {data.round} 次递交")
    yield Fact(zh="投标人", en="Bidder", value=data.bidder)
    yield Fact(zh="统一社会信用代码", en="USCC", value=data.uscc)
    yield Fact(zh="收到时间", en="Received at", value=words.exact(data.received_at))
    yield Fact(zh="投标截止时间", en="Deadline", value=words.instant(data.deadline))
    if data.withdrawn_at:
        yield Fact(zh="撤回时间", en="Withdrawn at", value=words.exact(data.withdrawn_at), wide=True)
    yield Fact(zh="签署证书序列号", en="Certificate serial", value=data.certificate_serial)
    yield Fact(
        zh="应急解密份额", en="Fallback shares",
        value="有效，密钥遗失时可应急解密" if data.has_fallback else "无，请务必保管密钥文件",
    )  # fmt: skip


def _prints(data: ReceiptPaper) -> Iterator[Fact]:
    yield Fact(zh="投标声明 SHA-256", en="Bid statement", value=data.statement_sha256, wide=True)
    if data.previous_statement_sha256:
        yield Fact(
            zh="前次声明 SHA-256", en="Statement before", value=data.previous_statement_sha256, wide=True
        )
    yield Fact(zh="公告 SHA-256", en="Notice", value=data.notice_sha256, wide=True)
    yield Fact(zh="证书 SHA-256", en="Certificate", value=data.certificate_sha256, wide=True)
    yield Fact(zh="日志承诺值", en="Commitment", value=data.leaf, wide=True)
    yield Fact(zh="账本位置", en="Ledger entry", value=f"{data.stream}  #{data.seq}", wide=True)


_KEEP = (
    (
        "本回执证明平台在上述时间完整收到上述密文。请打印或保存本文件，"
        "并同时保存 .tlog-proof 证明文件与密钥文件："
        "前者可离线证明递交事实，"
        "后者在开标时用于解密，平台没有副本。"
    ),
    (
        "This receipt shows that the ciphertexts above were received whole at the time above. Keep "
        "it together "
        "with the .tlog-proof file, which proves it offline, and with your key file, which opens "
        "your bid and of "
        "which the platform has no copy."
    ),
)


def _check(data: ReceiptPaper, house: House) -> Check:
    return Check(
        url=house.verify_url,
        hints=(
            "扫码打开核验页面，交入 .tlog-proof 证明文件即可核对；也可完全离线核验。",
            "Scan for the page that checks your .tlog-proof file; it can be checked offline just as well.",
        ),
        hashes=(("投标声明 SHA-256", data.statement_sha256),),
    )


async def receipt_of(session: AsyncSession, bid: Bid) -> ReceiptPaper:
    """The receipt of a bidder's own bid, whatever became of it since."""
    terms = terms_of(await get(session, bid.tender_id))
    who = await organisation(session, bid.bidder_id)
    entry = await session.get_one(Entry, bid.entry_id)
    signer = verify_detached(bid.statement, bid.signature).certificate
    return ReceiptPaper(
        title=terms.title, lot_code=terms.lot_code, bidder=who.name, uscc=who.uscc, bid_id=bid.id,
        round=bid.round, received_at=bid.submitted_at, deadline=terms.bid_deadline,
        withdrawn_at=bid.ended_at if bid.state is BidState.WITHDRAWN else None,
        certificate_serial=f"{signer.serial_number:X}", certificate_sha256=bid.bidder_certificate_sha256,
        statement_sha256=bid.statement_sha256, previous_statement_sha256=bid.previous_statement_sha256,
        notice_sha256=bid.notice_sha256, has_fallback=bid.has_fallback,
        objects=tuple(
            ReceivedObject(name=one.name, size=one.size, sha256=one.sha256)
            for one in await objects_of(session, bid.id)
        ),
        stream=entry.stream, seq=entry.seq, leaf=entry.commitment.hex(),
    )  # fmt: skip
