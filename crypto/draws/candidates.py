"""Who or what may be drawn: a list fixed by its digest before anyone may read it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from crypto import jcs
from crypto.errors import DrawInvalid

_SALT_BYTES = 16


@dataclass(frozen=True, order=True)
class Candidate:
    """An identifier and the salt (hex) that keeps a short list from being guessed; "" in public draws."""

    id: str
    salt: str = ""


def salted(identifiers: Iterable[str]) -> tuple[Candidate, ...]:
    """Candidates whose names stay secret: each with 16 random bytes, sorted by identifier."""
    return tuple(Candidate(id_, secrets.token_hex(_SALT_BYTES)) for id_ in sorted(identifiers))


def public(identifiers: Iterable[str]) -> tuple[Candidate, ...]:
    """Candidates everybody may know from the start, such as coefficients; sorted."""
    return tuple(Candidate(id_) for id_ in sorted(identifiers))


def commitment_to(candidates: Iterable[Candidate]) -> str:
    """SHA-256 (hex) of the canonical JSON of [{id, salt}, …] sorted by identifier.

    Raises DrawInvalid for an empty list or a repeated identifier.
    """
    entries = sorted(candidates)
    if not entries or len({entry.id for entry in entries}) != len(entries):
        raise DrawInvalid("a list of candidates is empty or names one twice")
    return jcs.digest([{"id": entry.id, "salt": entry.salt} for entry in entries]).hex()
