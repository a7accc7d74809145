"""The law about parties: identifiers, who may not bid, who may act for whom, which certificates count."""

import unicodedata
from collections.abc import Collection
from datetime import date, datetime

from bidding.party.identifiers import id_number_fault, is_deal_code, uscc_fault
from bidding.party.kinds import ALONE, ROLES, OrganisationKind
from bidding.party.roles import Role
from bidding.refusals.party import (
    AffiliateBids,
    CertificateIsRevoked,
    CertificateNamesAnother,
    DealCodeInvalid,
    IDNumberInvalid,
    KindsCollide,
    NameEmpty,
    NotAMember,
    NotYourOwn,
    PowerOfAttorneyMissing,
    RoleBeyondKind,
    RoleNotAppointable,
    USCCInvalid,
)

AT_THE_DESK = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS})
"""Roles that the desk of a tender gives; holders of keys and shares are named in the notice instead."""


def refuse_bad_uscc(*, uscc: str) -> None:
    """ID-1, GB 32100-2015: eighteen characters of 31, the last of which checks the others.

    The check inside the organisation code (GB 11714) is a warning only: newer codes break it.
    """
    if fault := uscc_fault(uscc):
        raise USCCInvalid(uscc=uscc[:40], fault_zh=fault.zh, fault_en=fault.en)


def refuse_bad_id_number(*, id_number: str, today: date) -> None:
    """ID-2, GB 11643-1999: region, date of birth up to *today*, check character."""
    if fault := id_number_fault(id_number, today=today):
        raise IDNumberInvalid(fault_zh=fault.zh, fault_en=fault.en)


def refuse_bad_deal_code(*, deal_code: str) -> None:
    """ID-3, GB/T 17710-2008 (ISO 7064 MOD 37-2): the check covers the category too."""
    if not is_deal_code(deal_code):
        raise DealCodeInvalid(deal_code=deal_code[:60])


def refuse_empty_name(*, name: str) -> None:
    """ID-4, Order 20 art. 25: who takes part is registered under its name.

    A name of any script will do, but it must show: no control or format characters, not only spaces.
    """
    if not name.strip() or any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name):
        raise NameEmpty


def refuse_affiliate_bidder(*, is_operator_affiliate: bool, organisation: str) -> None:
    """E-10, Order 20 art. 23: the operator, and who controls or is controlled by it, do not bid here."""
    if is_operator_affiliate:
        raise AffiliateBids(organisation=organisation)


def refuse_colliding_kinds(*, kinds: Collection[OrganisationKind]) -> None:
    """ID-10, Implementing Regulation art. 5: the venue and the supervisor are no party to a tender."""
    if len(set(kinds)) > 1 and ALONE & set(kinds):
        raise KindsCollide(kinds=", ".join(sorted(kinds)))


def refuse_role_beyond_kind(*, kinds: Collection[OrganisationKind], roles: Collection[Role]) -> None:
    """ID-9, Implementing Regulation art. 5: an organisation gives only the roles of what it is."""
    possible = frozenset[Role]().union(*(ROLES[kind] for kind in kinds))
    for role in sorted(set(roles) - possible):
        raise RoleBeyondKind(role=role)


def refuse_non_member(*, is_member: bool, person_id: str, organisation_id: str) -> None:
    """ID-11, Civil Code art. 165: a person acts for an organisation that has authorised it."""
    if not is_member:
        raise NotAMember(person_id=person_id, organisation_id=organisation_id)


def refuse_speaking_for_another(*, organisation_id: str, own_organisation_id: str) -> None:
    """ID-12, Civil Code art. 165: a bidder names and dismisses its own delegates."""
    if organisation_id != own_organisation_id:
        raise NotYourOwn


def refuse_unwritten_delegation(*, power_of_attorney_sha256: str | None) -> None:
    """ID-13, Civil Code art. 165: the power of attorney is a document, named by its hash."""
    if power_of_attorney_sha256 is None:
        raise PowerOfAttorneyMissing


def refuse_role_of_another_giver(*, role: Role) -> None:
    """ID-14, Order 20 art. 25: the desk gives desk roles; the notice and the centre give the others."""
    if role not in AT_THE_DESK:
        raise RoleNotAppointable(role=role)


def refuse_another_holder(
    *, named_uscc: str | None, named_person: str | None, uscc: str, person: str, is_code_needed: bool
) -> None:
    """ID-18, Electronic Signature Law art. 13: a certificate speaks for whom it names.

    *named_person* is None where the certificate names an organisation only. Authorities may cut a
    long name, never lengthen it.
    """
    if named_uscc != uscc and (named_uscc is not None or is_code_needed):
        raise CertificateNamesAnother(named=named_uscc or "-")
    if named_person is not None and not (named_person and person.startswith(named_person)):
        raise CertificateNamesAnother(named=named_person)


def refuse_revoked_certificate(*, revoked_at: datetime | None, at: datetime) -> None:
    """ID-20, Electronic Signature Law art. 23: from the instant of its revocation it counts no more."""
    if revoked_at is not None and revoked_at <= at:
        raise CertificateIsRevoked
