"""Reading an opening sheet: the items that are announced, and what stands out in them. Pure.

A sheet holds one value for each field the notice asks for, and may hold `bidder_name`, `uscc` and, for
an amount, `<field>_words` in capital numerals. A finding is a fact for the committee: nothing is
rejected at the opening (K-06).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bidding.opening.amounts import fen_of, words_of
from bidding.tender.terms import PriceType, SheetField, Terms

WORDS = "_words"
_TEXT_LIMIT = 2000


@dataclass(frozen=True)
class Reading:
    """The items of one sheet (fen, ten-thousandths, days, text) and the findings about them."""

    items: dict[str, Any]
    findings: tuple[str, ...]


def read_sheet(sheet: Mapping[str, Any], terms: Terms, *, name: str, uscc: str) -> Reading:
    """What is announced of *sheet*, a bid of the organisation *name*, *uscc*."""
    items: dict[str, Any] = {}
    findings = list(_who(sheet, name=name, uscc=uscc))
    for field in terms.sheet:
        value, found = _item(sheet, field)
        items[field.name] = value
        findings += found
        if field.kind == "fen" and isinstance(value, int):
            items[field.name + WORDS] = words_of(value)
    findings += ["over-cap"] if _is_over_cap(items, terms) else []
    return Reading(items, tuple(findings))


def price_field(terms: Terms) -> SheetField | None:
    """The field that holds the price: an amount, or a rate where the bidding document asks for one."""
    kind = "fen" if terms.price_type is PriceType.TOTAL else "rate"
    return next((field for field in terms.sheet if field.kind == kind), None)


def price_of(items: Mapping[str, Any], terms: Terms) -> int | None:
    """The price in fen (or the rate in ten-thousandths); None where the sheet has none that can be read."""
    field = price_field(terms)
    value = items.get(field.name) if field else None
    return value if isinstance(value, int) else None


def _who(sheet: Mapping[str, Any], *, name: str, uscc: str) -> Iterable[str]:
    if "bidder_name" in sheet and _plain(sheet["bidder_name"]) != _plain(name):
        yield "bidder-name-differs"
    if "uscc" in sheet and _plain(sheet["uscc"]) != _plain(uscc):
        yield "uscc-differs"


def _plain(value: Any) -> str:
    """Full-width letters, case and spaces do not make another name."""
    return "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def _item(sheet: Mapping[str, Any], field: SheetField) -> tuple[Any, list[str]]:
    value = sheet.get(field.name)
    if value is None or value == "":
        return None, [f"missing:{field.name}"] if field.required else []
    if field.kind == "text":
        return (value[:_TEXT_LIMIT], []) if isinstance(value, str) else (None, [f"unreadable:{field.name}"])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        return None, [f"unreadable:{field.name}"]
    return value, list(_words(sheet, field, value))


def _words(sheet: Mapping[str, Any], field: SheetField, value: int) -> Iterable[str]:
    words = sheet.get(field.name + WORDS)
    if field.kind != "fen" or words is None:
        return
    try:
        differs = fen_of(str(words)) != value
    except ValueError:
        yield f"words-unreadable:{field.name}"
        return
    if differs:
        yield f"words-differ:{field.name}"


def _is_over_cap(items: Mapping[str, Any], terms: Terms) -> bool:
    price = price_of(items, terms)
    return (
        terms.price_type is PriceType.TOTAL
        and terms.price_cap_fen is not None
        and price is not None
        and price > terms.price_cap_fen
    )
