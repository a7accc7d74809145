"""An authority kept in a directory: keys encrypted, issued certificates and revocations as files."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates.authority import Revocation, create_issuing, create_root, crl, issue
from crypto.certificates.credential import Credential, PublicKey, new_key
from crypto.certificates.pepper import seal_pepper, unseal_pepper
from crypto.certificates.profile import Profile
from crypto.certificates.subject import Subject, pseudonym
from crypto.certificates.trust import TrustStore
from crypto.errors import CertificateInvalid, KeyFileBroken


@dataclass(frozen=True)
class Authority:
    """A pilot's certificate authority in one directory, a copy of which is its backup.

    Files: `root.p12`, `issuing.p12`, `pepper.bin` (encrypted), `root.pem`, `issuing.pem`,
    `issued/<serial>.pem`, `revoked.json`, `settings.json`; all of them for the owner's eyes only.
    """

    directory: Path
    root: Credential
    issuing: Credential
    pepper: bytes
    crl_url: str | None = None

    @classmethod
    def create(
        cls, directory: Path, passphrase: str, *, name: str, now: datetime, crl_url: str | None = None
    ) -> "Authority":
        """Found an authority in *directory*; FileExistsError where there is one already."""
        if (directory / "settings.json").exists():
            raise FileExistsError(directory)
        root = create_root(f"{name} 根", now=now)
        issuing = create_issuing(root, f"{name} 签发", now=now, crl_url=crl_url)
        (directory / "issued").mkdir(parents=True, exist_ok=True, mode=0o700)
        for label, credential in (("root", root), ("issuing", issuing)):
            _write(directory / f"{label}.pem", credential.certificate.public_bytes(Encoding.PEM))
            _write(directory / f"{label}.p12", credential.to_pkcs12(passphrase))
        _write(directory / "pepper.bin", seal_pepper(secrets.token_bytes(32), passphrase))
        _write_json(directory / "revoked.json", [])
        _write_json(directory / "settings.json", {"crl_url": crl_url})  # last: from here on it exists
        return cls.load(directory, passphrase)

    @classmethod
    def load(cls, directory: Path, passphrase: str) -> "Authority":
        """Open the authority. Raises KeyFileBroken (wrong passphrase, damaged or missing file)."""
        try:
            return cls(
                directory,
                Credential.from_pkcs12((directory / "root.p12").read_bytes(), passphrase),
                Credential.from_pkcs12((directory / "issuing.p12").read_bytes(), passphrase),
                unseal_pepper((directory / "pepper.bin").read_bytes(), passphrase),
                json.loads((directory / "settings.json").read_text())["crl_url"],
            )
        except FileNotFoundError as error:
            raise KeyFileBroken(f"no authority here: {error.filename} is missing") from None

    def issue(
        self,
        profile: Profile,
        subject: Subject,
        public_key: PublicKey,
        *,
        now: datetime,
        days: int = 730,
    ) -> x509.Certificate:
        """Certify *public_key*, and keep a copy of the certificate."""
        certificate = issue(
            self.issuing, profile, subject, public_key, now=now, days=days, crl_url=self.crl_url
        )
        _write(self._issued(certificate.serial_number), certificate.public_bytes(Encoding.PEM))
        return certificate

    def enrol(self, profile: Profile, subject: Subject, *, now: datetime, days: int = 730) -> Credential:
        """A fresh P-256 key with its certificate; the key is returned and not kept."""
        key = new_key()
        certificate = self.issue(profile, subject, key.public_key(), now=now, days=days)
        return Credential(certificate, key, self.chain())

    def chain(self) -> tuple[x509.Certificate, ...]:
        """What a leaf needs beside itself to reach the root."""
        return (self.issuing.certificate,)

    def pseudonym(self, id_number: str) -> str:
        """What stands for a personal ID number in this authority's certificates."""
        return pseudonym(id_number, pepper=self.pepper)

    def revoke(
        self,
        serial: int,
        *,
        at: datetime,
        reason: x509.ReasonFlags = x509.ReasonFlags.unspecified,
    ) -> None:
        """Withdraw a certificate of this authority from *at* on; the first revocation stands.

        Raises CertificateInvalid for a serial number that was not issued here.
        """
        if not self._issued(serial).exists():
            raise CertificateInvalid(f"serial {serial:x} was not issued here")
        known = list(self.revocations())
        if serial not in {revocation.serial for revocation in known}:
            known.append(Revocation(serial, at, reason))
            _write_json(self.directory / "revoked.json", [_line(one) for one in known])

    def revocations(self) -> Iterator[Revocation]:
        """Every revocation, in the order in which they were made."""
        for line in json.loads((self.directory / "revoked.json").read_text()):
            at = datetime.fromisoformat(line["at"])
            yield Revocation(int(line["serial"], 16), at, x509.ReasonFlags(line["reason"]))

    def crls(self, *, now: datetime, days: int = 7) -> tuple[x509.CertificateRevocationList, ...]:
        """The lists of the issuing authority and of the root, due again after *days*."""
        due = now + timedelta(days=days)
        return (
            crl(self.issuing, self.revocations(), now=now, next_update=due),
            crl(self.root, (), now=now, next_update=due),
        )

    def trust(self, *, now: datetime) -> TrustStore:
        """Trust in this authority alone, with its lists as of *now*."""
        return TrustStore(roots=(self.root.certificate,), crls=self.crls(now=now))

    def _issued(self, serial: int) -> Path:
        return self.directory / "issued" / f"{serial:x}.pem"


def _line(revocation: Revocation) -> dict[str, str]:
    return {
        "serial": f"{revocation.serial:x}",
        "at": revocation.at.isoformat(),
        "reason": revocation.reason.value,
    }


def _write_json(path: Path, value: object) -> None:
    _write(path, json.dumps(value, indent=1).encode())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the owner only, on disk before the name points to it."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
