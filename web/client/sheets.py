"""The opening sheet as a bidder fills it in: each value of the kind that the notice asks for, or a defect."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

EXTRA = ("bidder_name", "uscc")
WORDS = "_words"
_TEXT_LIMIT = 2000
_YUAN = re.compile(r"(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_FEN_DIGITS = 2


class SheetDefective(ValueError):
    """The sheet is not one that the notice asks for; `defects` tells each fault as (field, zh, en)."""

    def __init__(self, defects: Sequence[tuple[str, str, str]]) -> None:
        self.defects = list(defects)
        super().__init__("; ".join(f"{name}: {en}" for name, _, en in self.defects))


def check_sheet(values: Any, fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """*values* as they are sealed, proved to be what *fields* of the notice ask for.

    Amounts are whole fen, rates whole ten-thousandths, days whole days: JSON integers, never text, never
    with a fraction. `bidder_name`, `uscc` and `<amount>_words` may stand beside them. Raises SheetDefective.
    """
    asked = {str(one["name"]): one for one in fields}
    if not isinstance(values, Mapping):
        raise SheetDefective([("", "开标一览表应为一个 JSON 对象", "the sheet must be one JSON object")])
    defects = [*_unknown(values, asked), *_missing(values, asked)]
    for name in values.keys() - {name for name, _, _ in defects}:
        defects += _faults(name, values[name], str(asked[name]["kind"]) if name in asked else "text")
    if defects:
        raise SheetDefective(sorted(defects))
    return {name: _normal(value) for name, value in values.items() if value is not None}


def fen_of_yuan(text: str) -> int:
    """An amount typed in yuan, "1234567.8", in fen. Raises ValueError for every other spelling.

    No sign, no thousands separators, no exponent, no full-width digits, at most two decimals.
    """
    found = _YUAN.fullmatch(text.strip(" "))
    if found is None:
        raise ValueError("not an amount in yuan such as 1234567.89")
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(_FEN_DIGITS, "0"))
    return _bounded(fen)


def whole_of(text: str) -> int:
    """A whole number as typed. Raises ValueError for every other spelling."""
    if _WHOLE.fullmatch(text.strip(" ")) is None:
        raise ValueError("not a whole number such as 180")
    return _bounded(int(text))


def _bounded(number: int) -> int:
    if number > LARGEST:
        raise ValueError("the number is too large")
    return number


def _unknown(values: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    words = {name + WORDS for name, one in asked.items() if one["kind"] == "fen"}
    for name in values.keys() - asked.keys() - words - set(EXTRA):
        yield str(name), "公告中没有这一项", "the notice asks for no such item"


def _missing(values: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, one in asked.items():
        if one.get("required", True) and _is_empty(values.get(name)):
            yield name, "必填项为空", "this item must be filled in"


def _faults(name: str, value: Any, kind: str) -> Iterator[tuple[str, str, str]]:
    if _is_empty(value):
        return
    if kind == "text":
        if not isinstance(value, str) or len(value) > _TEXT_LIMIT or not _is_readable(value):
            yield name, "应为不超过 2000 字的文字", "must be text of at most 2000 letters"
    elif type(value) is not int or not 0 <= value <= LARGEST:
        yield name, *_NUMBERS[kind if kind in _NUMBERS else "days"]


_NUMBERS = {
    "fen": (
        "金额应为以分为单位的非负整数，不带引号、小数点、千分位",
        "an amount is a whole number of fen, not negative: no quotes, no fraction, no separators",
    ),
    "rate": (
        "费率应为以万分之一为单位的非负整数",
        "a rate is a whole number of ten-thousandths, not negative",
    ),
    "days": ("应为非负整数", "must be a whole number, not negative"),
}


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def _is_readable(text: str) -> bool:
    return not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text if letter not in "\n\t")


def _normal(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
