"""Our certificates and revocation lists in the types of pyHanko."""

import logging
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.ltv.poe import POEManager
from pyhanko_certvalidator.registry import SimpleCertificateStore

from crypto.certificates import TrustStore

# What the library finds reaches the caller as an error; its logs would only repeat it, names and all.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def certificate_of(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate."""
    same: asn1_x509.Certificate = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return same


def certificates_of(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    """The same certificates."""
    return [certificate_of(one) for one in certificates]


def crls_of(trust: TrustStore) -> list[asn1_crl.CertificateList]:
    """The store's revocation lists."""
    return [asn1_crl.CertificateList.load(one.public_bytes(Encoding.DER)) for one in trust.crls]


def store_of(certificates: Iterable[x509.Certificate]) -> SimpleCertificateStore:
    """A bag of certificates to find issuers in."""
    store = SimpleCertificateStore()
    store.register_multiple(certificates_of(certificates))
    return store


def context_of(
    trust: TrustStore, certificates: Iterable[x509.Certificate], now: datetime
) -> ValidationContext:
    """Validation at *now* with nothing but *trust*: no network, and every certificate has its list."""
    return ValidationContext(
        trust_roots=certificates_of(trust.anchors()),
        other_certs=certificates_of(certificates),
        crls=crls_of(trust),
        moment=now,
        revocation_mode="require",
        allow_fetching=False,
        poe_manager=POEManager(current_dt_override=now),
    )
