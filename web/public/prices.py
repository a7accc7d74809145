"""How prices stand to the price cap; reckoned for the reader, no part of the signed record. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TEN_THOUSAND = 10_000
_FULL = 100


@dataclass(frozen=True)
class Mark:
    """A price below the cap by `rate` (ten-thousandths, negative above it), drawn `width` per cent wide."""

    rate: int
    width: int

    @property
    def is_over(self) -> bool:
        return self.rate < 0


def price_column(body: Mapping[str, Any]) -> str | None:
    """The column that holds the total price; None where the tender asks for a rate."""
    if body["price_type"] != "total":
        return None
    return next((str(one["name"]) for one in body["columns"] if one["kind"] == "fen"), None)


def marks_of(body: Mapping[str, Any]) -> dict[int, Mark]:
    """By row number; empty where there is no cap to compare with."""
    cap, column = body["price_cap_fen"], price_column(body)
    if not cap or column is None:
        return {}
    prices = {one["number"]: one["items"].get(column) for one in body["rows"]}
    rates = {number: below(price, cap) for number, price in prices.items() if isinstance(price, int)}
    widest = max((abs(one) for one in rates.values()), default=0) or 1
    return {number: Mark(one, abs(one) * _FULL // widest) for number, one in rates.items()}


def below(price: int, cap: int) -> int:
    """How far *price* is below *cap*, in ten-thousandths of it, rounded half up."""
    return (2 * (cap - price) * _TEN_THOUSAND + cap) // (2 * cap)


def average(values: Sequence[int]) -> int | None:
    """The mean, rounded half up; None of nothing."""
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else None
