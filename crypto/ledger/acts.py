"""What happened, in the past tense: frozen, with a kind, an audience and the stream it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar

KINDS: dict[str, type["Act"]] = {}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that happened.

    A concrete act names its `kind` and the `audience` that may hear it, and answers which `stream`
    it joins. One stream has one audience, so that the dense `seq` of a stream counts nothing that
    its listeners may not hear.
    """

    kind: ClassVar[str] = ""
    audience: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("kind"):
            if KINDS.setdefault(cls.kind, cls).__qualname__ != cls.__qualname__:
                raise RuntimeError(f"two acts of kind {cls.kind}")
            KINDS[cls.kind] = cls

    @property
    def stream(self) -> str:
        raise NotImplementedError

    def body(self) -> dict[str, Any]:
        """The facts of the act as plain JSON values (no floats)."""
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


def plain(value: Any) -> Any:
    """Turn *value* into what JCS accepts: text, whole numbers, booleans, null, lists and objects."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, str):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no place in the ledger")


def instant(at: datetime) -> str:
    """*at* as RFC 3339 in UTC with microseconds, the one spelling of time in the ledger."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
