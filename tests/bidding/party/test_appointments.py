"""Roles on one tender: who holds which, who may give them, and what the desk never learns."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bidding.party import queries
from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Actor, Role
from bidding.party.service import appointments
from bidding.party.service.appointments import NewAppointment
from bidding.refusals.party import (
    AppointmentAbsent,
    NotAMember,
    NotYourOwn,
    OrganisationAbsent,
    PowerOfAttorneyMissing,
    RoleBeyondKind,
    RoleNotAppointable,
)
from crypto.certificates import Profile
from crypto.ledger import Entry
from tests.bidding.party.makers import (
    AGENCY_USCC,
    OTHER_ID_NUMBER,
    SHA,
    a_person,
    an_organisation,
    enrolled,
)
from tests.conftest import NOON, TICK

TENDER = "tender-1"


@pytest.fixture
async def bidder(unit, authority):
    return await enrolled(unit, authority)


@pytest.fixture
async def agency(unit, authority):
    order = an_organisation(AGENCY_USCC, "示例乙代理", [Kind.AGENCY, Kind.BIDDER])
    return await enrolled(
        unit, authority, order, a_person("示例李四", OTHER_ID_NUMBER),
        roles=[Role.AGENCY_HOST, Role.BIDDER], profile=Profile.STAFF,
    )  # fmt: skip


def who(party, *roles):
    return Actor(
        person_id=party.person.id, organisation_id=party.organisation.id, name="", organisation="",
        roles=frozenset({Role.PUBLIC, *roles}), certificate_sha256="", session_id="s",
    )  # fmt: skip


def a_seat(party, role=Role.AGENCY_HOST, **more):
    given = {"tender_id": TENDER, "organisation_id": party.organisation.id, "role": role}
    return NewAppointment(**(given | more))


async def roles(unit, actor, *, tender=TENDER, now=NOON):
    return await queries.roles_on(unit.session, actor, tender, now=now)


async def test_a_bidder_may_bid_on_every_tender_without_being_appointed(unit, bidder):
    assert await roles(unit, who(bidder, Role.BIDDER)) == {Role.BIDDER}
    assert await roles(unit, who(bidder, Role.BIDDER), tender="any") == {Role.BIDDER}


async def test_a_host_is_a_host_only_where_it_was_seated(unit, agency):
    host = who(agency, Role.AGENCY_HOST)
    assert await roles(unit, host) == set()
    await appointments.seat(unit, a_seat(agency))
    assert await roles(unit, host) == {Role.AGENCY_HOST}
    assert await roles(unit, host, tender="another") == set()


async def test_who_sits_at_the_desk_does_not_bid_there(unit, agency):
    actor = who(agency, Role.AGENCY_HOST, Role.BIDDER)
    await appointments.seat(unit, a_seat(agency, person_id=agency.person.id))
    colleague = replace(actor, person_id="colleague")
    assert await roles(unit, actor) == {Role.AGENCY_HOST}
    assert await roles(unit, colleague) == set()
    assert await roles(unit, actor, tender="another") == {Role.BIDDER}


async def test_a_seat_of_one_person_is_not_the_colleagues(unit, agency):
    await appointments.seat(unit, a_seat(agency, Role.RECORDER, person_id=agency.person.id))
    assert await roles(unit, who(agency)) == {Role.RECORDER}
    assert await roles(unit, replace(who(agency), person_id="colleague")) == set()


@pytest.mark.parametrize(("now", "holds"), [(NOON, True), (NOON + TICK, False)])
async def test_an_appointment_holds_up_to_its_last_instant(unit, agency, now, holds):
    await appointments.seat(unit, a_seat(agency, until=NOON))
    assert (await roles(unit, who(agency), now=now) == {Role.AGENCY_HOST}) is holds


async def test_supervisors_and_operations_stand_to_a_tender_as_to_the_platform(unit, agency):
    actor = who(agency, Role.SUPERVISOR, Role.CENTRE_OPS, Role.RECORDER)
    assert await roles(unit, actor) == {Role.SUPERVISOR, Role.CENTRE_OPS}


async def test_a_dismissed_role_is_gone_and_cannot_be_dismissed_again(unit, agency):
    row = await appointments.appoint(unit, a_seat(agency))
    assert [one.id for one in await queries.appointments_at_desk(unit.session, TENDER, now=NOON)] == [row.id]
    assert await queries.tenders_of(unit.session, who(agency), now=NOON) == {
        TENDER: frozenset({Role.AGENCY_HOST})
    }
    with pytest.raises(AppointmentAbsent):
        await appointments.dismiss(unit, "another", row.id)
    await appointments.dismiss(unit, TENDER, row.id)
    assert await roles(unit, who(agency)) == set()
    with pytest.raises(AppointmentAbsent):
        await appointments.dismiss(unit, TENDER, row.id)


async def test_the_desk_gives_desk_roles_to_fitting_organisations_and_members(unit, agency, bidder):
    with pytest.raises(RoleNotAppointable):
        await appointments.appoint(unit, a_seat(agency, Role.LAYER_HOLDER))
    with pytest.raises(RoleBeyondKind):
        await appointments.appoint(unit, a_seat(bidder, Role.AGENCY_HOST))
    with pytest.raises(NotAMember):
        await appointments.appoint(unit, a_seat(agency, person_id=bidder.person.id))
    with pytest.raises(OrganisationAbsent):
        await appointments.appoint(unit, a_seat(agency, organisation_id="nobody"))
    with pytest.raises(RoleNotAppointable):
        await appointments.seat(unit, a_seat(bidder, Role.BIDDER))


async def test_a_layer_holder_named_by_the_notice_cannot_be_unseated_by_the_desk(unit, agency):
    row = await appointments.seat(unit, a_seat(agency, Role.LAYER_HOLDER, person_id=agency.person.id))
    with pytest.raises(RoleNotAppointable):
        await appointments.dismiss(unit, TENDER, row.id)


def a_delegation(party, **more):
    given = {"role": Role.BIDDER, "person_id": party.person.id, "power_of_attorney_sha256": SHA}
    return a_seat(party, **(given | more))


async def test_a_delegation_is_heard_by_its_own_bidder_alone(unit, bidder, agency):
    await appointments.seat(unit, a_seat(agency))
    before = len((await unit.session.execute(select(Entry))).all())
    row = await appointments.delegate(unit, a_delegation(bidder), actor=who(bidder, Role.BIDDER))
    entries = (await unit.session.execute(select(Entry).order_by(Entry.id))).scalars().all()[before:]
    own = bidder.organisation.id
    assert [(one.stream, one.audience) for one in entries] == [(f"tender/{TENDER}/bidder/{own}", "bidder")]
    assert json.loads(entries[0].text)["body"]["power_of_attorney_sha256"] == SHA
    at_desk = await queries.appointments_at_desk(unit.session, TENDER, now=NOON)
    assert [one.role for one in at_desk] == [Role.AGENCY_HOST]
    delegates = await queries.delegates_of(unit.session, TENDER, own, now=NOON)
    assert [one.id for one in delegates] == [row.id]
    assert await queries.delegates_of(unit.session, TENDER, agency.organisation.id, now=NOON) == []


async def test_the_desk_cannot_tell_a_delegation_from_nothing(unit, bidder):
    row = await appointments.delegate(unit, a_delegation(bidder), actor=who(bidder, Role.BIDDER))
    with pytest.raises(AppointmentAbsent):
        await appointments.dismiss(unit, TENDER, row.id)


async def test_a_delegate_is_named_and_dismissed_by_its_own_bidder_in_writing(unit, bidder, agency):
    me, other = who(bidder, Role.BIDDER), who(agency, Role.BIDDER)
    with pytest.raises(NotYourOwn):
        await appointments.delegate(unit, a_delegation(bidder), actor=other)
    with pytest.raises(PowerOfAttorneyMissing):
        await appointments.delegate(unit, a_delegation(bidder, power_of_attorney_sha256=None), actor=me)
    row = await appointments.delegate(unit, a_delegation(bidder, until=NOON + timedelta(days=1)), actor=me)
    with pytest.raises(AppointmentAbsent):
        await appointments.dismiss_delegate(unit, TENDER, row.id, actor=other)
    await appointments.dismiss_delegate(unit, TENDER, row.id, actor=me)
    assert await queries.delegates_of(unit.session, TENDER, bidder.organisation.id, now=NOON) == []
