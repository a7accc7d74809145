"""The centre's desk over HTTP: organisations, people, certificates, appointments."""

from datetime import timedelta

import pytest
from cryptography import x509

from bidding.party.roles import Role
from bidding.party.service import appointments
from bidding.party.service.appointments import NewAppointment
from crypto.certificates import Authority, new_key
from crypto.ledger import Unit, since
from tests.bidding.party.makers import BIDDER_USCC, CENTRE_USCC, ID_NUMBER, SHA, Party, a_request
from tests.conftest import NOON, at
from tests.web.holders import AGENCY, BIDDER, CENTRE, an_answer, challenged, enrol, platform, served, sign_in

ORGANISATION = {"uscc": "91330703ma2abcde14", "name": "示例甲建设有限公司", "kinds": ["bidder"]}
PERSON = {"name": "示例张三", "id_number": ID_NUMBER, "phone": "13800000000"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    where = tmp_path_factory.mktemp("authority")
    return Authority.create(where, "passphrase", name="示例", now=NOON - timedelta(days=1))


@pytest.fixture
def app(db, authority):
    return platform(db, authority)


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(served(app))


@pytest.fixture
async def centre(client, app):
    return await sign_in(client, app, await enrol(app, CENTRE))


async def test_from_nothing_to_a_bidder_who_signs_in_over_http_alone(client, app, centre):
    _, organisation = await centre("POST", "/api/organisations", ORGANISATION)
    _, person = await centre("POST", "/api/people", PERSON)
    where = f"/api/organisations/{organisation['id']}/members/{person['id']}"
    _, member = await centre("PUT", where, {"roles": ["bidder"]})
    assert member["memberships"][0]["roles"] == ["bidder"]
    key = new_key()
    body = {
        "organisation_id": organisation["id"], "person_id": person["id"], "profile": "bidder",
        "request": a_request(key).decode(),
    }  # fmt: skip
    await centre.step_up("certificate.issued")
    status, issued = await centre("POST", "/api/certificates", body)
    assert (status, issued["is_issued_here"]) == (201, True)
    async with app.db.reading() as session:
        from bidding.party import queries

        row = await queries.certificate(session, issued["id"])
    bidder = await sign_in(client, app, Party(None, None, row, key))
    assert (await bidder("GET", "/api/session"))[1]["organisation_id"] == organisation["id"]


async def test_personal_numbers_leave_only_masked(centre):
    await centre("POST", "/api/people", PERSON)
    for method, path, body in (
        ("GET", "/api/people?text=张三", None),
        ("POST", "/api/people/find", {"id_number": ID_NUMBER}),
    ):
        _, found = await centre(method, path, body)
        person = found["people"][0] if "people" in found else found
        assert (person["id_number"], person["phone"]) == ("330***********0018", "138****0000")
        assert ID_NUMBER not in str(found)


async def test_a_wrong_id_number_is_repeated_neither_in_the_answer_nor_in_the_ledger(centre, app):
    wrong = "330703199003070010"
    status, refused = await centre("POST", "/api/people", PERSON | {"id_number": wrong})
    assert (status, refused["code"]) == (422, "id-number-invalid")
    assert wrong not in str(refused)
    async with app.db.reading() as session:
        entries = await since(session, "platform", 0)
    assert entries[-1].kind == "refused.platform"
    assert not any(wrong in entry.text for entry in entries)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"uscc": "91330703MA2ABCDE15"}, 422, "uscc-invalid"),
        ({"uscc": CENTRE_USCC}, 409, "organisation-known"),
        ({"uscc": "1" * 61}, 422, "form-defect"),
        ({"uscc": 91330703}, 422, "form-defect"),
        ({"name": " \u3000"}, 422, "name-empty"),
        ({"kinds": []}, 422, "form-defect"),
        ({"kinds": ["tenderer"]}, 422, "form-defect"),
        ({"kinds": ["centre", "bidder"]}, 422, "kinds-collide"),
        ({"is_operator_affiliate": "no"}, 422, "form-defect"),
    ],
)
async def test_a_wrong_organisation_is_refused_by_name(centre, change, status, code):
    answered, refused = await centre("POST", "/api/organisations", ORGANISATION | change)
    assert (answered, refused["code"]) == (status, code)
    _, page = await centre("GET", "/api/organisations")
    assert [row["uscc"] for row in page["organisations"]] == [CENTRE_USCC]


async def test_organisations_are_amended_marked_and_paged(centre):
    _, made = await centre("POST", "/api/organisations", ORGANISATION)
    here = f"/api/organisations/{made['id']}"
    _, amended = await centre("PUT", here, {"name": "示例甲集团", "kinds": ["bidder", "agency"]})
    assert amended["name"] == "示例甲集团"
    _, marked = await centre(
        "PUT", f"{here}/affiliation", {"is_operator_affiliate": True, "reason": "控股 51%"}
    )
    assert marked["is_operator_affiliate"]
    _, page = await centre("GET", "/api/organisations?limit=1&text=示例")
    _, rest = await centre("GET", f"/api/organisations?limit=1&text=示例&after={page['next_after']}")
    assert [page["organisations"][0]["uscc"], rest["organisations"][0]["uscc"]] == [CENTRE_USCC, BIDDER_USCC]
    _, agencies = await centre("GET", "/api/organisations?kind=agency")
    assert [row["id"] for row in agencies["organisations"]] == [made["id"]]


