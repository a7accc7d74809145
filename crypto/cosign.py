"""Cosignatures (c2sp.org/tlog-cosignature, Ed25519): outsiders attest that the log only ever grew."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.checkpoints import parse_checkpoint
from crypto.errors import NoteInvalid
from crypto.notes import Note, Signature
from crypto.vkeys import Kind, VerifierKey

_TIME = 8
_LATEST = int(datetime.max.replace(tzinfo=UTC).timestamp())


class Cosigner:
    """A witness's Ed25519 key under its name; it only ever signs checkpoints, with a time."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.vkey = VerifierKey.of(name, key.public_key().public_bytes_raw(), Kind.COSIGNATURE)
        self._key = key

    @property
    def name(self) -> str:
        return self.vkey.name

    def cosign(self, checkpoint_text: str, *, at: datetime) -> Signature:
        """A signature line over the checkpoint, stamped with *at* in whole seconds."""
        parse_checkpoint(checkpoint_text)
        stamp = int(at.timestamp())
        raw = stamp.to_bytes(_TIME) + self._key.sign(_message(stamp, checkpoint_text))
        return Signature(self.name, self.vkey.key_id, raw)


def verify_cosignature(note: Note, witness: VerifierKey) -> datetime | None:
    """When *witness* cosigned this note, or None where it did not try.

    NoteInvalid where a line claims to be of the witness and does not verify. Of several, the first.
    """
    if witness.kind is not Kind.COSIGNATURE:
        raise NoteInvalid(f"not a witness key: {witness.name}")
    instants = [_verified(note.text, one, witness) for one in note.signatures if one.is_by(witness)]
    return min(instants, default=None)


def _verified(text: str, signature: Signature, witness: VerifierKey) -> datetime:
    stamp = int.from_bytes(signature.raw[:_TIME])
    if stamp > _LATEST:
        raise NoteInvalid(f"{witness.name} cosigned in no year known here")
    witness.verify(signature.raw[_TIME:], _message(stamp, text))
    return datetime.fromtimestamp(stamp, UTC)


def _message(stamp: int, checkpoint_text: str) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{checkpoint_text}".encode()
