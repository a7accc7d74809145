"""Reading strangers' JSON: exactly these fields, exactly these types, or ValueError."""

import re
from typing import Any

_DIGEST = re.compile(r"[0-9a-f]{64}")
MAX_TEXT = 4096


def exact(value: Any, **fields: type | tuple[type, ...]) -> dict[str, Any]:
    """*value*, if it is an object of exactly *fields*, each of its type; text of at most 4096 letters."""
    if not isinstance(value, dict) or value.keys() != fields.keys():
        raise ValueError(f"not an object of exactly {sorted(fields)}")
    for name, kind in fields.items():
        _demand_kind(name, value[name], kind)
    return value


def digest(text: str) -> str:
    """*text*, if it is a SHA-256 in lower-case hex."""
    if not _DIGEST.fullmatch(text):
        raise ValueError("not a SHA-256 in lower-case hex")
    return text


def natural(number: int, *, least: int = 0) -> int:
    """*number*, if it is at least *least*."""
    if number < least:
        raise ValueError(f"{number} is less than {least}")
    return number


def _demand_kind(name: str, found: Any, kind: type | tuple[type, ...]) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if type(found) not in kinds:  # exact: true is no number
        raise ValueError(f"{name} is of another type")
    if isinstance(found, str) and len(found) > MAX_TEXT:
        raise ValueError(f"{name} is too long")
