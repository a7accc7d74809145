"""People: enter, amend, and for which organisations they act."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select, update

from bidding.acts.party import MembershipEnded, MembershipGranted, PersonAmended, PersonRegistered
from bidding.party import queries
from bidding.party.identifiers import normal
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.rules import (
    refuse_bad_id_number,
    refuse_empty_name,
    refuse_non_member,
    refuse_role_beyond_kind,
)
from bidding.party.service.organisations import lock_organisation
from bidding.party.service.rows import add_unique
from bidding.party.tables import AuthSession, Membership, Person
from bidding.refusals.party import PersonAbsent, PersonKnown
from crypto.atrest import AtRest
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

_INDEX = "person/id-number"


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """What is told of a person; the numbers stay out of every printed form of this order."""

    name: str
    id_number: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)


async def register_person(unit: Unit, order: NewPerson, *, atrest: AtRest) -> Person:
    """Enter a person. Raises IDNumberInvalid, NameEmpty, PersonKnown."""
    now, id_number = await unit.now(), normal(order.id_number)
    refuse_empty_name(name=order.name)
    refuse_bad_id_number(id_number=id_number, today=now.date())
    row = Person(id=new_id(), name=order.name.strip(), registered_at=now)
    row.id_number_sealed = atrest.seal(id_number.encode(), context=_context(row, "id-number"))
    row.id_number_index = index_of(id_number, atrest=atrest)
    row.phone_sealed = _sealed_phone(row, order.phone, atrest)
    await add_unique(unit.session, row, PersonKnown())
    await unit.record(PersonRegistered(person_id=row.id))
    return row


async def amend_person(unit: Unit, person_id: str, *, name: str, phone: str | None, atrest: AtRest) -> Person:
    """Change name and telephone; the ID number never changes. Raises PersonAbsent, NameEmpty."""
    asked = select(Person).where(Person.id == person_id).with_for_update()
    row = (await unit.session.execute(asked)).scalar_one_or_none()
    if row is None:
        raise PersonAbsent(person_id=person_id)
    refuse_empty_name(name=name)
    row.name, row.phone_sealed = name.strip(), _sealed_phone(row, phone, atrest)
    await unit.record(PersonAmended(person_id=row.id))
    return row


async def join(unit: Unit, person_id: str, organisation_id: str, *, roles: Collection[Role]) -> Membership:
    """Let the person act for the organisation in exactly these roles from now on.

    Raises OrganisationAbsent, PersonAbsent, RoleBeyondKind.
    """
    organisation = await lock_organisation(unit, organisation_id)
    await queries.person(unit.session, person_id)
    refuse_role_beyond_kind(kinds=[OrganisationKind(kind) for kind in organisation.kinds], roles=roles)
    row, now = await queries.membership(unit.session, person_id, organisation_id), await unit.now()
    if row is None:
        row = Membership(id=new_id(), person_id=person_id, organisation_id=organisation_id)
        unit.session.add(row)
    row.roles, row.since, row.ended_at = sorted(set(roles)), now, None
    held = tuple(Role(role) for role in row.roles)
    await unit.record(MembershipGranted(person_id=person_id, organisation_id=organisation_id, roles=held))
    return row


async def leave(unit: Unit, person_id: str, organisation_id: str) -> Membership:
    """End the membership, and every session in which the person acts for the organisation.

    Raises OrganisationAbsent, NotAMember.
    """
    await lock_organisation(unit, organisation_id)
    row = await member(unit, person_id, organisation_id)
    row.ended_at = await unit.now()
    ended = update(AuthSession).where(
        AuthSession.person_id == person_id,
        AuthSession.organisation_id == organisation_id,
        AuthSession.revoked_at.is_(None),
    )
    await unit.session.execute(ended.values(revoked_at=row.ended_at))
    await unit.record(MembershipEnded(person_id=person_id, organisation_id=organisation_id))
    return row


async def member(unit: Unit, person_id: str, organisation_id: str) -> Membership:
    """The membership in force, or NotAMember."""
    row = await queries.membership(unit.session, person_id, organisation_id)
    if row is None or row.ended_at is not None:
        refuse_non_member(is_member=False, person_id=person_id, organisation_id=organisation_id)
    assert row is not None  # noqa: S101 -- the rule has just refused
    return row


def index_of(id_number: str, *, atrest: AtRest) -> bytes:
    """The blind index under which `queries.person_by_index` finds the number's owner."""
    return atrest.index(normal(id_number).encode(), context=_INDEX)


def id_number_of(row: Person, *, atrest: AtRest) -> str:
    """The ID number in clear, for a certificate's pseudonym or a masked view. Raises SealBroken."""
    return atrest.unseal(row.id_number_sealed, context=_context(row, "id-number")).decode()


def phone_of(row: Person, *, atrest: AtRest) -> str | None:
    """The telephone in clear, if there is one. Raises SealBroken."""
    if row.phone_sealed is None:
        return None
    return atrest.unseal(row.phone_sealed, context=_context(row, "phone")).decode()


def _sealed_phone(row: Person, phone: str | None, atrest: AtRest) -> bytes | None:
    return atrest.seal(normal(phone).encode(), context=_context(row, "phone")) if phone else None


def _context(row: Person, field_name: str) -> str:
    return f"person/{row.id}/{field_name}"
