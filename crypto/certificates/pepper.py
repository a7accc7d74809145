"""The secret behind person pseudonyms, encrypted under the authority's passphrase."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from crypto.errors import KeyFileBroken

_SALT, _NONCE = 16, 12
_WORK = 2**15


def seal_pepper(pepper: bytes, passphrase: str) -> bytes:
    """The file: salt (16) ‖ nonce (12) ‖ AES-256-GCM under scrypt(passphrase, salt, 2^15, 8, 1)."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, pepper, None)


def unseal_pepper(sealed: bytes, passphrase: str) -> bytes:
    """The pepper, or KeyFileBroken."""
    salt, nonce, ciphertext = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, ciphertext, None)
    except (InvalidTag, ValueError):
        raise KeyFileBroken("the pepper does not open under this passphrase") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_WORK, r=8, p=1).derive(passphrase.encode())
