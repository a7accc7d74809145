"""Whose certificates a bundle may be judged by: the roots of the trust file, the lists of the bundle."""

from dataclasses import replace

from cryptography import x509

from crypto.certificates import TrustStore, load_certificates, load_crl
from crypto.trust import Trust
from crypto.verify.bundle import Bundle

CERTIFICATES, CRLS = "certificates/", "crls/"


def store_of(bundle: Bundle, trust: Trust) -> TrustStore:
    """The trusted roots with every revocation list in the bundle; a certificate without one is refused.

    A platform that left a list out would otherwise hide a revocation. Raises CertificateInvalid.
    """
    lists = tuple(load_crl(bundle.read(path)) for path in bundle.below(CRLS))
    return replace(trust.ca_store, crls=lists, crl_required=True)


def documents_store(bundle: Bundle, trust: Trust) -> TrustStore:
    """As `store_of`, with the roots of time stamps beside the others: a signed PDF needs both."""
    store = store_of(bundle, trust)
    own = set(store.roots)
    stamps = tuple(one for one in trust.tsa_store.outside if one.root not in own)
    return replace(store, outside=stamps)


def certificates_of(bundle: Bundle) -> list[x509.Certificate]:
    """Every certificate in the bundle; none is trusted by being there. Raises CertificateInvalid."""
    return [one for path in bundle.below(CERTIFICATES) for one in load_certificates(bundle.read(path))]
