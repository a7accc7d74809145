"""Roles on one tender: seats at its desk, and bidders' delegates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bidding.acts.party import DelegateAppointed, DelegateDismissed, RoleEnded, RoleGiven
from bidding.party import queries
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Actor, Role
from bidding.party.rules import (
    refuse_role_beyond_kind,
    refuse_role_of_another_giver,
    refuse_speaking_for_another,
    refuse_unwritten_delegation,
)
from bidding.party.service.people import member
from bidding.party.tables import Appointment
from bidding.refusals.party import AppointmentAbsent, RoleNotAppointable
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

_BY_KIND = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})


@dataclass(frozen=True, kw_only=True)
class NewAppointment:
    """A role on a tender for one person, or for all people of the organisation (`person_id` None).

    `until` is the last instant at which it holds.
    """

    tender_id: str
    organisation_id: str
    role: Role
    person_id: str | None = None
    until: datetime | None = None
    power_of_attorney_sha256: str | None = None


async def seat(unit: Unit, order: NewAppointment) -> Appointment:
    """Give a role at the desk of a tender: for the room that founds the tender and publishes its notice.

    Raises RoleNotAppointable (bidders are not seated), OrganisationAbsent, NotAMember.
    """
    if order.role is Role.BIDDER:
        raise RoleNotAppointable(role=order.role)
    row = await _appoint(unit, order)
    await unit.record(
        RoleGiven(
            tender_id=row.tender_id,
            appointment_id=row.id,
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            role=row.role,
            until=row.until,
        )
    )
    return row


async def appoint(unit: Unit, order: NewAppointment) -> Appointment:
    """Give a role at the desk, by the desk. Raises RoleNotAppointable, RoleBeyondKind, and as `seat`."""
    refuse_role_of_another_giver(role=order.role)
    organisation = await queries.organisation(unit.session, order.organisation_id)
    if order.role in _BY_KIND:
        kinds = [OrganisationKind(kind) for kind in organisation.kinds]
        refuse_role_beyond_kind(kinds=kinds, roles=[order.role])
    return await seat(unit, order)


async def delegate(unit: Unit, order: NewAppointment, *, actor: Actor) -> Appointment:
    """Name a delegate of the actor's own organisation, by a power of attorney.

    Raises NotYourOwn, PowerOfAttorneyMissing, NotAMember.
    """
    refuse_speaking_for_another(
        organisation_id=order.organisation_id, own_organisation_id=actor.organisation_id
    )
    refuse_unwritten_delegation(power_of_attorney_sha256=order.power_of_attorney_sha256)
    row = await _appoint(unit, order)
    await unit.record(
        DelegateAppointed(
            tender_id=row.tender_id,
            bidder_id=row.organisation_id,
            appointment_id=row.id,
            person_id=row.person_id or "",
            power_of_attorney_sha256=row.power_of_attorney_sha256 or "",
            until=row.until,
        )
    )
    return row


async def dismiss(unit: Unit, tender_id: str, appointment_id: str) -> Appointment:
    """End a seat at the desk. Raises AppointmentAbsent, RoleNotAppointable."""
    row = await _lock(unit, tender_id, appointment_id)
    if row.role is Role.BIDDER:
        raise AppointmentAbsent(appointment_id=appointment_id)  # E-08: the desk knows of no delegates
    refuse_role_of_another_giver(role=row.role)
    row.ended_at = await unit.now()
    await unit.record(RoleEnded(tender_id=tender_id, appointment_id=row.id))
    return row


async def dismiss_delegate(unit: Unit, tender_id: str, appointment_id: str, *, actor: Actor) -> Appointment:
    """End the delegation of one's own. Raises AppointmentAbsent, for another's too."""
    row = await _lock(unit, tender_id, appointment_id)
    if row.role is not Role.BIDDER or row.organisation_id != actor.organisation_id:
        raise AppointmentAbsent(appointment_id=appointment_id)
    row.ended_at = await unit.now()
    bidder = row.organisation_id
    await unit.record(DelegateDismissed(tender_id=tender_id, bidder_id=bidder, appointment_id=row.id))
    return row


async def _appoint(unit: Unit, order: NewAppointment) -> Appointment:
    await queries.organisation(unit.session, order.organisation_id)
    if order.person_id is not None:
        await member(unit, order.person_id, order.organisation_id)
    row = Appointment(
        id=new_id(), tender_id=order.tender_id, organisation_id=order.organisation_id,
        person_id=order.person_id, role=order.role, until=order.until,
        power_of_attorney_sha256=order.power_of_attorney_sha256, appointed_at=await unit.now(),
    )  # fmt: skip
    unit.session.add(row)
    return row


async def _lock(unit: Unit, tender_id: str, appointment_id: str) -> Appointment:
    asked = select(Appointment).where(
        Appointment.id == appointment_id,
        Appointment.tender_id == tender_id,
        Appointment.ended_at.is_(None),
    )
    row = (await unit.session.execute(asked.with_for_update())).scalar_one_or_none()
    if row is None:
        raise AppointmentAbsent(appointment_id=appointment_id)
    return row
