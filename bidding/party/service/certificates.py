"""Certificates in use: issue, bind, judge, revoke."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts.party import CertificateBound, CertificateRevoked
from bidding.party import queries
from bidding.party.rules import refuse_another_holder, refuse_revoked_certificate
from bidding.party.service.people import id_number_of, member
from bidding.party.service.rows import add_unique
from bidding.party.tables import AuthSession, Certificate, Organisation, Person
from bidding.refusals.party import (
    CertificateAbsent,
    CertificateIsRevoked,
    CertificateKnown,
    CertificateNotEnrolled,
    CertificateUntrusted,
    RequestUnproven,
)
from crypto.atrest import AtRest
from crypto.certificates import Authority, Holder, Profile, PublicKey, Subject, TrustStore, fingerprint
from crypto.errors import CertificateInvalid
from crypto.errors import CertificateRevoked as RevokedByIssuer
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

SIGNS_IN = frozenset({Profile.BIDDER, Profile.STAFF, Profile.EXPERT})
"""Profiles whose holders sign in; time stamps and the platform's own seal do not."""

_NAMES_A_PERSON = frozenset({Profile.STAFF, Profile.EXPERT})
_RSA_BITS = 2048


@dataclass(frozen=True, kw_only=True)
class NewCertificate:
    """Who asks for a certificate; *request* is a PKCS #10 in PEM, made where the private key stays."""

    organisation_id: str
    person_id: str
    profile: Profile
    request: bytes
    days: int = 730


async def issue_certificate(
    unit: Unit, order: NewCertificate, *, authority: Authority, atrest: AtRest
) -> Certificate:
    """Certify the request's key with the built-in authority and put the certificate to use.

    Raises RequestUnproven, NotAMember, OrganisationAbsent, PersonAbsent. A certificate whose
    transaction fails later was issued and bound to nobody, so it opens nothing.
    """
    key = _requested_key(order.request)
    organisation = await queries.organisation(unit.session, order.organisation_id)
    person = await queries.person(unit.session, order.person_id)
    await member(unit, person.id, organisation.id)
    subject = _subject(
        order.profile, organisation, person, authority.pseudonym(id_number_of(person, atrest=atrest))
    )
    now = await unit.now()
    certificate = await asyncio.to_thread(
        authority.issue, order.profile, subject, key, now=now, days=order.days
    )
    return await _put_to_use(
        unit, certificate, authority.chain(), order.profile, organisation, person, is_issued_here=True
    )


async def bind_certificate(
    unit: Unit,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    *,
    organisation_id: str,
    person_id: str,
    trust: TrustStore,
    is_issued_here: bool = False,
) -> Certificate:
    """Put a certificate that exists to use, an outside authority's for example.

    Raises CertificateUntrusted, CertificateIsRevoked, CertificateNamesAnother, CertificateKnown,
    NotAMember, OrganisationAbsent, PersonAbsent.
    """
    organisation = await queries.organisation(unit.session, organisation_id)
    person = await queries.person(unit.session, person_id)
    await member(unit, person.id, organisation.id)
    holder = trusted(trust, certificate, chain, at=await unit.now())
    refuse_another_holder(
        named_uscc=holder.uscc,
        named_person=holder.name if holder.profile in _NAMES_A_PERSON else None,
        uscc=organisation.uscc,
        person=person.name,
        is_code_needed=holder.profile is Profile.BIDDER,
    )
    return await _put_to_use(
        unit, certificate, chain, holder.profile, organisation, person, is_issued_here=is_issued_here
    )


