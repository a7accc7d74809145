"""Which certificates are believed, for what, and at which instant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from crypto.certificates.credential import PublicKey
from crypto.certificates.holder import Holder, read_holder
from crypto.certificates.parse import refuse_malformed
from crypto.certificates.profile import USAGES, Profile, Usage, profile_of_policy
from crypto.certificates.revocation import refuse_revoked
from crypto.errors import CertificateInvalid

_MAX_INTERMEDIATES = 3
_E = TypeVar("_E", bound=x509.ExtensionType)


@dataclass(frozen=True, kw_only=True)
class OutsideAuthority:
    """A CA that is not ours: its root, the one profile its certificates count as, and where it
    writes the organisation's code (a subject attribute or an extension, by OID).
    """

    root: x509.Certificate
    profile: Profile = Profile.BIDDER
    uscc_oid: str = NameOID.ORGANIZATION_IDENTIFIER.dotted_string


@dataclass(frozen=True, kw_only=True)
class TrustStore:
    """Roots, outside authorities and revocation lists, given once by configuration or by a bundle.

    `crl_required`: refuse a certificate when no list of its issuer covers the instant judged.
    """

    roots: tuple[x509.Certificate, ...] = ()
    outside: tuple[OutsideAuthority, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    crl_required: bool = False

    def judge(
        self,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
        *,
        at: datetime,
        profile: Profile | None = None,
    ) -> Holder:
        """The holder of *certificate*, trusted at the instant *at* (RFC 5280 §6).

        *chain* brings the intermediates, in any order. With *profile*, no other profile will do.
        Raises CertificateInvalid (untrusted, out of its time, of another use) or CertificateRevoked.
        """
        for one in (certificate, *chain):
            refuse_malformed(one)
        path = self._path(certificate, chain, at)
        for subject, issuer in pairwise(path):
            refuse_revoked(subject, issuer, self.crls, at=at, required=self.crl_required)
        outside = next((ca for ca in self.outside if ca.root == path[-1]), None)
        found = outside.profile if outside else _marked_profile(certificate)
        _refuse_other_use(certificate, found, profile)
        oid = outside.uscc_oid if outside else NameOID.ORGANIZATION_IDENTIFIER.dotted_string
        return read_holder(certificate, found, uscc_oid=oid)

    def anchors(self) -> list[x509.Certificate]:
        """Every root that ends a trusted path."""
        return [*self.roots, *(ca.root for ca in self.outside)]

    def _path(
        self, certificate: x509.Certificate, chain: Iterable[x509.Certificate], at: datetime
    ) -> list[x509.Certificate]:
        """Leaf first, root last."""
        if not self.anchors():
            raise CertificateInvalid("no root is trusted here")
        builder = PolicyBuilder().store(Store(self.anchors())).time(at)
        builder = builder.max_chain_depth(_MAX_INTERMEDIATES)
        builder = builder.extension_policies(ca_policy=_CA_POLICY, ee_policy=_EE_POLICY)
        try:
            return builder.build_client_verifier().verify(certificate, list(chain)).chain
        except (VerificationError, ValueError) as error:
            raise CertificateInvalid(str(error).split(" (encountered")[0]) from None


def _refuse_authority(
    _policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints | None
) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("an authority's certificate signs certificates and nothing else")


def _require_signing(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not (usage.digital_signature or usage.content_commitment):
        raise ValueError("the key is not for signatures")


_CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, None)
)
_EE_POLICY = (
    ExtensionPolicy.permit_all()
    .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _refuse_authority)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _require_signing)
)


def _marked_profile(certificate: x509.Certificate) -> Profile:
    policies = _extension(certificate, x509.CertificatePolicies)
    profile = profile_of_policy(policies) if policies else None
    if profile is None:
        raise CertificateInvalid("the certificate carries no profile of this platform")
    return profile


def _refuse_other_use(certificate: x509.Certificate, found: Profile, wanted: Profile | None) -> None:
    if wanted is not None and found is not wanted:
        raise CertificateInvalid(f"a {found} certificate cannot serve as {wanted}")
    if not isinstance(certificate.public_key(), PublicKey):
        raise CertificateInvalid("the key is neither ECDSA nor RSA")
    usage = USAGES[found]
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    if not _serves(purposes, usage):
        raise CertificateInvalid(f"its extended key usage does not allow the use as {found}")


def _serves(purposes: x509.ExtendedKeyUsage | None, usage: Usage) -> bool:
    # RFC 5280 §4.2.1.12: without the extension a certificate is for any purpose.
    if usage.exclusive:
        return purposes is not None and tuple(purposes) == usage.purposes
    return purposes is None or any(purpose in usage.purposes for purpose in purposes)


def _extension(certificate: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
