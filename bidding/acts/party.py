"""What happens to organisations, people, certificates and appointments.

No act carries a person's name or numbers: people are named by id (PIPL art. 6). Signing in and stepping
up are not acts of the ledger: before the deadline they would tell who is busy with a bid (E-08).
"""

from dataclasses import dataclass
from datetime import datetime

from bidding.acts import BidderAct, DeskAct, PlatformAct
from bidding.party.roles import Role


@dataclass(frozen=True, kw_only=True)
class OrganisationRegistered(PlatformAct):
    """An organisation was entered under its code."""

    kind = "organisation.registered"
    organisation_id: str
    uscc: str
    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OrganisationAmended(PlatformAct):
    """An organisation's name or kinds were changed."""

    kind = "organisation.amended"
    organisation_id: str
    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AffiliationStated(PlatformAct):
    """It was stated whether an organisation is tied to the platform's operator (E-10), and why."""

    kind = "organisation.affiliation"
    organisation_id: str
    is_operator_affiliate: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(PlatformAct):
    """A person was entered."""

    kind = "person.registered"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class PersonAmended(PlatformAct):
    """A person's name or telephone was changed."""

    kind = "person.amended"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class MembershipGranted(PlatformAct):
    """A person may act for an organisation in these roles; it replaces what was granted before."""

    kind = "membership.granted"
    person_id: str
    organisation_id: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(PlatformAct):
    """A person no longer acts for an organisation."""

    kind = "membership.ended"
    person_id: str
    organisation_id: str


@dataclass(frozen=True, kw_only=True)
class CertificateBound(PlatformAct):
    """A certificate came into use for a person of an organisation."""

    kind = "certificate.bound"
    certificate_id: str
    fingerprint: str
    serial: str
    profile: str
    organisation_id: str
    person_id: str
    not_after: datetime
    is_issued_here: bool


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(PlatformAct):
    """A certificate was revoked; every session opened with it ended at the same instant."""

    kind = "certificate.revoked"
    certificate_id: str
    fingerprint: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RoleGiven(DeskAct):
    """A role on the tender's desk was given to a person, or to all of an organisation."""

    kind = "role.given"
    appointment_id: str
    organisation_id: str
    person_id: str | None
    role: Role
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoleEnded(DeskAct):
    """A role on the tender's desk ended."""

    kind = "role.ended"
    appointment_id: str


@dataclass(frozen=True, kw_only=True)
class DelegateAppointed(BidderAct):
    """A bidder named a delegate, by a power of attorney."""

    kind = "delegate.appointed"
    appointment_id: str
    person_id: str
    power_of_attorney_sha256: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class DelegateDismissed(BidderAct):
    """A bidder's delegate speaks for it no longer."""

    kind = "delegate.dismissed"
    appointment_id: str