async def revoke_certificate(
    unit: Unit, certificate_id: str, *, reason: x509.ReasonFlags, authority: Authority | None
) -> Certificate:
    """Revoke from this instant on and end every session opened with it; the first revocation stands.

    Raises CertificateAbsent, CertificateIsRevoked.
    """
    asked = select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    row = (await unit.session.execute(asked)).scalar_one_or_none()
    if row is None:
        raise CertificateAbsent(certificate=certificate_id)
    now = await unit.now()
    refuse_revoked_certificate(revoked_at=row.revoked_at, at=now)
    row.revoked_at, row.revocation_reason = now, reason.value
    ended = update(AuthSession).where(AuthSession.certificate_id == row.id, AuthSession.revoked_at.is_(None))
    await unit.session.execute(ended.values(revoked_at=now))
    await unit.record(
        CertificateRevoked(certificate_id=row.id, fingerprint=row.fingerprint, reason=reason.value)
    )
    if authority is not None and row.is_issued_here:
        await asyncio.to_thread(authority.revoke, int(row.serial, 16), at=now, reason=reason)
    return row


async def judge(
    session: AsyncSession,
    trust: TrustStore,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    *,
    at: datetime,
) -> Certificate:
    """Whom the certificate speaks for here at *at*: trusted, enrolled and not revoked.

    Raises CertificateUntrusted, CertificateIsRevoked, CertificateNotEnrolled.
    """
    trusted(trust, certificate, chain, at=at)
    return await enrolled(session, certificate, at=at)


async def enrolled(session: AsyncSession, certificate: x509.Certificate, *, at: datetime) -> Certificate:
    """The certificate as it is in use here at *at*. Raises CertificateNotEnrolled, CertificateIsRevoked."""
    row = await queries.certificate_by_fingerprint(session, fingerprint(certificate))
    if row is None:
        raise CertificateNotEnrolled
    refuse_revoked_certificate(revoked_at=row.revoked_at, at=at)
    return row


def trusted(
    trust: TrustStore, certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, at: datetime
) -> Holder:
    """Whom a certificate that signs in names at *at*. Raises CertificateUntrusted, CertificateIsRevoked."""
    try:
        holder = trust.judge(certificate, chain, at=at)
    except RevokedByIssuer:
        raise CertificateIsRevoked from None
    except CertificateInvalid as error:
        raise CertificateUntrusted(detail=str(error)[:300]) from None
    if holder.profile not in SIGNS_IN:
        raise CertificateUntrusted(detail=f"a {holder.profile} certificate signs nobody in")
    return holder


def _requested_key(request: bytes) -> PublicKey:
    try:
        parsed = x509.load_pem_x509_csr(request)
        key, is_proven = parsed.public_key(), parsed.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise RequestUnproven from None
    if not is_proven or not isinstance(key, PublicKey) or not _is_strong(key):
        raise RequestUnproven
    return key


def _is_strong(key: PublicKey) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _RSA_BITS
    return isinstance(key.curve, ec.SECP256R1)


def _subject(profile: Profile, organisation: Organisation, person: Person, pseudonym: str) -> Subject:
    if profile is Profile.BIDDER:
        return Subject(name=organisation.name, uscc=organisation.uscc)
    return Subject(
        name=person.name, organisation=organisation.name, uscc=organisation.uscc, person_pseudonym=pseudonym
    )


async def _put_to_use(
    unit: Unit,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    profile: Profile,
    organisation: Organisation,
    person: Person,
    *,
    is_issued_here: bool,
) -> Certificate:
    row = Certificate(
        id=new_id(), fingerprint=fingerprint(certificate), serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string()[:600],
        organisation_id=organisation.id, person_id=person.id, profile=profile, is_issued_here=is_issued_here,
        der=certificate.public_bytes(Encoding.DER),
        chain=[b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain],
        not_before=certificate.not_valid_before_utc, not_after=certificate.not_valid_after_utc,
        bound_at=await unit.now(),
    )  # fmt: skip
    await add_unique(unit.session, row, CertificateKnown(fingerprint=row.fingerprint))
    await unit.record(
        CertificateBound(
            certificate_id=row.id,
            fingerprint=row.fingerprint,
            serial=row.serial,
            profile=profile,
            organisation_id=organisation.id,
            person_id=person.id,
            not_after=row.not_after,
            is_issued_here=is_issued_here,
        )
    )
    return row
