"""Encryption of single values in the database, and a keyed index to find them by."""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.errors import SealBroken

KEY_SIZE = 32
_VERSION = b"\x01"
_ID, _NONCE, _TAG = 4, 12, 16


class AtRest:
    """A ring of 32-byte keys: the first seals, every one of them opens, the last makes the index.

    A new key goes in front of the ring; the last one stays as long as there are indexes made with it.
    Raises ValueError for an empty ring or a key of another size.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_SIZE for key in keys):
            raise ValueError(f"the keys at rest are {KEY_SIZE} bytes each, and at least one")
        self._ring = {_identify(key): AESGCM(_derive(key, b"seal")) for key in keys}
        self._first = _identify(keys[0])
        self._index_key = _derive(keys[-1], b"index")

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """*plaintext* under AES-256-GCM, bound to *context*: what the value is and whose.

        The form: version (1) ‖ key id (4) ‖ nonce (12) ‖ ciphertext and tag.
        """
        head, nonce = _VERSION + self._first, secrets.token_bytes(_NONCE)
        sealed = self._ring[self._first].encrypt(nonce, plaintext, head + context.encode())
        return head + nonce + sealed

    def unseal(self, sealed: bytes, *, context: str) -> bytes:
        """The plaintext, or SealBroken: altered, of another context, or of a key not in the ring."""
        head, rest = sealed[: 1 + _ID], sealed[1 + _ID :]
        key = self._ring.get(head[1:])
        if key is None or head[:1] != _VERSION or len(rest) < _NONCE + _TAG:
            raise SealBroken("not sealed with a key of this ring")
        try:
            return key.decrypt(rest[:_NONCE], rest[_NONCE:], head + context.encode())
        except InvalidTag:
            raise SealBroken("altered, or sealed as something else") from None

    def index(self, value: bytes, *, context: str) -> bytes:
        """32 bytes that are equal for equal values and tell nothing without the key (HMAC-SHA-256)."""
        name = context.encode()
        return hmac.digest(self._index_key, len(name).to_bytes(2) + name + value, "sha256")


def _derive(key: bytes, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_SIZE, None, b"qifeng/at-rest/v1/" + use).derive(key)


def _identify(key: bytes) -> bytes:
    return sha256(b"qifeng/at-rest/v1/id" + key).digest()[:_ID]
