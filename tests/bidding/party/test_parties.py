"""Organisations, people and memberships: what is entered, what is kept secret, what is recorded."""

import asyncio
import json

import pytest
from sqlalchemy import select

from bidding.party import queries
from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from bidding.party.service import organisations, people
from bidding.party.tables import Person
from bidding.refusals.party import (
    KindsCollide,
    NameEmpty,
    NotAMember,
    OrganisationAbsent,
    OrganisationKnown,
    PersonAbsent,
    PersonKnown,
    RoleBeyondKind,
    USCCInvalid,
)
from crypto.ledger import Entry, Unit
from tests.bidding.party.makers import (
    AGENCY_USCC,
    ATREST,
    BIDDER_USCC,
    CENTRE_USCC,
    ID_NUMBER,
    OTHER_ID_NUMBER,
    a_person,
    an_organisation,
    unit_at,
)


async def recorded(session):
    rows = (await session.execute(select(Entry).order_by(Entry.id))).scalars()
    return [json.loads(row.text) for row in rows]


async def test_an_organisation_is_entered_under_its_normal_code_and_recorded(unit):
    typed = an_organisation(" ９１３３０７０３ma2abcde14", "  示例甲建设有限公司 ")
    row = await organisations.register_organisation(unit, typed)
    assert (row.uscc, row.name) == (BIDDER_USCC, "示例甲建设有限公司")
    entries = await recorded(unit.session)
    assert [(entry["kind"], entry["stream"]) for entry in entries] == [
        ("organisation.registered", "platform")
    ]
    assert entries[0]["body"]["uscc"] == BIDDER_USCC


async def test_the_same_code_twice_is_refused_and_the_transaction_lives_on(unit):
    await organisations.register_organisation(unit, an_organisation())
    with pytest.raises(OrganisationKnown):
        await organisations.register_organisation(unit, an_organisation(name="另一名称"))
    await organisations.register_organisation(unit, an_organisation(AGENCY_USCC, kinds=[Kind.AGENCY]))
    assert len(await queries.organisations(unit.session)) == 2


async def test_two_at_the_same_instant_cannot_both_register_a_code(db):
    async def register():
        async with db.writing.begin() as session:
            await organisations.register_organisation(unit_at(session), an_organisation())

    outcomes = await asyncio.gather(register(), register(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "OrganisationKnown"]


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (an_organisation("91330703MA2ABCDE15"), USCCInvalid),
        (an_organisation(name="\u3000"), NameEmpty),
        (an_organisation(kinds=[Kind.SUPERVISOR, Kind.BIDDER]), KindsCollide),
    ],
)
async def test_what_is_wrong_with_an_organisation_is_refused_and_nothing_stays(unit, order, refusal):
    with pytest.raises(refusal):
        await organisations.register_organisation(unit, order)
    assert await queries.organisations(unit.session) == []
    assert await recorded(unit.session) == []


async def test_a_tie_to_the_operator_is_stated_with_its_reason(unit):
    row = await organisations.register_organisation(unit, an_organisation())
    assert not await queries.is_operator_affiliate(unit.session, row.id)
    await organisations.mark_affiliate(unit, row.id, is_operator_affiliate=True, reason="控股 51%")
    assert await queries.is_operator_affiliate(unit.session, row.id)
    assert (await recorded(unit.session))[-1]["body"]["reason"] == "控股 51%"
    with pytest.raises(OrganisationAbsent):
        await queries.is_operator_affiliate(unit.session, "nobody")


async def test_an_organisation_can_be_renamed_and_keeps_its_code(unit):
    row = await organisations.register_organisation(unit, an_organisation())
    await organisations.amend_organisation(unit, row.id, name="示例甲集团", kinds=[Kind.BIDDER, Kind.AGENCY])
    names = await queries.organisation_names(unit.session, [row.id, "nobody"])
    assert names == {row.id: queries.OrganisationName("示例甲集团", BIDDER_USCC)}
    assert row.kinds == ["agency", "bidder"]


async def test_organisations_are_found_by_name_code_and_kind_page_by_page(unit):
    for uscc, name, kind in (
        (BIDDER_USCC, "示例甲100%建设", Kind.BIDDER),
        (AGENCY_USCC, "示例乙代理", Kind.AGENCY),
        (CENTRE_USCC, "示例区中心", Kind.CENTRE),
    ):
        await organisations.register_organisation(unit, an_organisation(uscc, name, [kind]))

    async def found(**asked):
        return [row.name for row in await queries.organisations(unit.session, **asked)]

    assert await found(text="示例甲") == ["示例甲100%建设"]
    assert await found(text="%") == ["示例甲100%建设"]
    assert await found(text="79965505") == ["示例乙代理"]
    assert await found(kind=Kind.CENTRE) == ["示例区中心"]
    first = await queries.organisations(unit.session, limit=2)
    rest = await queries.organisations(unit.session, after=first[-1].id)
    assert [row.name for row in (*first, *rest)] == await found()
    assert len(first) == 2


