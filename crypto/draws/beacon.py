"""A number that nobody in the room chose: read off the world after the last reveal."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crypto.draws import drand
from crypto.errors import DrawInvalid


class BeaconKind(StrEnum):
    """Where the number comes from; the kind also says how a typed value is normalised."""

    DRAND = "drand-quicknet"
    LOTTERY_SET = "lottery-set"
    """Balls whose order means nothing (双色球): sorted, as RFC 3797 §4 asks."""
    LOTTERY_DIGITS = "lottery-digits"
    """Digits in their order (排列五)."""
    INDEX_CLOSE = "index-close"
    """A stock index at the close of a named day, with two decimals."""
    BALLS = "balls"
    """A filmed draw of balls, in the order of their coming."""
    DICE = "dice"
    """A filmed throw of dice, in the order of throwing."""


@dataclass(frozen=True)
class BeaconSource:
    """A kind and the exact event of it: a drand round, an issue of a lottery, a trading day."""

    kind: BeaconKind
    event: str


@dataclass(frozen=True)
class Typed:
    """What one party read off the event and typed in."""

    party: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Beacon:
    """A beacon that was checked: its source, its value, when the event was, who typed it in.

    `value` is drand's signature (hex) or the normalised numbers; `entered_by` is empty for drand.
    """

    source: BeaconSource
    value: str
    at: datetime
    entered_by: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise DrawInvalid unless the value is what its kind allows and vouches for itself."""
        if self.source.kind is BeaconKind.DRAND:
            self._check_drand()
        elif normalise(self.source.kind, self.value) != self.value:
            raise DrawInvalid("the beacon's value is not in its normal form")
        elif len(self.entered_by) != len(set(self.entered_by)) or len(self.entered_by) != _TWO:
            raise DrawInvalid("an offline beacon is typed in by two different parties")

    def _check_drand(self) -> None:
        round_ = drand.parse_round(self.source.event)
        if self.at != drand.time_of(round_):
            raise DrawInvalid(f"round {round_} was not at {self.at.isoformat()}")
        drand.verify(round_, self.value)


_TWO = 2
_NUMBERS = re.compile(r"\d+")
_CLOSE = re.compile(r"\d{1,6}\.\d{2}")
_SEPARATORS = re.compile(r"[\s,.;/+|、;-]*")


def enter(source: BeaconSource, first: Typed, second: Typed, *, at: datetime) -> Beacon:
    """The offline beacon that two parties read alike at the event's instant *at*.

    Raises DrawInvalid if they are one party, read different values, or typed no value of the kind.
    """
    values = {normalise(source.kind, typed.value) for typed in (first, second)}
    if first.party == second.party:
        raise DrawInvalid("two different parties type the value in")
    if len(values) != 1:
        raise DrawInvalid("the two parties typed different values")
    return Beacon(source=source, value=values.pop(), at=at, entered_by=(first.party, second.party))


def from_drand(round_: int, signature: str) -> Beacon:
    """The verified drand quicknet round. Raises DrawInvalid."""
    source = BeaconSource(BeaconKind.DRAND, str(round_))
    beacon = Beacon(source=source, value=signature.lower(), at=drand.time_of(round_))
    beacon.check()
    return beacon


def normalise(kind: BeaconKind, typed: str) -> str:
    """One spelling for what people type: full-width digits, spaces and separators do not matter.

    Numbers come out without leading zeros, joined by dots (`3.7.12.`, RFC 3797 §4); an index as it
    is printed, without thousands separators. Raises DrawInvalid.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if kind is BeaconKind.INDEX_CLOSE:
        return _close(text)
    numbers = [int(digits) for digits in _NUMBERS.findall(text)]
    if not numbers or not _SEPARATORS.fullmatch(_NUMBERS.sub("", text)):
        raise DrawInvalid("not a row of numbers")
    if kind is BeaconKind.LOTTERY_DIGITS:
        numbers = [int(digit) for digits in _NUMBERS.findall(text) for digit in digits]
    if kind is BeaconKind.LOTTERY_SET:
        numbers.sort()
    return "".join(f"{number}." for number in numbers)


def _close(text: str) -> str:
    plain = text.replace(",", "").replace(" ", "")
    if not _CLOSE.fullmatch(plain):
        raise DrawInvalid("not the close of an index with two decimals")
    return plain
