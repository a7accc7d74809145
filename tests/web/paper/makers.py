"""Plainly fictional records, receipts and houses to print."""

from datetime import timedelta
from typing import Any

from bidding.opening.amounts import words_of
from bidding.opening.record import (
    Attendance,
    Column,
    Confirmation,
    NotOpened,
    ObjectionLine,
    RecordBody,
    RecordData,
    Row,
    Signature,
    Submission,
)
from bidding.tender.defaults import SHEETS
from bidding.tender.terms import ProjectType
from tests.conftest import NOON
from web.paper.failure import Failure
from web.paper.house import House
from web.paper.receipt import ReceiptPaper, ReceivedObject

HOUSE = House(name="启封 Qifeng", operator="示例区公共资源交易中心", origin="https://trade.qifeng.example")
RARE = "示例𬍛𫟹建设有限公司"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ON_DUTY = (("procuring_entity", "示例李四"), ("agency_host", "示例王五"), ("opening_witness", "示例赵六"))
_VALUES: dict[str, Any] = {"fen": 123_456_789, "rate": 125, "days": 365, "text": "合格"}


def name(number: int) -> str:
    return f"示例{_STEMS[number % 10]}{number // 10 or ''}建设工程有限公司"


def row(number: int, kind: ProjectType = ProjectType.CONSTRUCTION, **over: Any) -> Row:
    items: dict[str, Any] = {}
    for field in SHEETS[kind]:
        value = _VALUES[field.kind]
        items[field.name] = value + number * 1_000_003 if field.kind == "fen" else value
        if field.kind == "fen":
            items[f"{field.name}_words"] = words_of(items[field.name])
    given: dict[str, Any] = {
        "number": number + 1, "bidder_id": f"b-{number}", "bidder": name(number),
        "uscc": "91330703MA2ABCDE14",
        "representative": "示例张三", "identity_ok": True, "deposit": "paid", "deposit_fen": 10_000_000,
        "items": items, "findings": (), "price_answer": "confirmed", "price_note": "",
    }  # fmt: skip
    return Row(**given | over)


def body(
    kind: ProjectType = ProjectType.CONSTRUCTION, rows: int = 8, rows_given: tuple[Row, ...] = (), **over: Any
) -> RecordBody:
    opened = rows_given or tuple(row(number, kind) for number in range(rows))
    given: dict[str, Any] = {
        "tender_id": "019391a0-0000-7000-8000-000000000001", "title": "示例区东溪路道路改造工程施工一标段",
        "lot_code": "A330703-2026-0001-1", "project_type": kind.value,
        "procuring_entity": "示例区城市建设有限公司",
        "agency": "示例招标代理有限公司", "place": "示例区公共资源交易中心第一开标室（不见面开标大厅）",
        "opening_time": NOON, "started_at": NOON + timedelta(seconds=31),
        "price_cap_fen": 250_000_000_00,
        "coefficient_label": "下浮率 K", "coefficient": "1.25%", "price_type": "total",
        "columns": tuple(Column(name=f.name, kind=f.kind, zh=f.zh, en=f.en) for f in SHEETS[kind]),
        "rows": opened,
        "not_opened": (
            NotOpened(
                bidder="示例子丑建设有限公司", status="revoked_not_decrypted", cause="key-not-released"),
            NotOpened(bidder="示例寅卯市政工程有限公司", status="refused", cause="bid-late"),
        ),
        "sign_in": tuple(
            Attendance(
                bidder=one.bidder, delegate=one.representative, at=NOON - timedelta(minutes=20 - i % 19)
            )
            for i, one in enumerate(opened)
        ),
        "submissions": tuple(
            Submission(
                bidder=one.bidder, at=NOON - timedelta(hours=2, seconds=-i, microseconds=7),
                       statement_sha256=f"{i:02x}" * 32, status="submitted")
            for i, one in enumerate(opened)
        ),
        "objections": (
            ObjectionLine(bidder=name(2), text="请说明系数抽取所用随机信标的来源。",
                raised_at=NOON + timedelta(minutes=50),
                          answer="信标为公告约定的当日数值，两人分别录入一致，任何人可离线复算。",
                          answered_at=NOON + timedelta(minutes=53)),
        ),
        "remarks": "开标过程中暂停一次（网络故障），恢复后各倒计时顺延。",
    }  # fmt: skip
    return RecordBody(**given | over)


def record(data: RecordBody | None = None, *, version: int = 1, is_signed: bool = True) -> RecordData:
    data = data or body()
    return RecordData(
        tender_id=data.tender_id, version=version, sha256=data.sha256,
        previous_sha256="ab" * 32 if version > 1 else None, drawn_at=NOON + timedelta(hours=1),
        body=data.plain(), is_newest=True,
        confirmations=tuple(
            Confirmation(
                bidder_id=one.bidder_id, bidder=one.bidder, answer="deemed" if i == 3 else "confirmed",
                note="", at=NOON + timedelta(hours=1, minutes=i % 50))
            for i, one in enumerate(data.rows)
        ) if is_signed else (),
        signatures=tuple(
            Signature(role=role, person_id=f"p-{role}", name=who, at=NOON + timedelta(hours=2))
            for role, who in _ON_DUTY
        ) if is_signed else (),
    )  # fmt: skip


def failure(**over: Any) -> Failure:
    given: dict[str, Any] = {
        "tender_id": "019391a0-0000-7000-8000-000000000001", "title": "示例区东溪路道路改造工程施工一标段",
        "lot_code": "A330703-2026-0001-1", "procuring_entity": "示例区城市建设有限公司",
        "agency": "示例招标代理有限公司", "place": "示例区公共资源交易中心第一开标室", "deadline": NOON,
        "cause": "too-few-received", "count": 2, "minimum": 3, "failed_at": NOON + timedelta(seconds=1),
        "leaf": "5c" * 32,
    }  # fmt: skip
    return Failure(**given | over)


def receipt(**over: Any) -> ReceiptPaper:
    given: dict[str, Any] = {
        "title": "示例区东溪路道路改造工程施工一标段", "lot_code": "A330703-2026-0001-1", "bidder": RARE,
        "uscc": "91330703MA2ABCDE14", "bid_id": "019391a0-0000-7000-8000-0000000000b1", "round": 2,
        "received_at": NOON - timedelta(hours=1, microseconds=1), "deadline": NOON, "withdrawn_at": None,
        "certificate_serial": "5A:3C:00:19:7F", "certificate_sha256": "c3" * 32,
        "statement_sha256": "a1" * 32,
        "previous_statement_sha256": "b2" * 32, "notice_sha256": "d4" * 32, "has_fallback": True,
        "objects": (
            ReceivedObject(name="sheet.age", size=1_382, sha256="e5" * 32),
            ReceivedObject(name="docs.age", size=314_572_800, sha256="f6" * 32),
            ReceivedObject(name="key-sheet.age", size=612, sha256="07" * 32),
            ReceivedObject(name="key-docs.age", size=612, sha256="18" * 32),
        ),
        "stream": "tender/019391a0-0000-7000-8000-000000000001/bidder/019391a0-0000-7000-8000-0000000000c1",
        "seq": 7, "leaf": "5c" * 32,
    }  # fmt: skip
    return ReceiptPaper(**given | over)
