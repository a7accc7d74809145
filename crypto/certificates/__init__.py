"""Certificates (X.509): who may sign, until when, and who says so.

`directory.Authority` is the built-in authority of a pilot; `trust.TrustStore.judge` says whom a
certificate, ours or an outside authority's, speaks for at a given instant, or raises.
"""

from crypto.certificates.authority import Revocation, create_issuing, create_root, crl, issue
from crypto.certificates.credential import Credential, PrivateKey, PublicKey, fingerprint, new_key
from crypto.certificates.directory import Authority
from crypto.certificates.holder import Holder
from crypto.certificates.parse import load_certificate, load_certificates, load_crl
from crypto.certificates.profile import Profile
from crypto.certificates.subject import Subject, pseudonym
from crypto.certificates.trust import OutsideAuthority, TrustStore

__all__ = [
    "Authority",
    "Credential",
    "Holder",
    "OutsideAuthority",
    "PrivateKey",
    "Profile",
    "PublicKey",
    "Revocation",
    "Subject",
    "TrustStore",
    "create_issuing",
    "create_root",
    "crl",
    "fingerprint",
    "issue",
    "load_certificate",
    "load_certificates",
    "load_crl",
    "new_key",
    "pseudonym",
]
