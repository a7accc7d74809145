"""A certificate authority for pilots: root, issuing, leaf certificates and revocation lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from crypto.certificates.credential import Credential, PublicKey, new_key
from crypto.certificates.profile import USAGES, Profile
from crypto.certificates.subject import Subject


@dataclass(frozen=True)
class Revocation:
    """A certificate withdrawn from *at* on, and why."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def create_root(name: str, *, now: datetime, days: int = 3650) -> Credential:
    """A self-signed root, valid from *now* (to the second) for *days*."""
    key, subject = new_key(), _authority_name(name)
    builder = _blank(subject, key.public_key(), now, now + timedelta(days=days)).issuer_name(subject)
    return Credential(_as_authority(builder, path_length=1).sign(key, hashes.SHA256()), key)


def create_issuing(
    root: Credential, name: str, *, now: datetime, days: int = 1825, crl_url: str | None = None
) -> Credential:
    """An authority below *root* that may issue leaves and no further authorities."""
    key = new_key()
    builder = _below(root, _authority_name(name), key.public_key(), now, days, crl_url)
    certificate = _as_authority(builder, path_length=0).sign(root.key, hashes.SHA256())
    return Credential(certificate, key, ())


def issue(
    issuer: Credential,
    profile: Profile,
    subject: Subject,
    public_key: PublicKey,
    *,
    now: datetime,
    days: int = 730,
    crl_url: str | None = None,
) -> x509.Certificate:
    """A leaf certificate for *public_key*, which never outlives its issuer.

    *crl_url* goes into the CRL distribution point (RFC 5280 §4.2.1.13).
    """
    usage = USAGES[profile]
    builder = (
        _below(issuer, subject.distinguished(), public_key, now, days, crl_url)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usage.purposes), critical=usage.exclusive)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(usage.policy, None)]), critical=False)
    )
    return builder.sign(issuer.key, hashes.SHA256())


def crl(
    issuer: Credential, revoked: Iterable[Revocation], *, now: datetime, next_update: datetime
) -> x509.CertificateRevocationList:
    """The issuer's full list as of *now*; its number grows with *now* (RFC 5280 §5.2.3)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now)
        .next_update(next_update)
        .add_extension(_issuer_key(issuer), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
    )
    for revocation in revoked:
        builder = builder.add_revoked_certificate(_entry(revocation))
    return builder.sign(issuer.key, hashes.SHA256())


def _entry(revocation: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(revocation.serial)
    builder = builder.revocation_date(revocation.at)
    if revocation.reason is not x509.ReasonFlags.unspecified:  # RFC 5280 §5.3.1: then left out
        builder = builder.add_extension(x509.CRLReason(revocation.reason), critical=False)
    return builder.build()


def _authority_name(name: str) -> x509.Name:
    return Subject(name=name).distinguished()


def _blank(
    subject: x509.Name, public_key: PublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start.replace(microsecond=0))
        .not_valid_after(end.replace(microsecond=0))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _below(
    issuer: Credential,
    subject: x509.Name,
    public_key: PublicKey,
    now: datetime,
    days: int,
    crl_url: str | None,
) -> x509.CertificateBuilder:
    end = min(now + timedelta(days=days), issuer.certificate.not_valid_after_utc)
    builder = _blank(subject, public_key, now, end).issuer_name(issuer.certificate.subject)
    builder = builder.add_extension(_issuer_key(issuer), critical=False)
    if crl_url is None:
        return builder
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _key_usage(key_cert_sign=True, crl_sign=True)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _issuer_key(issuer: Credential) -> x509.AuthorityKeyIdentifier:
    own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