async def test_a_persons_numbers_are_in_no_column_and_in_no_entry(unit):
    row = await people.register_person(unit, a_person(), atrest=ATREST)
    stored = str([getattr(row, column.key) for column in Person.__table__.columns])
    assert "示例张三" in stored
    everything = stored + str(await recorded(unit.session)) + repr(a_person())
    assert ID_NUMBER not in everything
    assert "13800000000" not in everything
    assert "示例张三" not in str(await recorded(unit.session))
    assert people.id_number_of(row, atrest=ATREST) == ID_NUMBER
    assert people.phone_of(row, atrest=ATREST) == "13800000000"


async def test_a_person_is_found_by_number_however_typed_and_entered_once(unit):
    row = await people.register_person(
        unit, a_person(id_number="11010519491231002x", phone=None), atrest=ATREST
    )
    index = people.index_of(" 11010519491231002Ｘ", atrest=ATREST)
    assert (await queries.person_by_index(unit.session, index)).id == row.id
    assert people.phone_of(row, atrest=ATREST) is None
    with pytest.raises(PersonKnown):
        await people.register_person(unit, a_person(id_number="11010519491231002X"), atrest=ATREST)


async def test_a_first_membership_is_granted_under_the_clock_of_the_database_itself(unit):
    centre = await organisations.register_organisation(
        unit, an_organisation(CENTRE_USCC, "示例区交易中心", [Kind.CENTRE])
    )
    person = await people.register_person(unit, a_person(), atrest=ATREST)
    later = Unit(unit.session, by="test")
    row = await people.join(later, person.id, centre.id, roles=[Role.CENTRE_OPS])
    assert (row.roles, row.since) == (["centre_ops"], await later.now())


async def test_a_membership_is_replaced_ended_and_taken_up_again(unit):
    bidder = await organisations.register_organisation(
        unit, an_organisation(kinds=[Kind.BIDDER, Kind.AGENCY])
    )
    person = await people.register_person(unit, a_person(), atrest=ATREST)
    await people.join(unit, person.id, bidder.id, roles=[Role.BIDDER])
    await people.join(unit, person.id, bidder.id, roles=[Role.AGENCY_HOST])
    held = await queries.memberships_of(unit.session, [person.id])
    assert [row.roles for row in held] == [["agency_host"]]
    await people.leave(unit, person.id, bidder.id)
    assert await queries.memberships_of(unit.session, [person.id]) == []
    assert await queries.people(unit.session, organisation_id=bidder.id) == []
    with pytest.raises(NotAMember):
        await people.leave(unit, person.id, bidder.id)
    await people.join(unit, person.id, bidder.id, roles=[Role.BIDDER])
    assert [row.id for row in await queries.people(unit.session, organisation_id=bidder.id)] == [person.id]


async def test_a_role_beyond_the_kind_and_people_unknown_are_refused(unit):
    bidder = await organisations.register_organisation(unit, an_organisation())
    person = await people.register_person(unit, a_person(), atrest=ATREST)
    with pytest.raises(RoleBeyondKind):
        await people.join(unit, person.id, bidder.id, roles=[Role.CENTRE_OPS])
    with pytest.raises(PersonAbsent):
        await people.join(unit, "nobody", bidder.id, roles=[Role.BIDDER])
    with pytest.raises(OrganisationAbsent):
        await people.join(unit, person.id, "nobody", roles=[Role.BIDDER])


async def test_a_person_is_renamed_and_found_by_a_part_of_the_name(unit):
    row = await people.register_person(unit, a_person(), atrest=ATREST)
    await people.register_person(unit, a_person("示例李四", OTHER_ID_NUMBER), atrest=ATREST)
    await people.amend_person(unit, row.id, name="示例张山", phone=None, atrest=ATREST)
    assert [found.id for found in await queries.people(unit.session, text="张山")] == [row.id]
    assert row.phone_sealed is None
    with pytest.raises(PersonAbsent):
        await people.amend_person(unit, "nobody", name="示例", phone=None, atrest=ATREST)
