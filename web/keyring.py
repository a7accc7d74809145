"""The platform's own keys: one directory, one passphrase, made once by `qifeng keygen`."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from crypto.atrest import KEY_SIZE, AtRest
from crypto.certificates import Authority, Credential, Profile, Subject
from crypto.certificates.pepper import seal_pepper, unseal_pepper
from crypto.errors import KeyFileBroken
from crypto.notes import NoteSigner

_DAYS = 3650


@dataclass(frozen=True)
class Keyring:
    """All of them, open.

    `ca/` is the built-in authority's own directory; `log.pem` signs checkpoints (Ed25519, PKCS#8);
    `platform.p12` signs records and receipts; `tsa.p12` is the built-in time-stamping authority;
    `atrest.bin` encrypts single values in the database.
    """

    authority: Authority
    log: Ed25519PrivateKey
    platform: Credential
    tsa: Credential
    atrest: AtRest

    @classmethod
    def create(
        cls, directory: Path, passphrase: str, *, operator: str, now: datetime, crl_url: str | None = None
    ) -> "Keyring":
        """Make every key in *directory*; FileExistsError where there is a keyring already."""
        if (directory / "atrest.bin").exists():
            raise FileExistsError(directory)
        for folder in (directory, directory / "ca"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ca = Authority.create(directory / "ca", passphrase, name=operator, now=now, crl_url=crl_url)
        for profile in (Profile.PLATFORM, Profile.TSA):
            credential = ca.enrol(profile, Subject(name=f"{operator} {profile}"), now=now, days=_DAYS)
            _write(directory / f"{profile}.p12", credential.to_pkcs12(passphrase))
        _write(directory / "log.pem", _pem(Ed25519PrivateKey.generate(), passphrase))
        # Last: from here on the keyring exists.
        _write(directory / "atrest.bin", seal_pepper(secrets.token_bytes(KEY_SIZE), passphrase))
        return cls.load(directory, passphrase)

    @classmethod
    def load(cls, directory: Path, passphrase: str) -> "Keyring":
        """Open the keyring. Raises KeyFileBroken (wrong passphrase, a damaged or a missing file)."""
        try:
            return cls(
                Authority.load(directory / "ca", passphrase),
                _log_key((directory / "log.pem").read_bytes(), passphrase),
                Credential.from_pkcs12((directory / "platform.p12").read_bytes(), passphrase),
                Credential.from_pkcs12((directory / "tsa.p12").read_bytes(), passphrase),
                AtRest([unseal_pepper((directory / "atrest.bin").read_bytes(), passphrase)]),
            )
        except FileNotFoundError as error:
            raise KeyFileBroken(f"no keyring here: {error.filename} is missing") from None

    def log_signer(self, name: str) -> NoteSigner:
        """The log's hand under its *name*."""
        return NoteSigner(name, self.log)


def _pem(key: Ed25519PrivateKey, passphrase: str) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def _log_key(pem: bytes, passphrase: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, passphrase.encode())
    except ValueError as error:
        raise KeyFileBroken(f"log.pem is not a key of this passphrase: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileBroken("log.pem is not an Ed25519 key")
    return key


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
