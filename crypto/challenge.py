"""Proving who one is with a certificate: the platform asks, the holder signs the question."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509

from crypto import jcs
from crypto.errors import ChallengeExpired, NotCanonical, SignatureInvalid
from crypto.signatures import verify_signature

TTL = timedelta(seconds=120)
LOGIN = "login"

_PURPOSE = re.compile(r"login|step-up:[a-z][a-z0-9._-]{0,79}|confirm:[0-9a-f]{64}")
_DOMAIN = re.compile(r"[a-z0-9.:\[\]-]{1,253}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_NONCE_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A question that says for whom, for what and until when it may be answered.

    `purpose` is `login`, `step-up:<act>` or `confirm:<sha256 of what is confirmed>`, so an answer
    to one can never serve as another; `nonce` is 32 hex digits that the caller accepts once only.
    """

    domain: str
    purpose: str
    nonce: str
    issued_at: datetime
    expires_at: datetime

    def __post_init__(self) -> None:
        if not _PURPOSE.fullmatch(self.purpose):
            raise ValueError(f"not a purpose: {self.purpose!r}")
        if not _DOMAIN.fullmatch(self.domain) or not _NONCE.fullmatch(self.nonce):
            raise ValueError("not a domain and a nonce")

    def message(self) -> bytes:
        """The canonical JSON that is signed, byte for byte."""
        return jcs.canonical(
            {
                "v": 1,
                "domain": self.domain,
                "purpose": self.purpose,
                "nonce": self.nonce,
                "issued_at": _text(self.issued_at),
                "expires_at": _text(self.expires_at),
            }
        )

    @classmethod
    def parse(cls, message: bytes) -> "Challenge":
        """Read a message back. Raises SignatureInvalid if it is not one of ours to the byte."""
        try:
            challenge = cls._read(jcs.parse(message))
        except (NotCanonical, KeyError, TypeError, ValueError) as error:
            raise SignatureInvalid(f"not a challenge: {error}") from None
        if challenge.message() != message:
            raise SignatureInvalid("not a challenge: it says more than one")
        return challenge

    @classmethod
    def _read(cls, value: Any) -> "Challenge":
        return cls(
            domain=value["domain"],
            purpose=value["purpose"],
            nonce=value["nonce"],
            issued_at=datetime.fromisoformat(value["issued_at"]),
            expires_at=datetime.fromisoformat(value["expires_at"]),
        )


def issue_challenge(domain: str, purpose: str, *, now: datetime, ttl: timedelta = TTL) -> Challenge:
    """A fresh question for *purpose* at *domain*, to be answered within *ttl*.

    Raises ValueError for a purpose of another form: it is the programmer's, never the user's.
    """
    return Challenge(
        domain=domain,
        purpose=purpose,
        nonce=secrets.token_hex(_NONCE_BYTES),
        issued_at=now,
        expires_at=now + ttl,
    )


def verify_answer(
    challenge: Challenge, signature: bytes, certificate: x509.Certificate, *, now: datetime
) -> None:
    """Return if the certificate's key answered in time; the last instant is in time.

    Raises ChallengeExpired or SignatureInvalid. Whether the certificate is to be trusted is
    `TrustStore.judge`'s question, whether the nonce was used before is the caller's.
    """
    if not challenge.issued_at <= now <= challenge.expires_at:
        raise ChallengeExpired(f"it could be answered until {_text(challenge.expires_at)}")
    verify_signature(challenge.message(), signature, certificate)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
