"""Keys as people keep them: a bidder's key file, a layer holder's identity file, and proof of possession.

Both files are armored passphrase age files, so `age -d` opens them too.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from crypto import jcs
from crypto.age import (
    Passphrase,
    armor,
    dearmor,
    decrypt,
    encrypt,
    generate_identity,
    is_recipient,
    recipient_of,
)
from crypto.age.wrap import WRITE_FACTOR
from crypto.errors import CryptoError, KeyFileBroken, KeyMalformed, LivenessUnproven, NotCanonical

TYPE = "qifeng.example/key-v1"
CHALLENGE = b"qifeng.example/liveness-v1\n"
MAX_KEY_FILE = 64 * 1024
NONCE_SIZE = 32


@dataclass(frozen=True, kw_only=True)
class BidderKey:
    """The one-time key B of one submission. Who has it, and only who has it, can let the bid be opened.

    `recipients` are the R(S) of its objects, by name; `statement_sha256` is the submission's own digest.
    """

    tender_id: str
    lot: str
    statement_sha256: str
    identity: str = field(repr=False)
    recipients: Mapping[str, str]

    @property
    def recipient(self) -> str:
        """R(B), as the statement pins it."""
        return recipient_of(self.identity)


def write_key_file(path: Path, key: BidderKey, passphrase: str, *, work_factor: int = WRITE_FACTOR) -> None:
    """Write *key* under *passphrase* (.qfkey), durable before this returns and never over another file.

    Raises FileExistsError.
    """
    plaintext = jcs.canonical({"type": TYPE, **asdict(key)})
    _write_new(path, _locked(plaintext, passphrase, work_factor))


def read_key_file(path: Path, passphrase: str) -> BidderKey:
    """The key in *path*. Raises KeyFileBroken: damaged, of another kind, or another passphrase's."""
    try:
        return _key(_unlocked(path, passphrase))
    except (TypeError, KeyError, AttributeError, NotCanonical, KeyMalformed) as error:
        raise KeyFileBroken(f"not a bidder's key file: {error}") from None


def write_identity_file(path: Path, passphrase: str, *, work_factor: int = WRITE_FACTOR) -> str:
    """Make a new identity, write it under *passphrase*, and return its recipient for the notice.

    For layer holders and committee members; `age -d -i` takes the file as it is. Raises FileExistsError.
    """
    identity = generate_identity()
    _write_new(path, _locked(identity.encode() + b"\n", passphrase, work_factor))
    return recipient_of(identity)


def read_identity_file(path: Path, passphrase: str) -> str:
    """The identity in *path*. Raises KeyFileBroken."""
    identity = _unlocked(path, passphrase).removesuffix(b"\n").decode("ascii", "replace")
    try:
        recipient_of(identity)
    except KeyMalformed as error:
        raise KeyFileBroken(f"not an identity file: {error}") from None
    return identity


def new_nonce() -> bytes:
    """32 unguessable bytes for one challenge."""
    return secrets.token_bytes(NONCE_SIZE)


def liveness_challenge(recipient: str, nonce: bytes) -> bytes:
    """A small age file that only the holder of *recipient* can answer. *nonce* stays with the asker.

    The asker keeps and logs SHA-256 of the nonce, and shows the nonce once it is answered.
    """
    return encrypt(CHALLENGE + nonce.hex().encode(), recipients=[recipient])


def answer(identity: str, challenge: bytes) -> str:
    """The nonce of *challenge* in hex: what only the holder of the key can say.

    Raises LivenessUnproven where the file is no challenge, so that nobody is talked into opening a
    layer under that name; NoIdentityMatched where it is for another key.
    """
    if len(challenge) > MAX_KEY_FILE:
        raise LivenessUnproven("a challenge is never so large")
    plaintext = decrypt(challenge, identities=[identity])
    nonce = plaintext.removeprefix(CHALLENGE)
    if nonce == plaintext or len(nonce) != 2 * NONCE_SIZE or not set(nonce) <= set(b"0123456789abcdef"):
        raise LivenessUnproven("this file is not a challenge")
    return nonce.decode("ascii")


def check_answer(nonce_sha256: bytes, answered: str) -> None:
    """Raises LivenessUnproven unless *answered* is the nonce whose SHA-256 was kept."""
    try:
        found = hashlib.sha256(bytes.fromhex(answered)).digest()
    except ValueError:
        raise LivenessUnproven("the answer is not hex") from None
    if not hmac.compare_digest(found, nonce_sha256):
        raise LivenessUnproven("the answer is not the nonce that was asked for")


def _key(plaintext: bytes) -> BidderKey:
    value = jcs.parse(plaintext)
    if value.pop("type") != TYPE:
        raise KeyFileBroken("of another kind")
    key = BidderKey(**value)
    texts = (key.tender_id, key.lot, key.statement_sha256, key.identity)
    if not all(isinstance(one, str) for one in texts) or not is_recipient(key.recipient):
        raise KeyFileBroken("a field is not text")
    if not all(is_recipient(one) for one in key.recipients.values()):
        raise KeyFileBroken("a recipient is none")
    return key


def _locked(plaintext: bytes, passphrase: str, work_factor: int) -> bytes:
    return armor(encrypt(plaintext, recipients=[Passphrase(passphrase, work_factor)]))


def _unlocked(path: Path, passphrase: str) -> bytes:
    with path.open("rb") as src:
        text = src.read(MAX_KEY_FILE + 1)
    if len(text) > MAX_KEY_FILE:
        raise KeyFileBroken("a key file is never so large")
    try:
        return decrypt(dearmor(text), identities=[Passphrase(passphrase)])
    except CryptoError as error:
        raise KeyFileBroken(f"damaged, or another passphrase: {error}") from None


def _write_new(path: Path, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
