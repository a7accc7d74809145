"""Certificates as files: what the `cert` commands write and read."""

import os
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from crypto.certificates import (
    Authority,
    Credential,
    Profile,
    Subject,
    fingerprint,
    load_certificate,
    load_crl,
    new_key,
)
from crypto.errors import CertificateInvalid, KeyFileBroken

_PEM = b"-----BEGIN "


def found(directory: Path, name: str, passphrase: str) -> Authority:
    """A new authority in *directory*. Raises FileExistsError."""
    return Authority.create(directory, passphrase, name=name, now=datetime.now(UTC))


def authority(directory: Path, passphrase: str) -> Authority:
    """The authority in *directory*. Raises KeyFileBroken."""
    return Authority.load(directory, passphrase)


def subject(
    authority: Authority, name: str, organisation: str | None, uscc: str | None, id_number: str | None
) -> Subject:
    """The names to be certified; of an ID number only the authority's pseudonym."""
    pseudonym = authority.pseudonym(id_number) if id_number else None
    return Subject(name=name, organisation=organisation, uscc=uscc, person_pseudonym=pseudonym)


def enrol(
    authority: Authority, profile: Profile, subject: Subject, days: int, out: Path, passphrase: str
) -> x509.Certificate:
    """A fresh key and certificate, written to *out*. Raises FileExistsError before anything is issued."""
    if out.exists():
        raise FileExistsError(out)
    made = authority.enrol(profile, subject, now=datetime.now(UTC), days=days)
    write_new(out, made.to_pkcs12(passphrase))
    return made.certificate


def revoke(authority: Authority, serial: str, reason: str) -> None:
    """Revoke by *serial* (hex). Raises CertificateInvalid."""
    try:
        number, why = int(serial, 16), x509.ReasonFlags(reason)
    except ValueError as error:
        raise CertificateInvalid(str(error)) from None
    authority.revoke(number, at=datetime.now(UTC), reason=why)


def write_request(name: str, key_file: Path, csr_file: Path, passphrase: str) -> None:
    """A P-256 key (encrypted PKCS#8) and a PKCS #10 request that proves its possession."""
    key = new_key()
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    request = x509.CertificateSigningRequestBuilder().subject_name(named).sign(key, hashes.SHA256())
    encryption = BestAvailableEncryption(passphrase.encode())
    write_new(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    write_new(csr_file, request.public_bytes(Encoding.PEM))


def write_chain(told: Mapping[str, Any], out: Path) -> None:
    """The certificate and its issuers, as the platform told them, in PEM."""
    ders = [told["der"], *told["chain"]]
    certificates = [x509.load_der_x509_certificate(b64decode(one)) for one in ders]
    write_new(out, b"".join(one.public_bytes(Encoding.PEM) for one in certificates))


def join(key_file: Path, chain_file: Path, out: Path, passphrase: str) -> x509.Certificate:
    """Key and certificates as one .p12. Raises KeyFileBroken where they do not belong together."""
    try:
        key: Any = load_pem_private_key(key_file.read_bytes(), passphrase.encode())
        own, *issuers = x509.load_pem_x509_certificates(chain_file.read_bytes())
    except (ValueError, TypeError) as error:
        raise KeyFileBroken(f"not a key of this passphrase, or no certificates: {error}") from None
    if key.public_key() != own.public_key():
        raise KeyFileBroken("the certificate is not the key's")
    write_new(out, Credential(own, key, tuple(issuers)).to_pkcs12(passphrase))
    return own


def inspect(path: Path, passphrase: Callable[[], str]) -> dict[str, Any]:
    """What stands in a certificate (PEM, DER, .p12) or a revocation list. Raises CertificateInvalid."""
    data = path.read_bytes()
    if path.suffix in {".p12", ".pfx"}:
        return describe(Credential.from_pkcs12(data, passphrase()).certificate)
    if b"X509 CRL" in data:
        return describe_crl(path)
    try:
        return describe(load_certificate(data))
    except CertificateInvalid:
        if _PEM in data:
            raise
        return describe_crl(path)


def describe(certificate: x509.Certificate) -> dict[str, Any]:
    """The facts of a certificate."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "sha256": fingerprint(certificate),
    }


def describe_crl(path: Path) -> dict[str, Any]:
    """The facts of a revocation list."""
    found = load_crl(path.read_bytes())
    due = found.next_update_utc
    return {
        "issuer": found.issuer.rfc4514_string(),
        "last_update": found.last_update_utc.isoformat(),
        "next_update": due.isoformat() if due else None,
        "revoked": [f"{one.serial_number:x}" for one in found],
    }


def write_new(path: Path, data: bytes) -> None:
    """For the owner's eyes, durable, never over another file. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(descriptor)
