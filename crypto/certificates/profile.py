"""What a certificate may be used for: five profiles, each with its key usages and its mark."""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336): a signature a person will rely on."""

# A UUID arc (X.667) is an OID that nobody has to register.
_ARC = "2.25.309807583605651630663408168954918566176"


class Profile(StrEnum):
    """Who holds the certificate."""

    BIDDER = "bidder"
    STAFF = "staff"
    EXPERT = "expert"
    TSA = "tsa"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Usage:
    """The certificate policy that marks a profile, and the extended key usages it must carry."""

    policy: x509.ObjectIdentifier
    purposes: tuple[x509.ObjectIdentifier, ...]
    exclusive: bool = False
    """RFC 3161 §2.3: a time-stamping key serves nothing else, and says so critically."""


_SIGN_AND_LOG_IN = (ExtendedKeyUsageOID.CLIENT_AUTH, DOCUMENT_SIGNING)

USAGES: dict[Profile, Usage] = {
    Profile.BIDDER: Usage(x509.ObjectIdentifier(f"{_ARC}.1"), _SIGN_AND_LOG_IN),
    Profile.STAFF: Usage(x509.ObjectIdentifier(f"{_ARC}.2"), _SIGN_AND_LOG_IN),
    Profile.EXPERT: Usage(x509.ObjectIdentifier(f"{_ARC}.3"), _SIGN_AND_LOG_IN),
    Profile.TSA: Usage(
        x509.ObjectIdentifier(f"{_ARC}.4"), (ExtendedKeyUsageOID.TIME_STAMPING,), exclusive=True
    ),
    Profile.PLATFORM: Usage(x509.ObjectIdentifier(f"{_ARC}.5"), (DOCUMENT_SIGNING,)),
}


def profile_of_policy(policies: x509.CertificatePolicies) -> Profile | None:
    """The profile that a certificate's policies mark, if they mark exactly one."""
    oids = {policy.policy_identifier for policy in policies}
    marked = [profile for profile, usage in USAGES.items() if usage.policy in oids]
    return marked[0] if len(marked) == 1 else None
