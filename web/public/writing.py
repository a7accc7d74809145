"""How instants, spans, amounts and acts are written on the pages."""

import json
from datetime import datetime, timedelta
from typing import Any

from bidding.tender.calendar import CHINA
from web.public import words

_FEN_IN_YUAN = 100
_KIB = 1024
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _local(at: datetime | str) -> datetime:
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(CHINA)


def beijing(at: datetime | str | None, *, seconds: bool = False) -> str:
    """An instant as Beijing time, the zone the law's deadlines are written in."""
    if at is None:
        return "—"
    return _local(at).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def hour(at: datetime | str | None) -> str:
    """The time of day to the second."""
    return "—" if at is None else _local(at).strftime("%H:%M:%S")


def when(at: datetime | str, language: str) -> str:
    """An instant in full, with its day of the week, as it is said in a notice."""
    local = _local(at)
    day, clock = local.weekday(), local.strftime("%H:%M:%S" if local.second else "%H:%M")
    if language == "en":
        return f"{_SHORT[day]} {local.day} {_MONTHS[local.month - 1]} {local.year}, {clock}"
    return f"{local.year}年{local.month}月{local.day}日（{_DAYS[day]}）{clock}"


def remaining(until: datetime, now: datetime, language: str) -> str:
    """How long until an instant, in the two largest units; empty once it has passed."""
    left = until - now
    if left < timedelta(0):
        return ""
    hours, minutes = divmod(left.seconds // 60, 60)
    units = [(left.days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min")]
    start = next((place for place, (count, _, _) in enumerate(units) if count), 2)
    chosen = [unit for unit in units[start : start + 2] if unit[0] or unit is units[2]]
    return " ".join(f"{count} {zh if language == 'zh' else en}" for count, zh, en in chosen)


def yuan(fen: int | None) -> str:
    """Whole fen as yuan with separators and two decimals, or a dash."""
    if fen is None:
        return "—"
    whole, rest = divmod(abs(fen), _FEN_IN_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def rate(parts: int | None) -> str:
    """Ten-thousandths as per cent."""
    if parts is None:
        return "—"
    whole, rest = divmod(abs(parts), 100)
    return f"{'-' if parts < 0 else ''}{whole}.{rest:02d}%"


def weight(count: int) -> str:
    """Bytes, in the unit that reads best."""
    size, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < _KIB or unit == "GiB":
            break
        size /= _KIB
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"


def facts_of(entry: Any) -> dict[str, Any]:
    """The facts of a ledger entry."""
    return dict(json.loads(entry.text)["body"])


def told(entry: Any, names: dict[str, str], language: str) -> str:
    """What a public act says beyond its name, in a few words; *names* are those that are public by now."""
    facts = facts_of(entry)
    said = [_said(name, facts, names, language) for name in _TOLD if facts.get(name)]
    return " · ".join(one for one in said if one)


_TOLD = (
    "bidder_id", "number", "stage", "window", "role", "paper", "version", "label", "coefficient", "party",
    "cause", "closes_at", "bid_deadline", "price_cap_fen", "opened", "count", "reason", "document_no",
)  # fmt: skip


def _said(name: str, facts: dict[str, Any], names: dict[str, str], language: str) -> str:
    value = facts[name]
    if name in words.TABLES:
        return words.say(words.TABLES[name], str(value), language)
    if name == "bidder_id":
        return names.get(value, "")
    if name in {"closes_at", "bid_deadline"}:
        until = hour(value) if name == "closes_at" else beijing(value)
        return f"至 {until}" if language != "en" else f"until {until}"
    return _figure(name, value, language)


def _figure(name: str, value: Any, language: str) -> str:
    if name == "price_cap_fen":
        return yuan(value)
    if name == "cause":
        return words.cause(str(value), language)
    if name in words.COUNTS:
        return words.say(words.COUNTS, name, language).format(value)
    return str(value)
