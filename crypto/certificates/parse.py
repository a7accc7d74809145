"""Certificates from strangers: parsed whole, or refused."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from crypto.errors import CertificateInvalid

MAX_SIZE = 16 * 1024
"""No certificate that people use is larger."""

_MALFORMED = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def load_certificate(data: bytes) -> x509.Certificate:
    """The certificate in *data* (DER or PEM). Raises CertificateInvalid, whatever the bytes are."""
    if len(data) > MAX_SIZE:
        raise CertificateInvalid("larger than any certificate")
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            certificate = x509.load_pem_x509_certificate(data)
        else:
            certificate = x509.load_der_x509_certificate(data)
    except _MALFORMED as error:
        raise CertificateInvalid(f"not a certificate: {error}") from None
    refuse_malformed(certificate)
    return certificate


def load_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Every certificate in a PEM file, in its order; at least one. Raises CertificateInvalid."""
    try:
        certificates = tuple(x509.load_pem_x509_certificates(pem))
    except _MALFORMED as error:
        raise CertificateInvalid(f"not a file of certificates: {error}") from None
    for certificate in certificates:
        refuse_malformed(certificate)
    return certificates


def load_crl(data: bytes) -> x509.CertificateRevocationList:
    """The revocation list in *data* (DER or PEM). Raises CertificateInvalid."""
    pem = data.lstrip().startswith(b"-----BEGIN")
    try:
        crl = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
        _ = (crl.issuer, crl.last_update_utc, crl.next_update_utc, crl.extensions, list(crl))
    except _MALFORMED as error:
        raise CertificateInvalid(f"not a revocation list: {error}") from None
    return crl


def refuse_malformed(certificate: x509.Certificate) -> None:
    """Raise CertificateInvalid unless names, key, extensions and times can all be read.

    The library parses lazily and would otherwise fail late, in many ways.
    """
    try:
        _ = (certificate.subject, certificate.issuer, certificate.public_key(), certificate.extensions)
        _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    except _MALFORMED as error:
        raise CertificateInvalid(f"not a certificate: {error}") from None
