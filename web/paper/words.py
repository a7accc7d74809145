"""The words of the trade for what the data says in codes, and how amounts and instants are written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bidding.opening.amounts import words_of
from bidding.tender.calendar import CHINA

_FEN, _RATE = 100, 100

STATUS: Mapping[str, str] = {
    "submitted": "已递交",
    "withdrawn": "投标截止前已撤回",
    "decrypt_pending": "待解密",
    "decrypt_queued": "待解密",
    "decrypted": "已解密",
    "announced": "已唱标",
    "acceptance_refused": "拒收",
    "revoked_not_decrypted": "未解密，视为撤销投标文件",
    "withdrawn_system_fault": "非投标人原因未解密，视为撤回投标文件",
    "revoked": "投标截止后撤销",
    "refused": "拒绝接收",
    "opened": "已开启",
    "replaced": "已被替换",
    "failed_by_system": "非投标人原因未解密，视为撤回投标文件",
}
CAUSE: Mapping[str, str] = {
    "": "—",
    "bid-late": "逾期送达",
    "bid-unencrypted": "未按要求加密",
    "late": "逾期送达",
    "unencrypted": "未按要求加密",
    "not-prequalified": "未通过资格预审",
    "key-not-released": "未在规定时间内释放解密密钥",
    "fallback-insufficient": "未释放密钥，且应急份额不足",
    "too-few-received": "投标截止时投标人少于三个",
    "too-few-decrypted": "解密成功的投标人少于三个",
}
ANSWER: Mapping[str, str] = {
    "none": "未答复",
    "confirmed": "已确认",
    "disputed": "有异议",
    "deemed": "逾期未答复，视为确认",
}
FINDING: Mapping[str, str] = {
    "bidder-name-differs": "开标一览表所载名称与投标人不一致",
    "uscc-differs": "开标一览表所载统一社会信用代码不一致",
    "over-cap": "超过最高投标限价",
    "missing": "未填写",
    "unreadable": "无法读取",
    "words-unreadable": "大写金额无法读取",
    "words-differ": "大写与小写不一致",
}
DEPOSIT: Mapping[str, str] = {"paid": "已到账", "guarantee": "保函", "unpaid": "未到账", "waived": "免交"}
ROLE: Mapping[str, tuple[str, str]] = {
    "procuring_entity": ("招标人代表", "Procuring entity"),
    "agency_host": ("招标代理（主持人）", "Agency, host"),
    "opening_witness": ("监标人", "Witness"),
    "recorder": ("记录人", "Recorder"),
    "supervisor": ("行政监督", "Supervisor"),
}


def status(code: str) -> str:
    """What became of a bid."""
    return STATUS.get(code, code)


def cause(text: str) -> str:
    """A cause: `code`, `code: the host's reason`, or free words."""
    code, colon, reason = text.partition(": ")
    if code not in CAUSE:
        return text
    return f"{CAUSE[code]}：{reason}" if colon else CAUSE[code]


def finding(text: str, titles: Mapping[str, str]) -> str:
    """A finding, `code` or `code:item`; *titles* names the items."""
    code, colon, item = text.partition(":")
    said = FINDING.get(code, code)
    return f"{titles.get(item, item)}：{said}" if colon else said


def yuan(fen: int) -> str:
    """1,234,567.89"""
    whole, rest = divmod(fen, _FEN)
    return f"{whole:,}.{rest:02d}"


def percent(rate: int) -> str:
    """Ten-thousandths as a percentage: 125 is 1.25%."""
    whole, rest = divmod(rate, _RATE)
    return f"{whole}.{rest:02d}%"


def item(value: Any, kind: str) -> str:
    """An announced item as it is read out; a dash where the sheet has none."""
    if value is None:
        return "—"
    if kind == "fen":
        return yuan(value)
    return percent(value) if kind == "rate" else str(value)


def capitals(fen: int | None) -> str:
    """The amount in capital numerals; a dash where there is none."""
    return "—" if fen is None else words_of(fen)


def instant(value: datetime | str | None) -> str:
    """China time to the second; a dash where there is none."""
    local = _local(value)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local else "—"


def exact(value: datetime | str | None) -> str:
    """China time to the microsecond, for what is decided by instants."""
    local = _local(value)
    return f"{local:%Y-%m-%d %H:%M:%S.%f}" if local else "—"


def _local(value: datetime | str | None) -> datetime | None:
    if not value:
        return None
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(CHINA)


def size(count: int) -> str:
    """Bytes, counted exactly."""
    return f"{count:,}"
