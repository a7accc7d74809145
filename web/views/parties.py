"""Organisations, people, certificates and appointments, as they go out; personal numbers are masked."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime

from bidding.party.identifiers import Fault, is_organisation_code_odd, mask
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.service.people import id_number_of, phone_of
from bidding.party.tables import Appointment, Certificate, Membership, Organisation, Person
from crypto.atrest import AtRest
from crypto.certificates import Profile
from web.views import View


class OrganisationView(View):
    """An organisation; `is_code_odd` warns that the inner check of its code fails (GB 11714)."""

    id: str
    uscc: str
    name: str
    kinds: list[OrganisationKind]
    is_operator_affiliate: bool
    is_code_odd: bool
    registered_at: datetime


class OrganisationPage(View):
    """A page of organisations; `next_after` is null on the last one."""

    organisations: list[OrganisationView]
    next_after: str | None


class MembershipView(View):
    """For which organisation a person acts, in which platform roles."""

    organisation_id: str
    roles: list[Role]
    since: datetime


class PersonView(View):
    """A person; of the numbers only the first three and the last four characters are shown."""

    id: str
    name: str
    id_number: str
    phone: str | None
    registered_at: datetime
    memberships: list[MembershipView]


class PersonPage(View):
    """A page of people; `next_after` is null on the last one."""

    people: list[PersonView]
    next_after: str | None


class MemberView(View):
    """Someone who acts for an organisation, by name alone."""

    person_id: str
    name: str


class MemberPage(View):
    """A page of members; `next_after` is null on the last one."""

    members: list[MemberView]
    next_after: str | None


class CertificateView(View):
    """A certificate in use; `der` and `chain` are base64."""

    id: str
    fingerprint: str
    serial: str
    subject: str
    organisation_id: str
    person_id: str
    profile: Profile
    is_issued_here: bool
    not_before: datetime
    not_after: datetime
    bound_at: datetime
    revoked_at: datetime | None
    revocation_reason: str | None
    der: str
    chain: list[str]


class CertificatePage(View):
    """A page of certificates; `next_after` is null on the last one."""

    certificates: list[CertificateView]
    next_after: str | None


class AppointmentView(View):
    """A role on a tender; `person_id` null means everyone of the organisation."""

    id: str
    tender_id: str
    organisation_id: str
    person_id: str | None
    role: Role
    power_of_attorney_sha256: str | None
    appointed_at: datetime
    until: datetime | None


class AppointmentList(View):
    """Roles in force on a tender, as far as the caller may know of them."""

    appointments: list[AppointmentView]


class CodeCheck(View):
    """A code as it is written, what is wrong with it, and whether its inner check is odd (a warning)."""

    uscc: str
    is_valid: bool
    fault_zh: str | None
    fault_en: str | None
    is_code_odd: bool


def organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.id,
        uscc=row.uscc,
        name=row.name,
        kinds=[OrganisationKind(kind) for kind in row.kinds],
        is_operator_affiliate=row.is_operator_affiliate,
        is_code_odd=is_organisation_code_odd(row.uscc),
        registered_at=row.registered_at,
    )


def organisation_page(rows: Sequence[Organisation], *, limit: int) -> OrganisationPage:
    return OrganisationPage(
        organisations=[organisation_view(row) for row in rows], next_after=_next(rows, limit)
    )


def person_view(row: Person, memberships: Iterable[Membership], *, atrest: AtRest) -> PersonView:
    phone = phone_of(row, atrest=atrest)
    return PersonView(
        id=row.id,
        name=row.name,
        id_number=mask(id_number_of(row, atrest=atrest)),
        phone=mask(phone) if phone else None,
        registered_at=row.registered_at,
        memberships=[_membership(one) for one in memberships if one.person_id == row.id],
    )


def person_page(
    rows: Sequence[Person], memberships: Sequence[Membership], *, atrest: AtRest, limit: int
) -> PersonPage:
    people = [person_view(row, memberships, atrest=atrest) for row in rows]
    return PersonPage(people=people, next_after=_next(rows, limit))


def member_page(rows: Sequence[Person], *, limit: int) -> MemberPage:
    members = [MemberView(person_id=row.id, name=row.name) for row in rows]
    return MemberPage(members=members, next_after=_next(rows, limit))


def certificate_view(row: Certificate) -> CertificateView:
    return CertificateView(
        id=row.id,
        fingerprint=row.fingerprint,
        serial=row.serial,
        subject=row.subject,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        profile=row.profile,
        is_issued_here=row.is_issued_here,
        not_before=row.not_before,
        not_after=row.not_after,
        bound_at=row.bound_at,
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
        der=b64encode(row.der).decode(),
        chain=list(row.chain),
    )


def certificate_page(rows: Sequence[Certificate], *, limit: int) -> CertificatePage:
    shown = [certificate_view(row) for row in rows]
    return CertificatePage(certificates=shown, next_after=_next(rows, limit))


def appointment_view(row: Appointment) -> AppointmentView:
    return AppointmentView(
        id=row.id,
        tender_id=row.tender_id,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        role=row.role,
        power_of_attorney_sha256=row.power_of_attorney_sha256,
        appointed_at=row.appointed_at,
        until=row.until,
    )


def appointment_list(rows: Iterable[Appointment]) -> AppointmentList:
    return AppointmentList(appointments=[appointment_view(row) for row in rows])


def code_check(uscc: str, fault: Fault | None) -> CodeCheck:
    return CodeCheck(
        uscc=uscc,
        is_valid=fault is None,
        fault_zh=fault.zh if fault else None,
        fault_en=fault.en if fault else None,
        is_code_odd=fault is None and is_organisation_code_odd(uscc),
    )


def _membership(row: Membership) -> MembershipView:
    roles = [Role(role) for role in row.roles]
    return MembershipView(organisation_id=row.organisation_id, roles=roles, since=row.since)


def _next(rows: Sequence[Organisation | Person | Certificate], limit: int) -> str | None:
    return rows[-1].id if len(rows) == limit else None
