"""A witness's Ed25519 key at rest: encrypted PKCS#8 in PEM, with the witness's name in front of it."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from crypto.cosign import Cosigner
from crypto.errors import KeyFileBroken

_FIRST = "witness "


def create(name: str, path: Path, passphrase: str) -> Cosigner:
    """Make a key and write it, never over another file. Raises FileExistsError, NoteInvalid (the name)."""
    key = Ed25519PrivateKey.generate()
    made = Cosigner(name, key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(f"{_FIRST}{name}\n".encode() + pem)
        out.flush()
        os.fsync(descriptor)
    return made


def is_witness_key(path: Path) -> bool:
    """Whether the file says that it is one."""
    with path.open("rb") as src:
        return src.read(len(_FIRST)) == _FIRST.encode()


def load(path: Path, passphrase: str) -> Cosigner:
    """The witness in *path*. Raises KeyFileBroken."""
    first, _, pem = path.read_bytes().partition(b"\n")
    try:
        key = load_pem_private_key(pem, passphrase.encode())
        name = first.decode().removeprefix(_FIRST)
    except (ValueError, TypeError) as error:
        raise KeyFileBroken(f"not a witness key of this passphrase: {error}") from None
    if not isinstance(key, Ed25519PrivateKey) or not first.startswith(_FIRST.encode()):
        raise KeyFileBroken("not a witness key")
    return Cosigner(name, key)
