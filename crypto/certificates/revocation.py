"""Whether an issuer had withdrawn a certificate by a given instant."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509

from crypto.certificates.credential import PublicKey
from crypto.errors import CertificateInvalid, CertificateRevoked


def refuse_revoked(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Iterable[x509.CertificateRevocationList],
    *,
    at: datetime,
    required: bool,
) -> None:
    """Raise CertificateRevoked if a list signed by *issuer* withdraws *certificate* at or before *at*.

    The revocation instant itself counts as revoked. With *required*, a list that covers *at* must be
    there: one that was issued later, or one that is not yet due for renewal (RFC 5280 §5.1.2.5).
    """
    lists = sorted(_signed_lists(issuer, crls), key=lambda crl: crl.last_update_utc)
    for crl in lists:
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and _since(entry) <= at and (crl is lists[-1] or not _is_hold(entry)):
            raise CertificateRevoked(f"revoked at {_since(entry).isoformat()}")
    if required and not any(_covers(crl, at) for crl in lists):
        raise CertificateInvalid("no revocation list of the issuer covers this instant")


def _signed_lists(
    issuer: x509.Certificate, crls: Iterable[x509.CertificateRevocationList]
) -> list[x509.CertificateRevocationList]:
    key = issuer.public_key()
    if not isinstance(key, PublicKey):
        raise CertificateInvalid("the issuer's key is neither ECDSA nor RSA")
    return [crl for crl in crls if crl.issuer == issuer.subject and crl.is_signature_valid(key)]


def _since(entry: x509.RevokedCertificate) -> datetime:
    """RFC 5280 §5.3.2: a key may be known to have been lost before the list said so."""
    try:
        lost = entry.extensions.get_extension_for_class(x509.InvalidityDate).value
    except x509.ExtensionNotFound:
        return entry.revocation_date_utc
    return min(lost.invalidity_date_utc, entry.revocation_date_utc)


def _is_hold(entry: x509.RevokedCertificate) -> bool:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return False
    return reason is x509.ReasonFlags.certificate_hold


def _covers(crl: x509.CertificateRevocationList, at: datetime) -> bool:
    due = crl.next_update_utc
    return crl.last_update_utc >= at or (due is not None and at <= due)