async def test_ending_a_membership_signs_the_person_out(client, app, centre):
    party = await enrol(app, BIDDER)
    bidder = await sign_in(client, app, party)
    where = f"/api/organisations/{party.organisation.id}/members/{party.person.id}"
    assert (await centre("DELETE", where))[0] == 204
    assert (await bidder("GET", "/api/session"))[0] == 401


async def test_a_revoked_certificate_ends_its_sessions_is_listed_and_signs_nobody_in(client, app, centre):
    party = await enrol(app, BIDDER)
    bidder = await sign_in(client, app, party)
    await centre.step_up("certificate.revoked")
    status, revoked = await centre(
        "POST", f"/api/certificates/{party.certificate.id}/revoke", {"reason": "keyCompromise"}
    )
    assert (status, revoked["revocation_reason"]) == (200, "keyCompromise")
    assert (await bidder("GET", "/api/session"))[0] == 401
    async with client.post("/api/session", json=an_answer(app, party, await challenged(client))) as again:
        assert (again.status, (await again.json())["code"]) == (403, "certificate-revoked")
    async with client.get("/api/crl") as response:
        assert response.content_type == "application/pkix-crl"
        listed = x509.load_der_x509_crl(await response.read())
    issuer = app.authority.issuing.certificate
    assert listed.is_signature_valid(issuer.public_key())
    serial = int(party.certificate.serial, 16)
    assert listed.get_revoked_certificate_by_serial_number(serial).revocation_date_utc == NOON


async def test_without_an_authority_of_its_own_a_platform_has_no_list(client, app):
    app.authority = None
    async with client.get("/api/crl") as response:
        assert (response.status, (await response.json())["code"]) == (404, "no-authority-here")


async def test_a_code_is_checked_for_anyone(client):
    async with client.get("/api/uscc", params={"uscc": " 91330703ma2abcde14"}) as response:
        body = await response.json()
    assert (body["uscc"], body["is_valid"], body["is_code_odd"]) == (BIDDER_USCC, True, True)


async def seated(app, party, role=Role.AGENCY_HOST):
    async with app.db.writing.begin() as session:
        unit = Unit(session, by="notice", clock=at(NOON))
        order = NewAppointment(tender_id="T-1", organisation_id=party.organisation.id, role=role)
        await appointments.seat(unit, order)


async def test_the_desk_seats_its_people_and_hears_of_it_at_the_desk(client, app):
    party = await enrol(app, AGENCY)
    host = await sign_in(client, app, party)
    await seated(app, party)
    body = {"organisation_id": party.organisation.id, "person_id": party.person.id, "role": "recorder"}
    status, made = await host("POST", "/api/tenders/T-1/appointments", body)
    assert status == 201
    _, listed = await host("GET", "/api/tenders/T-1/appointments")
    assert [row["role"] for row in listed["appointments"]] == ["agency_host", "recorder"]
    assert (await host("DELETE", f"/api/tenders/T-1/appointments/{made['id']}"))[0] == 204
    async with app.db.reading() as session:
        kinds = [entry.kind for entry in await since(session, "tender/T-1/desk", 0)]
    assert kinds == ["role.given", "role.given", "role.ended"]


async def test_a_bidders_delegate_is_seen_by_the_bidder_and_not_by_the_desk(client, app):
    agency, party = await enrol(app, AGENCY), await enrol(app, BIDDER)
    await seated(app, agency)
    host, bidder = await sign_in(client, app, agency), await sign_in(client, app, party)
    body = {"person_id": party.person.id, "power_of_attorney_sha256": SHA}
    await bidder.step_up("delegate.appointed")
    status, made = await bidder("POST", "/api/tenders/T-1/delegates", body)
    assert status == 201
    assert len((await bidder("GET", "/api/tenders/T-1/delegates"))[1]["appointments"]) == 1
    assert party.organisation.id not in str(await host("GET", "/api/tenders/T-1/appointments"))
    assert (await host("GET", "/api/tenders/T-1/delegates"))[0] == 403
    assert (await host("DELETE", f"/api/tenders/T-1/appointments/{made['id']}"))[0] == 404
    assert (await bidder("DELETE", f"/api/tenders/T-1/delegates/{made['id']}"))[0] == 204


async def test_only_the_centre_enters_and_sees_people(client, app, centre):
    bidder = await sign_in(client, app, await enrol(app, BIDDER))
    for method, path, body in (
        ("POST", "/api/organisations", ORGANISATION),
        ("GET", "/api/people", None),
        ("POST", "/api/people/find", {"id_number": ID_NUMBER}),
        ("GET", "/api/organisations", None),
        ("GET", "/api/certificates", None),
    ):
        status, refused = await bidder(method, path, body)
        assert (status, refused["code"]) == (403, "role-missing")
        assert (await centre(method, path, body))[0] != 403
