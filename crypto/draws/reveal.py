"""Commit first, reveal later: each party's own share of the chance."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from crypto.errors import DrawInvalid

R_BYTES = 32


@dataclass(frozen=True)
class Commitment:
    """A party's digest (hex), logged at *at*."""

    party: str
    digest: str
    at: datetime


@dataclass(frozen=True)
class Reveal:
    """The 32 bytes (hex) that a party had committed to, logged at *at*."""

    party: str
    r: str
    at: datetime


def new_share() -> bytes:
    """A party's 32 random bytes; to be kept secret until the reveal."""
    return secrets.token_bytes(R_BYTES)


def commit(draw_id: str, party: str, r: bytes) -> str:
    """SHA-256 (hex) of "draw/v1", *draw_id*, *party* and *r*, each but the last followed by a zero byte.

    The zero bytes keep one draw's name from running into a party's, the party's name keeps anyone
    from copying another's commitment. Raises DrawInvalid unless *r* has 32 bytes.
    """
    if len(r) != R_BYTES:
        raise DrawInvalid("a share of the seed has 32 bytes")
    framed = b"".join(text.encode() + b"\0" for text in ("draw/v1", draw_id, party))
    return hashlib.sha256(framed + r).hexdigest()


def check_reveal(draw_id: str, party: str, r: bytes, *, commitment: str) -> None:
    """Return if *r* is what *party* had committed to, else raise DrawInvalid."""
    if not hmac.compare_digest(commit(draw_id, party, r).encode(), commitment.encode()):
        raise DrawInvalid(f"{party} reveals something else than it committed to")
