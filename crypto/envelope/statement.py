"""The statement of a submission: what the bidder signs, and what the log keeps of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from crypto import jcs
from crypto.age import is_recipient
from crypto.envelope import shape
from crypto.envelope.context import Context
from crypto.errors import NotCanonical, StatementInvalid

TYPE = "qifeng.example/statement-v1"
STATEMENT = "statement.json"
SIGNATURE = "statement.p7s"
OBJECTS = ("sheet", "docs")
STEPS = {"sheet": 4096, "docs": 1 << 20}  # plaintexts are padded to whole steps of so many bytes
MAX_STATEMENT = 256 * 1024
MAX_MEMBERS = 255  # Shamir shares over GF(2^8)


@dataclass(frozen=True)
class Part:
    """A file of the submission as it is uploaded: its bytes and their SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class SealedObject(Part):
    """An object, sealed to its own one-time recipient R(S)."""

    object: str
    recipient: str


@dataclass(frozen=True)
class KeyPart(Part):
    """The key of an object inside its layers."""

    object: str


@dataclass(frozen=True)
class SharePart(Part):
    """One member's share of the bidder's layer key."""

    member: str
    recipient: str


@dataclass(frozen=True)
class Member:
    """A member of the key committee that the notice names."""

    member: str
    recipient: str


@dataclass(frozen=True)
class Committee:
    """The committee of the notice: any `threshold` of its members recover a bidder's layer key."""

    list_version: int
    threshold: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Client:
    """The program that sealed: so that a faulty build can be found again."""

    name: str
    version: str
    build_sha256: str


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One submission in full. `previous` is the digest of the statement that this one replaces."""

    context: Context
    objects: tuple[SealedObject, ...]
    keys: tuple[KeyPart, ...]
    bidder_recipient: str
    layers: tuple[str, ...]
    list_version: int | None
    threshold: int | None
    shares: tuple[SharePart, ...]
    consent: str | None
    client: Client
    previous: str | None

    def raw(self) -> bytes:
        """statement.json: canonical JSON."""
        plain = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}
        return jcs.canonical({"type": TYPE, **plain, "context": self.context.plain()})

    def sha256(self) -> str:
        """The digest (hex) by which receipts and the log name this statement."""
        return hashlib.sha256(self.raw()).hexdigest()

    def parts(self) -> tuple[Part, ...]:
        """Every file that the statement names."""
        return (*self.objects, *self.keys, *self.shares)

    def object(self, name: str) -> SealedObject:
        """The sealed object "sheet" or "docs"."""
        return next(one for one in self.objects if one.object == name)

    def recipients(self) -> tuple[str, ...]:
        """The one-time recipients of this submission: R(S) of each object, and R(B)."""
        return (*(one.recipient for one in self.objects), self.bidder_recipient)

    @classmethod
    def read(cls, raw: bytes) -> "Statement":
        """The statement that *raw* spells. Raises StatementInvalid("ill-formed")."""
        try:
            return _read(raw)
        except (ValueError, NotCanonical) as error:
            raise StatementInvalid("ill-formed", f"{STATEMENT}: {error}") from None


def object_name(name: str) -> str:
    return f"{name}.age"


def key_name(name: str) -> str:
    return f"key-{name}.age"


def share_name(number: int) -> str:
    return f"share-{number}.age"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [one if isinstance(one, str) else asdict(one) for one in value]
    return asdict(value) if isinstance(value, Client) else value


_PART = {"name": str, "size": int, "sha256": str}
_MAYBE_TEXT = (str, type(None))
_MAYBE_INT = (int, type(None))
_STATEMENT: dict[str, type | tuple[type, ...]] = {
    "type": str,
    "context": dict,
    "objects": list,
    "keys": list,
    "bidder_recipient": str,
    "layers": list,
    "list_version": _MAYBE_INT,
    "threshold": _MAYBE_INT,
    "shares": list,
    "consent": _MAYBE_TEXT,
    "client": dict,
    "previous": _MAYBE_TEXT,
}


def _read(raw: bytes) -> Statement:
    fields = shape.exact(
        jcs.parse(raw),
        **_STATEMENT,
    )
    if fields.pop("type") != TYPE:
        raise ValueError("another type")
    return _checked(Statement(**fields | _nested(fields)))


def _nested(fields: dict[str, Any]) -> dict[str, Any]:
    client = shape.exact(fields["client"], name=str, version=str, build_sha256=str)
    return {
        "context": Context.read(fields["context"]),
        "objects": tuple(SealedObject(**one) for one in _parts(fields["objects"], object=str, recipient=str)),
        "keys": tuple(KeyPart(**one) for one in _parts(fields["keys"], object=str)),
        "shares": tuple(SharePart(**one) for one in _parts(fields["shares"], member=str, recipient=str)),
        "layers": tuple(fields["layers"]),
        "client": Client(**client),
    }


def _parts(values: list[Any], **more: type) -> Iterable[dict[str, Any]]:
    for value in values:
        fields = shape.exact(value, **_PART, **more)
        shape.digest(fields["sha256"])
        shape.natural(fields["size"], least=1)
        yield fields


def _checked(statement: Statement) -> Statement:
    _demand(statement.context.object == "statement", "the context is not the statement's")
    _demand(_names(statement) == _expected_names(len(statement.shares)), "names that are not the layout's")
    _demand(all(is_recipient(one) for one in _all_recipients(statement)), "not an age recipient")
    distinct = len(set(statement.recipients())) == len(statement.recipients())
    _demand(distinct, "one-time recipients that are the same")
    _demand(statement.layers, "no layers")
    _demand(_fallback_is_whole(statement), "a fallback without list, threshold, consent or shares")
    shape.digest(statement.client.build_sha256)
    shape.digest(statement.previous or "0" * 64)
    first = statement.context.round == 1
    _demand(first == (statement.previous is None), "a later round names the statement it replaces")
    return statement


def _names(statement: Statement) -> list[tuple[str, str]]:
    objects = [(one.name, one.object) for one in statement.objects]
    keys = [(one.name, one.object) for one in statement.keys]
    return objects + keys + [(one.name, "") for one in statement.shares]


def _expected_names(shares: int) -> list[tuple[str, str]]:
    objects = [(object_name(one), one) for one in OBJECTS] + [(key_name(one), one) for one in OBJECTS]
    return objects + [(share_name(number), "") for number in range(1, shares + 1)]


def _all_recipients(statement: Statement) -> tuple[str, ...]:
    return (*statement.recipients(), *statement.layers, *(one.recipient for one in statement.shares))


def _fallback_is_whole(statement: Statement) -> bool:
    terms = (statement.list_version, statement.threshold, statement.consent)
    if not statement.shares:
        return terms == (None, None, None)
    if None in terms or len(statement.shares) > MAX_MEMBERS:
        return False
    return 2 <= (statement.threshold or 0) <= len(statement.shares)  # noqa: PLR2004 -- one is no committee


def _demand(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
