"""Canonical JSON (RFC 8785), without floats: one value, one spelling, one digest."""

import hashlib
import json
from typing import Any, NoReturn

import rfc8785

from crypto.errors import NotCanonical


def canonical(value: Any) -> bytes:
    """The one spelling of *value*: objects, lists, text, whole numbers below 2**53, true, false, null.

    Raises NotCanonical for anything else, floats included: amounts are fen, scores are scaled.
    """
    try:
        _refuse_floats(value)
        return rfc8785.dumps(value)
    except (ValueError, RecursionError) as error:  # CanonicalizationError is a ValueError
        raise NotCanonical(str(error)) from None


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical spelling (32 bytes)."""
    return hashlib.sha256(canonical(value)).digest()


def parse(raw: bytes) -> Any:
    """The value that *raw* spells canonically.

    Raises NotCanonical for every other spelling: white space, unsorted or repeated keys, floats, NaN,
    escapes that need not be, bytes that are not UTF-8.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_float=_no_float,
            parse_constant=_no_float,
            object_pairs_hook=_no_repeats,
        )
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from None
    if canonical(value) != raw:
        raise NotCanonical("not the canonical spelling")
    return value


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise NotCanonical("a float has no place here")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def _no_float(text: str) -> NoReturn:
    raise NotCanonical(f"not a whole number: {text[:40]}")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("a key is repeated")
    return value
