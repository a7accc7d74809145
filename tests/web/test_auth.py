"""The door: who is asking, from which site, and what was confirmed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bidding.party.queries import IDLE
from bidding.party.service.sessions import STEP_UP
from bidding.party.tables import AuthSession
from crypto.certificates import Authority
from tests.conftest import NOON, TICK
from tests.web.holders import (
    AGENCY,
    BIDDER,
    CENTRE,
    ORIGIN,
    an_answer,
    challenged,
    enrol,
    platform,
    served,
    sign_in,
)
from web.auth import cookie_name
from web.settings import Site


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
async def bidder(app):
    return await enrol(app, BIDDER)


async def test_a_holder_signs_in_and_is_told_who_they_are(client, app, bidder):
    caller = await sign_in(client, app, bidder)
    status, me = await caller("GET", "/api/session")
    assert status == 200
    assert (me["name"], me["organisation"]) == ("示例张三", "示例甲建设有限公司")
    assert me["roles"] == ["bidder", "public"]


async def test_the_message_to_sign_names_this_very_site(client):
    asked = await challenged(client)
    assert '"domain":"tender.example"' in asked["message"]
    assert asked["purpose"] == "login"


@pytest.mark.parametrize("token", ["", "x", "Bearer", "0" * 43])
async def test_a_token_that_opens_nothing_is_nobody(client, token):
    async with client.get("/api/session", headers={"Authorization": f"Bearer {token}"}) as response:
        assert response.status == 401
        assert (await response.json())["code"] == "sign-in-needed"


async def signed_in_by_cookie(client, app, party, **headers):
    answer = an_answer(app, party, await challenged(client), carrier="cookie")
    async with client.post("/api/session", json=answer, headers=headers) as response:
        return response, await response.json()


async def test_a_browser_gets_a_cookie_that_scripts_cannot_read_and_no_token(client, app, bidder):
    response, body = await signed_in_by_cookie(client, app, bidder)
    cookie = response.cookies["qf_session"]
    assert body["token"] is None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert not cookie["secure"]
    headers = {"Cookie": f"qf_session={cookie.value}"}
    async with client.get("/api/session", headers=headers) as asked:
        assert asked.status == 200


async def test_over_tls_the_cookie_is_tied_to_the_host(db, authority, aiohttp_client):
    app = platform(db, authority, origin="https://tender.example")
    client = await aiohttp_client(served(app))
    response, _ = await signed_in_by_cookie(client, app, await enrol(app, BIDDER))
    cookie = response.cookies["__Host-qf_session"]
    assert (cookie["secure"], cookie["domain"], cookie["path"]) == (True, "", "/")
    assert cookie_name(Site(origin="https://tender.example")) == "__Host-qf_session"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Origin": ORIGIN}, 204),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_a_cookie_acts_from_pages_of_this_site_only(client, app, bidder, headers, status):
    response, _ = await signed_in_by_cookie(client, app, bidder)
    cookie = {"Cookie": f"qf_session={response.cookies['qf_session'].value}"}
    async with client.delete("/api/session", headers=cookie | headers) as answer:
        assert answer.status == status
        if status == 403:
            assert (await answer.json())["code"] == "foreign-origin"


async def test_signing_in_from_another_sites_page_is_refused_too(client, app, bidder):
    response, body = await signed_in_by_cookie(client, app, bidder, Origin="http://evil.example")
    assert (response.status, body["code"]) == (403, "foreign-origin")


async def test_a_dead_cookie_does_not_keep_anyone_from_signing_in_again(client, app, bidder):
    stale = {"Cookie": "qf_session=dead", "Sec-Fetch-Site": "same-origin"}
    async with client.post("/api/session/challenge", headers=stale) as response:
        assert response.status == 201


async def test_signing_out_ends_the_session_for_good(client, app, bidder):
    caller = await sign_in(client, app, bidder)
    other = await sign_in(client, app, bidder)
    assert await caller("DELETE", "/api/session") == (204, b"")
    assert (await caller("GET", "/api/session"))[0] == 401
    assert (await other("GET", "/api/session"))[0] == 200


async def test_ones_sessions_are_listed_and_can_be_ended_and_anothers_cannot(client, app, bidder):
    mine, lost = await sign_in(client, app, bidder), await sign_in(client, app, bidder)
    stranger = await sign_in(client, app, await enrol(app, CENTRE))
    _, listed = await mine("GET", "/api/sessions")
    lost_id = next(one["id"] for one in listed["sessions"] if not one["is_current"])
    assert len(listed["sessions"]) == 2
    assert (await stranger("DELETE", f"/api/sessions/{lost_id}"))[0] == 404
    assert (await mine("DELETE", f"/api/sessions/{lost_id}"))[0] == 204
    assert (await lost("GET", "/api/session"))[0] == 401


async def last_seen(app):
    async with app.db.reading() as session:
        return (await session.execute(select(AuthSession.last_seen))).scalar_one()


@pytest.mark.parametrize(
    ("after", "is_noted"), [(timedelta(minutes=1), False), (timedelta(minutes=1) + TICK, True)]
)
async def test_being_seen_is_noted_once_a_minute_at_most(client, app, bidder, after, is_noted):
    caller = await sign_in(client, app, bidder)
    app.clock.now = NOON + after
    assert (await caller("GET", "/api/session"))[0] == 200
    assert await last_seen(app) == (app.clock.now if is_noted else NOON)


async def test_use_keeps_a_session_alive_and_silence_ends_it(client, app, bidder):
    caller = await sign_in(client, app, bidder)
    app.clock.now = NOON + IDLE - TICK
    assert (await caller("GET", "/api/session"))[0] == 200
    app.clock.now += IDLE
    assert (await caller("GET", "/api/session"))[0] == 401


async def test_an_answer_is_good_once_and_a_replay_is_recorded_as_refused(client, app, bidder):
    answer = an_answer(app, bidder, await challenged(client))
    statuses = []
    for _ in range(2):
        async with client.post("/api/session", json=answer) as response:
            statuses.append((response.status, (await response.json()).get("code")))
    assert statuses == [(201, None), (403, "challenge-unknown")]


@pytest.mark.parametrize(
    ("damage", "status", "code"),
    [
        ({"signature": "AAAA"}, 403, "answer-invalid"),
        ({"signature": "not base64"}, 422, "form-defect"),
        ({"signature": "AAA"}, 422, "form-defect"),
        ({"certificate": "AAAA"}, 422, "form-defect"),
        ({"nonce": "0" * 32}, 403, "challenge-unknown"),
        ({"nonce": 5}, 422, "form-defect"),
        ({"chain": []}, 403, "certificate-untrusted"),
        ({"surplus": 1}, 422, "form-defect"),
    ],
)
async def test_a_wrong_answer_is_refused_by_name_and_opens_nothing(client, app, bidder, damage, status, code):
    answer = an_answer(app, bidder, await challenged(client)) | damage
    async with client.post("/api/session", json=answer) as response:
        assert (response.status, (await response.json())["code"]) == (status, code)
    async with app.db.reading() as session:
        assert (await session.execute(select(AuthSession))).all() == []


async def issue(caller):
    """A call that asks for a step-up, with a request that is refused for another reason once it passes."""
    body = {
        "organisation_id": caller.party.organisation.id, "person_id": caller.party.person.id,
        "profile": "staff", "request": "x",
    }  # fmt: skip
    return await caller("POST", "/api/certificates", body)


async def test_a_legal_act_asks_for_a_confirmation_that_names_it(client, app):
    caller = await sign_in(client, app, await enrol(app, CENTRE))
    status, refused = await issue(caller)
    assert (status, refused["code"]) == (403, "step-up-needed")
    assert refused["facts"]["purpose"] == "step-up:certificate.issued"
    await caller.step_up("certificate.revoked")
    assert (await issue(caller))[1]["code"] == "step-up-needed"
    assert (await caller.step_up("certificate.issued"))[0] == 200
    assert (await issue(caller))[1]["code"] == "request-unproven"


@pytest.mark.parametrize(
    ("after", "code"), [(STEP_UP, "request-unproven"), (STEP_UP + TICK, "step-up-needed")]
)
async def test_a_confirmation_holds_up_to_its_last_instant(client, app, after, code):
    caller = await sign_in(client, app, await enrol(app, CENTRE))
    await caller.step_up("certificate.issued")
    app.clock.now = NOON + after
    assert (await issue(caller))[1]["code"] == code


@pytest.mark.parametrize("body", [{}, {"act": "bid.submitted", "sha256": "ab" * 32}])
async def test_a_step_up_is_for_an_act_or_a_document_and_not_for_both(client, app, bidder, body):
    caller = await sign_in(client, app, bidder)
    status, refused = await caller("POST", "/api/session/step-up/challenge", body)
    assert (status, refused["code"]) == (422, "form-defect")


async def test_a_document_can_be_confirmed_by_its_hash(client, app, bidder):
    caller = await sign_in(client, app, bidder)
    _, asked = await caller("POST", "/api/session/step-up/challenge", {"sha256": "ab" * 32})
    assert asked["purpose"] == "confirm:" + "ab" * 32


async def test_roles_on_a_tender_are_those_given_there(client, app):
    host = await enrol(app, AGENCY)
    caller = await sign_in(client, app, host)
    status, refused = await caller("GET", "/api/tenders/T-1/appointments")
    assert (status, refused["code"]) == (403, "role-missing")
