"""What a sealed file belongs to: one object of one bid, in one lot of one tender, under one notice."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crypto import jcs
from crypto.age import Stanza, base64
from crypto.envelope import shape

VERSION = 1
SUITE = "age-x25519"
BIND = "qifeng.example/bind-v1"

_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Context:
    """The facts that every sealed file of a submission is bound to.

    `object` is "sheet", "docs", or "statement" for the submission as a whole; `round` counts the
    bidder's submissions from 1; `notice_sha256` and `deadline` are those the bidder saw.
    """

    tender_id: str
    notice_sha256: str
    lot: str
    stage: str
    object: str
    bidder_cert_sha256: str
    deadline: datetime
    round: int
    nonce16: str

    def of(self, name: str) -> "Context":
        """The same submission, another object of it."""
        return replace(self, object=name)

    def plain(self) -> dict[str, Any]:
        """The JSON of the context; the deadline is RFC 3339 in UTC, "2026-12-01T01:30:00Z"."""
        return {"v": VERSION, "suite": SUITE, **asdict(self), "deadline": instant(self.deadline)}

    def stanza(self) -> Stanza:
        """The stanza that binds an age file to this context: SHA-256 of its canonical JSON."""
        return Stanza((BIND, base64.encode(jcs.digest(self.plain()))))

    @classmethod
    def read(cls, value: Any) -> "Context":
        """The context that *value* spells. Raises ValueError."""
        fields = shape.exact(value, **_FIELDS)
        if (fields["v"], fields["suite"]) != (VERSION, SUITE):
            raise ValueError("another version or suite")
        if not _NONCE.fullmatch(fields["nonce16"]):
            raise ValueError("nonce16 is not 16 bytes in lower-case hex")
        shape.digest(fields["notice_sha256"])
        shape.digest(fields["bidder_cert_sha256"])
        shape.natural(fields["round"], least=1)
        own = {name: fields[name] for name in cls.__dataclass_fields__}
        return cls(**{**own, "deadline": parse_instant(fields["deadline"])})


_FIELDS: dict[str, type] = {
    "v": int,
    "suite": str,
    "tender_id": str,
    "notice_sha256": str,
    "lot": str,
    "stage": str,
    "object": str,
    "bidder_cert_sha256": str,
    "deadline": str,
    "round": int,
    "nonce16": str,
}


def instant(at: datetime) -> str:
    """*at* (aware) as RFC 3339 in UTC, with a "Z" and no more digits than it has."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """The instant that *text* spells as `instant` would. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if instant(at) != text:
        raise ValueError("an instant in another spelling")
    return at.astimezone(UTC)
