"""Chinese identifiers: the organisation's code, the resident's number, the deal's code. Pure arithmetic.

Own implementations of GB 32100-2015, GB 11714-1997, GB 11643-1999 and ISO 7064 MOD 37-2.
"""

import re
from dataclasses import dataclass
from datetime import date

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an identifier, in both languages."""

    zh: str
    en: str


def normal(text: str) -> str:
    """*text* as identifiers are written: half-width, upper case, without any space."""
    return _SPACES.sub("", text.translate(_FULL_WIDTH)).upper()


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_USCC_ALPHABET}]*")
_USCC_SIZE, _USCC_WEIGHTS = 18, tuple(pow(3, i, 31) for i in range(17))


def uscc_fault(uscc: str) -> Fault | None:
    """What is wrong with a normalised unified social credit code (GB 32100-2015), if anything."""
    if len(uscc) != _USCC_SIZE:
        return Fault(f"应为 18 位,现为 {len(uscc)} 位", f"18 characters are needed, not {len(uscc)}")
    if not _USCC.fullmatch(uscc):
        return Fault("含有不允许的字符", "it holds a character that never occurs in one")
    if uscc_check(uscc[:-1]) != uscc[-1]:
        return Fault("校验码不符", "the check character does not match")
    return None


def uscc_check(body: str) -> str:
    """The 18th character for the 17 before it."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


_ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def is_organisation_code_odd(uscc: str) -> bool:
    """Whether characters 9-17 fail their own check (GB 11714): a warning, never a refusal.

    Some newer codes were given out otherwise.
    """
    return organisation_code_check(uscc[8:16]) != uscc[16]


def organisation_code_check(body: str) -> str:
    """The 9th character of an organisation code for the 8 before it."""
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_CODE_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


_ID_SIZE, _ID_WEIGHTS = 18, tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_FORM = re.compile(r"[0-9]{17}[0-9X]")
_PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)  # fmt: skip


def id_number_fault(id_number: str, *, today: date) -> Fault | None:
    """What is wrong with a normalised resident identity number (GB 11643-1999), if anything."""
    if not _ID_FORM.fullmatch(id_number):
        return Fault("应为 17 位数字加 1 位校验码", "17 digits and a check character are needed")
    if id_number[:2] not in _PROVINCES:
        return Fault("地区代码不存在", "no such region")
    if not _is_born(id_number[6:14], today):
        return Fault("出生日期不存在或晚于今日", "the date of birth does not exist or is yet to come")
    if id_number_check(id_number[:-1]) != id_number[-1]:
        return Fault("校验码不符", "the check character does not match")
    return None


def id_number_check(body: str) -> str:
    """The 18th character for the 17 digits before it."""
    total = sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _is_born(digits: str, today: date) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= today
    except ValueError:
        return False


def mask(text: str, *, head: int = 3, tail: int = 4) -> str:
    """The first *head* and the last *tail* characters, with stars between; stars alone if it is short."""
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[-tail:] if hidden > 0 else "*" * len(text)


_DEAL_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_DEAL = re.compile(r"[A-Z][0-9]{2}[0-9A-Z]{18}[0-9]{8}[0-9]{6}[0-9A-Z*]")


def deal_code_check(body: str) -> str:
    """The check character over category, platform code, date and serial (ISO 7064 MOD 37-2, GB/T 17710)."""
    total = 0
    for character in body:
        total = (total + _DEAL_ALPHABET.index(character)) * 2 % 37
    return _DEAL_ALPHABET[(38 - total) % 37]


def deal_code(*, category: str, platform_uscc: str, day: date, serial: int) -> str:
    """A unified deal code without its reading dashes, for example A01 + code + 20260115 + 000001 + check."""
    body = f"{category}{platform_uscc}{day:%Y%m%d}{serial:06d}"
    return body + deal_code_check(body)


def is_deal_code(text: str) -> bool:
    """Whether *text*, with or without dashes, is a unified deal code whose check holds."""
    code = normal(text).replace("-", "")
    return bool(_DEAL.fullmatch(code)) and deal_code_check(code[:-1]) == code[-1]
