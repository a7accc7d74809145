"""What a notice fixes: the terms of one tender (one lot), frozen by hash when it is published.

These dataclasses are the one spelling shared by the rules, the envelope's context, the opening and the
public pages. `notice_sha256` is SHA-256 over JCS of `Terms.plain()`.
"""

import types
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from crypto.jcs import digest
from crypto.ledger.acts import plain


class Regime(StrEnum):
    """Which body of rules binds the project (domain §0.3)."""

    ZTB = "ZTB"
    GP = "GP"
    LOCAL_SMALL = "LOCAL_SMALL"
    RURAL_PROPERTY = "RURAL_PROPERTY"


class Category(StrEnum):
    """OCDS main procurement category."""

    WORKS = "works"
    GOODS = "goods"
    SERVICES = "services"


class ProjectType(StrEnum):
    """Which opening record and which opening steps apply (domain §2.2, §2.8)."""

    CONSTRUCTION = "construction"
    EPC = "epc"
    SUPERVISION = "supervision"
    DESIGN = "design"
    SURVEY = "survey"
    ELEVATOR = "elevator"
    GOODS = "goods"
    PREQUALIFICATION = "prequalification"


class PriceType(StrEnum):
    """What the bidder's price is: an amount in fen, or a rate in ten-thousandths up or down."""

    TOTAL = "total"
    UP_RATE = "up_rate"
    DOWN_RATE = "down_rate"


class FewDecrypted(StrEnum):
    """What happens when at least three bids were received but fewer than three opened (domain §1.13-1)."""

    FAIL = "fail"
    TO_COMMITTEE = "to_committee"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One independent holder whose key every bid of the tender is sealed to, besides the bidder's own."""

    order: int
    organisation_id: str
    person_id: str
    name: str
    recipient: str


@dataclass(frozen=True, kw_only=True)
class ShareHolder:
    """A committee member who holds one share of each bid's fallback."""

    number: int
    organisation_id: str
    person_id: str
    name: str
    recipient: str


@dataclass(frozen=True, kw_only=True)
class Committee:
    """The m-of-n committee fallback; absent means the tender has none."""

    m: int
    members: tuple[ShareHolder, ...]


@dataclass(frozen=True, kw_only=True)
class CoefficientSpec:
    """A coefficient drawn at the opening while prices are sealed (domain §2.9)."""

    label: str
    candidates: tuple[str, ...]
    beacon: str = "offline"


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How long each window of the opening stands, in seconds (domain §2.4)."""

    sign_in: int = 3600
    release: int = 1800
    fallback: int = 900
    layers: int = 900
    price_confirm: int = 600
    objection: int = 300
    record_confirm: int = 600
    host_grace: int = 300


@dataclass(frozen=True, kw_only=True)
class SheetField:
    """One item of the opening sheet: asked of the bidder, announced at the opening."""

    name: str
    kind: str  # "fen" | "rate" | "days" | "text"
    zh: str
    en: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The whole of what is fixed. Money in fen, spans in seconds, rates in ten-thousandths."""

    tender_id: str
    lot_code: str
    title: str
    regime: Regime
    category: Category
    project_type: ProjectType
    is_mandatory: bool
    is_invited: bool
    invited: tuple[str, ...] = ()
    procuring_entity: str
    agency: str
    place: str
    township: str
    venue: str
    estimate_fen: int
    price_cap_fen: int | None
    secret_base_price: bool = False
    deposit_fen: int = 0
    price_type: PriceType = PriceType.TOTAL
    sheet: tuple[SheetField, ...]
    docs_from: datetime
    docs_until: datetime
    questions_until: datetime
    bid_deadline: datetime
    opening_time: datetime
    bid_validity_days: int
    layers: tuple[Layer, ...]
    committee: Committee | None = None
    coefficient: CoefficientSpec | None = None
    windows: Windows = field(default_factory=Windows)
    few_decrypted: FewDecrypted = FewDecrypted.FAIL
    absence_effect: str = ""
    remedy: str = ""
    max_bid_bytes: int = 4 * 1024**3
    rule_set_version: str
    documents: tuple[dict[str, Any], ...] = ()  # {"name", "size", "sha256"}

    def plain(self) -> dict[str, Any]:
        """The terms as plain JSON values, the form that is hashed, logged and published."""
        return unfold(self)  # type: ignore[no-any-return]

    @property
    def sha256(self) -> str:
        """The hash that bids name as `notice_sha256`, in hex."""
        return digest(self.plain()).hex()


def unfold(value: Any) -> Any:
    """Dataclasses, all the way down, as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: unfold(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [unfold(item) for item in value]
    return plain(value)


def fold(value: dict[str, Any]) -> Terms:
    """The terms that *value*, as `Terms.plain()` gave it, speaks of; `fold(t.plain()) == t`.

    Raises KeyError, TypeError or ValueError for anything that was not written by `plain()`.
    """
    return _fold(Terms, value)  # type: ignore[no-any-return]


def _fold(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _fold(next(k for k in inner if k is not types.NoneType), value)
    if origin is tuple:
        return tuple(_fold(inner[0], item) for item in value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: _fold(hints[name], item) for name, item in value.items()})
    return _leaf(kind, value)


def _leaf(kind: Any, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value
