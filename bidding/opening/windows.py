"""The arithmetic of windows: when one is open, what a pause freezes, and where it goes on. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bidding.tender.terms import Windows

SETTLING = timedelta(seconds=2)
"""How long after its end a window is closed by the clock: a request made in time may still be on its way."""

_MICROSECOND = timedelta(microseconds=1)


class WindowKind(StrEnum):
    """The spans in which people other than the host act."""

    RELEASE = "release"
    FALLBACK = "fallback"
    LAYERS = "layers"
    PRICE_CONFIRM = "price_confirm"
    OBJECTION = "objection"
    RECORD_CONFIRM = "record_confirm"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A window as it runs (`closes_at`) or as it is frozen (`left_us`, microseconds); never both."""

    closes_at: datetime | None
    left_us: int | None = None


def length(kind: WindowKind, windows: Windows) -> timedelta:
    """How long the bidding document lets the window stand."""
    return timedelta(seconds=getattr(windows, kind.value))


def is_open(span: Span, *, at: datetime) -> bool:
    """Whether a request made at *at* is in time; the last instant is, a frozen window never."""
    return span.closes_at is not None and at <= span.closes_at


def is_over(span: Span, *, now: datetime) -> bool:
    """Whether the clock may close the window."""
    return span.closes_at is not None and now > span.closes_at + SETTLING


def frozen(span: Span, *, at: datetime) -> Span:
    """The window as a pause at *at* leaves it: the time that is left, never less than none."""
    if span.closes_at is None:
        return span
    return Span(closes_at=None, left_us=max(0, (span.closes_at - at) // _MICROSECOND))


def thawed(span: Span, *, at: datetime) -> Span:
    """The window going on at *at* with exactly the time that was left."""
    if span.left_us is None:
        return span
    return Span(closes_at=at + span.left_us * _MICROSECOND)


def extended(span: Span, *, by: timedelta) -> Span:
    """The window, longer by *by*, running or frozen."""
    if span.closes_at is not None:
        return Span(closes_at=span.closes_at + by)
    return Span(closes_at=None, left_us=(span.left_us or 0) + by // _MICROSECOND)
