"""Organisations and people: the centre enters them, desks find them."""

from bidding.party import queries
from bidding.party.identifiers import normal, uscc_fault
from bidding.party.roles import Role
from bidding.party.service import organisations, people
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson, index_of
from bidding.refusals.party import PersonAbsent
from web.call import Call
from web.endpoint import endpoint
from web.forms.parties import (
    AmendOrganisation,
    AmendPerson,
    CodeQuery,
    FindPerson,
    GrantMembership,
    OrganisationQuery,
    PageQuery,
    PersonQuery,
    RegisterOrganisation,
    RegisterPerson,
    StateAffiliation,
)
from web.views.parties import (
    CodeCheck,
    MemberPage,
    OrganisationPage,
    OrganisationView,
    PersonPage,
    PersonView,
    code_check,
    member_page,
    organisation_page,
    organisation_view,
    person_page,
    person_view,
)

CENTRE = frozenset({Role.CENTRE_OPS})
FINDERS = CENTRE | {Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.SUPERVISOR}
"""Who looks organisations up to name them in a notice or to watch over them."""


@endpoint("GET", "/api/uscc", act="uscc.checked", roles={Role.PUBLIC}, query=CodeQuery, returns=CodeCheck,
          tag="party", summary="校验统一社会信用代码",
          summary_en="Check a unified social credit code")  # fmt: skip
async def check_code(call: Call) -> CodeCheck:
    uscc = normal(call.query.uscc)
    return code_check(uscc, uscc_fault(uscc))


@endpoint("POST", "/api/organisations", act="organisation.registered", roles=CENTRE,
          body=RegisterOrganisation, returns=OrganisationView, status=201, tag="party",
          summary="登记单位", summary_en="Register an organisation")  # fmt: skip
async def register_organisation(call: Call, body: RegisterOrganisation) -> OrganisationView:
    async with call.acting() as unit:
        row = await organisations.register_organisation(unit, NewOrganisation(**dict(body)))
    return organisation_view(row)


@endpoint("GET", "/api/organisations", act="organisations.read", roles=FINDERS, query=OrganisationQuery,
          returns=OrganisationPage, tag="party", summary="查询单位",
          summary_en="Find organisations")  # fmt: skip
async def list_organisations(call: Call) -> OrganisationPage:
    async with call.reading() as session:
        rows = await queries.organisations(session, **dict(call.query))
    return organisation_page(rows, limit=call.query.limit)


@endpoint("GET", "/api/organisations/{organisation_id}", act="organisation.read", roles=FINDERS,
          returns=OrganisationView, tag="party", summary="单位信息",
          summary_en="One organisation")  # fmt: skip
async def read_organisation(call: Call) -> OrganisationView:
    async with call.reading() as session:
        return organisation_view(await queries.organisation(session, call.path["organisation_id"]))


@endpoint("PUT", "/api/organisations/{organisation_id}", act="organisation.amended", roles=CENTRE,
          body=AmendOrganisation, returns=OrganisationView, tag="party", summary="变更单位信息",
          summary_en="Change an organisation's name and kinds")  # fmt: skip
async def amend_organisation(call: Call, body: AmendOrganisation) -> OrganisationView:
    async with call.acting() as unit:
        id_ = call.path["organisation_id"]
        row = await organisations.amend_organisation(unit, id_, name=body.name, kinds=body.kinds)
    return organisation_view(row)


@endpoint("PUT", "/api/organisations/{organisation_id}/affiliation", act="organisation.affiliation",
          roles=CENTRE, body=StateAffiliation, returns=OrganisationView, tag="party",
          summary="标记与运营机构的关联关系",
          summary_en="State a tie to the platform's operator (E-10)")  # fmt: skip
async def state_affiliation(call: Call, body: StateAffiliation) -> OrganisationView:
    async with call.acting() as unit:
        row = await organisations.mark_affiliate(unit, call.path["organisation_id"], **dict(body))
    return organisation_view(row)


@endpoint("GET", "/api/organisations/{organisation_id}/members", act="members.read", roles=FINDERS,
          query=PageQuery, returns=MemberPage, tag="party", summary="单位的经办人员",
          summary_en="Who acts for an organisation, by name")  # fmt: skip
async def list_members(call: Call) -> MemberPage:
    async with call.reading() as session:
        rows = await queries.people(session, organisation_id=call.path["organisation_id"], **dict(call.query))
    return member_page(rows, limit=call.query.limit)


@endpoint("PUT", "/api/organisations/{organisation_id}/members/{person_id}", act="membership.granted",
          roles=CENTRE, body=GrantMembership, returns=PersonView, tag="party", summary="授予经办人员角色",
          summary_en="Let a person act for an organisation in these roles")  # fmt: skip
async def grant_membership(call: Call, body: GrantMembership) -> PersonView:
    person_id, organisation_id = call.path["person_id"], call.path["organisation_id"]
    async with call.acting() as unit:
        await people.join(unit, person_id, organisation_id, roles=body.roles)
        row = await queries.person(unit.session, person_id)
        held = await queries.memberships_of(unit.session, [person_id])
    return person_view(row, held, atrest=call.app.atrest)


@endpoint("DELETE", "/api/organisations/{organisation_id}/members/{person_id}", act="membership.ended",
          roles=CENTRE, status=204, tag="party", summary="解除经办人员",
          summary_en="End a membership and its sessions")  # fmt: skip
async def end_membership(call: Call) -> None:
    async with call.acting() as unit:
        await people.leave(unit, call.path["person_id"], call.path["organisation_id"])


@endpoint("POST", "/api/people", act="person.registered", roles=CENTRE, body=RegisterPerson,
          returns=PersonView, status=201, tag="party", summary="登记人员",
          summary_en="Register a person")  # fmt: skip
async def register_person(call: Call, body: RegisterPerson) -> PersonView:
    async with call.acting() as unit:
        row = await people.register_person(unit, NewPerson(**dict(body)), atrest=call.app.atrest)
    return person_view(row, (), atrest=call.app.atrest)


@endpoint("GET", "/api/people", act="people.read", roles=CENTRE, query=PersonQuery, returns=PersonPage,
          tag="party", summary="查询人员", summary_en="Find people")  # fmt: skip
async def list_people(call: Call) -> PersonPage:
    async with call.reading() as session:
        rows = await queries.people(session, **dict(call.query))
        held = await queries.memberships_of(session, [row.id for row in rows])
    return person_page(rows, held, atrest=call.app.atrest, limit=call.query.limit)


@endpoint("POST", "/api/people/find", act="person.found", roles=CENTRE, body=FindPerson,
          returns=PersonView, tag="party", summary="按身份证号查人",
          summary_en="Find a person by ID number")  # fmt: skip
async def find_person(call: Call, body: FindPerson) -> PersonView:
    async with call.reading() as session:
        row = await queries.person_by_index(session, index_of(body.id_number, atrest=call.app.atrest))
        if row is None:
            raise PersonAbsent(person_id="")
        held = await queries.memberships_of(session, [row.id])
    return person_view(row, held, atrest=call.app.atrest)


@endpoint("PUT", "/api/people/{person_id}", act="person.amended", roles=CENTRE, body=AmendPerson,
          returns=PersonView, tag="party", summary="变更人员信息",
          summary_en="Change a person's name and telephone")  # fmt: skip
async def amend_person(call: Call, body: AmendPerson) -> PersonView:
    async with call.acting() as unit:
        row = await people.amend_person(unit, call.path["person_id"], **dict(body), atrest=call.app.atrest)
        held = await queries.memberships_of(unit.session, [row.id])
    return person_view(row, held, atrest=call.app.atrest)
