"""Wrapping the file key: to an X25519 recipient, or under a passphrase."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from crypto.age import base64
from crypto.age.header import SCRYPT_SALT_SIZE, Header, Stanza
from crypto.age.keys import private_key, public_key
from crypto.errors import HeaderMalformed, NoIdentityMatched

# 2**20 takes 1 GiB of memory; a stranger's file may not ask for more.
MAX_WORK_FACTOR = 20
WRITE_FACTOR = 18  # 256 MiB, about a second

_ONCE = bytes(12)  # each wrap key encrypts one file key, so the nonce is fixed


@dataclass(frozen=True)
class Passphrase:
    """A passphrase; *work_factor* is the base-two logarithm of scrypt's cost."""

    text: str = field(repr=False)
    work_factor: int = WRITE_FACTOR


Recipient = str | Passphrase
Identity = str | Passphrase


def wrap(file_key: bytes, recipient: Recipient) -> Stanza:
    """The stanza by which *recipient* gets *file_key*. Raises KeyMalformed."""
    if isinstance(recipient, Passphrase):
        return _wrap_scrypt(file_key, recipient)
    return _wrap_x25519(file_key, public_key(recipient))


def unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    """The file key of *header*, proved by its MAC.

    Raises NoIdentityMatched, HeaderForged, HeaderMalformed (a share of low order, a work factor beyond
    reach) and KeyMalformed.
    """
    for identity in identities:
        file_key = _unwrap_with(identity, header)
        if file_key is not None:
            header.verify(file_key)
            return file_key
    raise NoIdentityMatched("none of the identities at hand opens this file")


def _unwrap_with(identity: Identity, header: Header) -> bytes | None:
    if isinstance(identity, Passphrase):
        keys = (_scrypt_key(stanza, identity) for stanza in header.of("scrypt"))
        return next((key for key in keys if key), None)
    private = private_key(identity)
    keys = (_x25519_key(stanza, private) for stanza in header.of("X25519"))
    return next((key for key in keys if key), None)


def _wrap_x25519(file_key: bytes, recipient: X25519PublicKey) -> Stanza:
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(recipient)
    except ValueError:
        raise HeaderMalformed("the recipient is a point of low order") from None
    key = _x25519_wrap_key(shared, share + recipient.public_bytes_raw())
    return Stanza(("X25519", base64.encode(share)), ChaCha20Poly1305(key).encrypt(_ONCE, file_key, None))


def _x25519_key(stanza: Stanza, private: X25519PrivateKey) -> bytes | None:
    share = base64.decode(stanza.args[1])
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise HeaderMalformed("X25519: the share is a point of low order") from None
    return _opened(_x25519_wrap_key(shared, share + private.public_key().public_bytes_raw()), stanza)


def _x25519_wrap_key(shared: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=b"age-encryption.org/v1/X25519").derive(shared)


def _wrap_scrypt(file_key: bytes, passphrase: Passphrase) -> Stanza:
    salt = os.urandom(SCRYPT_SALT_SIZE)
    key = _scrypt_wrap_key(passphrase.text, salt, passphrase.work_factor)
    args = ("scrypt", base64.encode(salt), str(passphrase.work_factor))
    return Stanza(args, ChaCha20Poly1305(key).encrypt(_ONCE, file_key, None))


def _scrypt_key(stanza: Stanza, passphrase: Passphrase) -> bytes | None:
    if len(stanza.args[2]) > len(str(MAX_WORK_FACTOR)) or int(stanza.args[2]) > MAX_WORK_FACTOR:
        raise HeaderMalformed("scrypt: the work factor is beyond reach")
    salt = base64.decode(stanza.args[1])
    return _opened(_scrypt_wrap_key(passphrase.text, salt, int(stanza.args[2])), stanza)


def _scrypt_wrap_key(text: str, salt: bytes, work_factor: int) -> bytes:
    salt = b"age-encryption.org/v1/scrypt" + salt
    return Scrypt(salt=salt, length=32, n=1 << work_factor, r=8, p=1).derive(text.encode())


def _opened(key: bytes, stanza: Stanza) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(_ONCE, stanza.body, None)
    except InvalidTag:
        return None
