"""Verifier keys of signed notes (c2sp.org/signed-note): who may sign, as one line of text.

OpenSSL, and WebCrypto with it, is the normative Ed25519 verifier. Keys on which verifiers are known to
disagree (not canonical, not on the curve, of small order) are refused here, before anything is
verified with them.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from crypto.errors import NoteInvalid

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
# The y of the two pairs of points of order 8; orders 1, 2 and 4 have y = 1, -1 and 0.
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


class Kind(IntEnum):
    """The signature types of c2sp.org/signed-note that are spoken here."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True)
class VerifierKey:
    """One public key under its name: `name+<key id, 8 hex digits>+<base64 of type and key>`.

    Made by `parse` from text, by `of` from a raw key; both raise NoteInvalid.
    """

    name: str
    kind: Kind
    public: bytes

    @classmethod
    def of(cls, name: str, public: bytes, kind: Kind = Kind.ED25519) -> "VerifierKey":
        """The key of 32 raw bytes under *name*."""
        refuse_name(name)
        refuse_weak(public)
        return cls(name, kind, public)

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read the one line; the key id must be the one that follows from the rest."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = decode(encoded)
        if not raw or raw[0] not in set(Kind):
            raise NoteInvalid(f"a verifier key of unknown kind: {name}")
        key = cls.of(name, raw[1:], Kind(raw[0]))
        if key_id != key.key_id.hex():
            raise NoteInvalid(f"the key id does not belong to the key of {name}")
        return key

    @property
    def key_id(self) -> bytes:
        """SHA-256(name, newline, kind, public key), its first 4 bytes."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def verify(self, signature: bytes, message: bytes) -> None:
        """The raw Ed25519 check (RFC 8032); NoteInvalid where it fails."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise NoteInvalid(f"not signed by {self.name}") from None


def refuse_name(name: str) -> None:
    """A key name is not empty and holds no space, control character or plus sign."""
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise NoteInvalid(f"not a key name: {name!r}")


def refuse_weak(public: bytes) -> None:
    """RFC 8032 §5.1.3: 32 bytes that spell a point, canonically, and not one of small order."""
    if len(public) != 32:  # noqa: PLR2004 -- RFC 8032
        raise NoteInvalid("an Ed25519 key is 32 bytes")
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if y >= _P:
        raise NoteInvalid("not a canonical Ed25519 key")
    if y in SMALL_ORDER_Y:
        raise NoteInvalid("an Ed25519 key of small order")
    if not _has_x(y):
        raise NoteInvalid("not a point of Ed25519")


def _has_x(y: int) -> bool:
    """Whether x² = (y² - 1) / (d·y² + 1) has a root (Euler's criterion)."""
    squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P)
    return pow(squared, (_P - 1) // 2, _P) == 1


def decode(text: str) -> bytes:
    """Standard base64 (RFC 4648 §4) in its one canonical spelling, else NoteInvalid."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise NoteInvalid("not base64") from None
    if b64encode(raw).decode() != text:
        raise NoteInvalid("not canonical base64")
    return raw
