"""Roles on one tender: the desk seats its people, a bidder names its delegates."""

from bidding.party import queries
from bidding.party.roles import Role
from bidding.party.service import appointments
from bidding.party.service.appointments import NewAppointment
from web.call import Call
from web.endpoint import endpoint
from web.forms.parties import Appoint, Delegate
from web.views.parties import AppointmentList, AppointmentView, appointment_list, appointment_view

DESK = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
ONLOOKERS = DESK | {Role.RECORDER, Role.OPENING_WITNESS, Role.SUPERVISOR}
BIDDER = frozenset({Role.BIDDER})


@endpoint("GET", "/api/tenders/{tender_id}/appointments", act="appointments.read", roles=ONLOOKERS,
          returns=AppointmentList, tag="appointment", summary="项目人员",
          summary_en="Who sits at the tender's desk")  # fmt: skip
async def list_appointments(call: Call) -> AppointmentList:
    async with call.reading() as session:
        now = await call.app.clock(session)
        rows = await queries.appointments_at_desk(session, call.path["tender_id"], now=now)
    return appointment_list(rows)


@endpoint("POST", "/api/tenders/{tender_id}/appointments", act="role.given", roles=DESK, body=Appoint,
          returns=AppointmentView, status=201, tag="appointment", summary="委派项目人员",
          summary_en="Give a role at the tender's desk")  # fmt: skip
async def appoint(call: Call, body: Appoint) -> AppointmentView:
    order = NewAppointment(tender_id=call.path["tender_id"], **dict(body))
    async with call.acting() as unit:
        row = await appointments.appoint(unit, order)
    return appointment_view(row)


@endpoint("DELETE", "/api/tenders/{tender_id}/appointments/{appointment_id}", act="role.ended", roles=DESK,
          status=204, tag="appointment", summary="解除项目人员",
          summary_en="End a role at the tender's desk")  # fmt: skip
async def dismiss(call: Call) -> None:
    async with call.acting() as unit:
        await appointments.dismiss(unit, call.path["tender_id"], call.path["appointment_id"])


@endpoint("GET", "/api/tenders/{tender_id}/delegates", act="delegates.read", roles=BIDDER,
          returns=AppointmentList, tag="appointment", summary="本单位的委托代理人",
          summary_en="My organisation's delegates")  # fmt: skip
async def list_delegates(call: Call) -> AppointmentList:
    tender_id, own = call.path["tender_id"], call.actor.organisation_id
    async with call.reading() as session:
        now = await call.app.clock(session)
        rows = await queries.delegates_of(session, tender_id, own, now=now)
    return appointment_list(rows)


@endpoint("POST", "/api/tenders/{tender_id}/delegates", act="delegate.appointed", roles=BIDDER,
          body=Delegate, returns=AppointmentView, status=201, step_up=True, tag="appointment",
          summary="委托代理人", summary_en="Name a delegate by a power of attorney")  # fmt: skip
async def name_delegate(call: Call, body: Delegate) -> AppointmentView:
    order = NewAppointment(
        tender_id=call.path["tender_id"],
        organisation_id=call.actor.organisation_id,
        role=Role.BIDDER,
        **dict(body),
    )
    async with call.acting() as unit:
        row = await appointments.delegate(unit, order, actor=call.actor)
    return appointment_view(row)


@endpoint("DELETE", "/api/tenders/{tender_id}/delegates/{appointment_id}", act="delegate.dismissed",
          roles=BIDDER, status=204, tag="appointment", summary="解除委托代理人",
          summary_en="End a delegation of my own")  # fmt: skip
async def dismiss_delegate(call: Call) -> None:
    async with call.acting() as unit:
        tender_id, appointment_id = call.path["tender_id"], call.path["appointment_id"]
        await appointments.dismiss_delegate(unit, tender_id, appointment_id, actor=call.actor)
