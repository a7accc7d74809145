"""The tender room over HTTP: from a project to a notice, questions and changes, by each who may."""

import hashlib
from base64 import b64decode
from datetime import timedelta

import pytest

from bidding.bid.vault import LocalVault
from bidding.party.roles import Role
from bidding.tender.tables import Tender
from crypto import jcs
from crypto.age import generate_identity, recipient_of
from crypto.keys import answer
from tests.bidding.tender import makers
from tests.bidding.tender.makers import AGENCY, OWNER
from tests.conftest import NOON
from tests.web.desks import Caller, platform, served, someone
from web.api import documents

PROJECT = {
    "code": "E3307030001", "name": "示例新城小学", "is_mandatory": True, "procuring_entity_id": OWNER,
    "agency_id": AGENCY, "township": "330703101000",
}  # fmt: skip
DRAFT = {
    "title": "示例新城小学教学楼施工", "project_type": "construction", "is_mandatory": True,
    "procuring_entity": "示例区教育局", "venue": "district", "township": "330703101000",
    "estimate_fen": 1_000_000_000, "price_cap_fen": 990_000_000, "deposit_fen": 20_000_000,
}  # fmt: skip
PDF = b"%PDF-1.7 example" * 1000


@pytest.fixture
def app(db, tmp_path):
    return platform(db, LocalVault(str(tmp_path / "vault")))


@pytest.fixture
async def client(app, aiohttp_client):
    async with app.db.writing.begin() as session:
        await makers.desk(session)
    return await aiohttp_client(served(app))


@pytest.fixture
def host(app, client):
    return someone(app, client, AGENCY, Role.AGENCY_HOST)


@pytest.fixture
def owner(app, client):
    return someone(app, client, OWNER, Role.PROCURING_ENTITY)


@pytest.fixture
def supervisor(app, client):
    return someone(app, client, "org-supervisor", Role.SUPERVISOR)


@pytest.fixture
def bidder(app, client):
    return someone(app, client, "org-bidder", Role.BIDDER)


@pytest.fixture
def public(client):
    return Caller(client)


async def drafted(host, **over):
    status, project = await host("POST", "/api/projects", PROJECT)
    assert status == 201, project
    body = {"project_id": project["id"], "lot_no": 1, "lot_code": "E3307030001-01", "draft": DRAFT | over}
    status, tender = await host("POST", "/api/tenders", body)
    assert status == 201, tender
    return tender


async def keyed(caller, tender, identity):
    where = f"/api/tenders/{tender['id']}"
    status, _ = await caller("PUT", f"{where}/key", {"recipient": recipient_of(identity)})
    assert status == 200
    _, asked = await caller("POST", f"{where}/liveness")
    nonce = answer(identity, b64decode(asked["challenge"]))
    status, proof = await caller("POST", f"{where}/liveness/{asked['id']}", {"nonce": nonce})
    assert (status, proof["proven_at"] is None) == (200, False)


async def published(host, owner, supervisor, **over):
    tender = await drafted(host, **over)
    where = f"/api/tenders/{tender['id']}"
    people = (OWNER, "org-supervisor")
    names = [{"organisation_id": one, "person_id": f"{one}-person", "name": one} for one in people]
    await host("PUT", f"{where}/holders", {"layers": names})
    for caller in (owner, supervisor):
        await keyed(caller, tender, generate_identity())
    await upload(host, tender, PDF, "招标文件.pdf")
    status, tender = await host("POST", f"{where}/notice", {"reasons": {}})
    assert status == 200, tender
    return tender


async def upload(caller, tender, content, name):
    where = f"/api/tenders/{tender['id']}/documents"
    headers = {"X-Who": caller.who, "Content-Type": "application/octet-stream"}
    params = {"name": name}
    async with caller.client.post(where, data=content, headers=headers, params=params) as response:
        assert response.status == 201, await response.text()
        return await response.json()


async def test_from_a_project_to_a_notice_whose_hash_anyone_can_recompute(host, owner, supervisor, public):
    tender = await published(host, owner, supervisor)
    status, seen = await public("GET", f"/api/tenders/{tender['id']}")
    assert (status, seen["state"], seen["now"]) == (200, "bidding", NOON.isoformat().replace("+00:00", "Z"))
    assert jcs.digest(seen["terms"]).hex() == seen["notice_sha256"]
    _, versions = await public("GET", f"/api/tenders/{tender['id']}/notices")
    assert [one["notice_sha256"] for one in versions["versions"]] == [seen["notice_sha256"]]
    _, timeline = await public("GET", f"/api/tenders/{tender['id']}/timeline")
    assert [one["kind"] for one in timeline["entries"]] == ["notice.published", "documents.offered"]


async def test_the_check_names_each_wrong_before_anyone_publishes(host):
    tender = await drafted(host, price_cap_fen=None, deposit_fen=20_000_001)
    status, report = await host("GET", f"/api/tenders/{tender['id']}/check")
    assert (status, report["is_publishable"]) == (200, False)
    found = {one["code"]: one for one in report["findings"]}
    assert {"no-price-cap", "deposit-too-high", "no-layer", "no-documents"} <= set(found)
    assert found["deposit-too-high"]["rule"] == "N-05"
    assert "20000000" in found["deposit-too-high"]["zh"]["remedy"]
    assert report["deposit_limit_fen"] == 20_000_000
    status, problem = await host("POST", f"/api/tenders/{tender['id']}/notice", {"reasons": {}})
    assert (status, problem["code"]) == (422, report["findings"][0]["code"])


async def test_a_draft_that_was_not_saved_can_be_checked_too(host):
    status, report = await host("POST", "/api/tenders/check", DRAFT | {"venue": "township"})
    assert status == 200
    assert "venue-too-low" in {one["code"] for one in report["findings"]}
    assert report["recommended_venue"] == "district"


async def test_dates_left_out_are_proposed_lawfully_and_rolled_to_a_working_day(host, public):
    tender = await drafted(host)
    _, proposed = await public("GET", "/api/schedule?project_type=construction")
    assert tender["terms"]["bid_deadline"][:19] == proposed["bid_deadline"][:19] == "2026-12-14T01:00:00"


async def test_a_draft_is_nobody_s_but_its_desk_s(app, host, owner, bidder, public, client):
    tender = await drafted(host)
    stranger = someone(app, client, "org-other-agency", Role.AGENCY_HOST)
    where = f"/api/tenders/{tender['id']}"
    assert [(await one("GET", where))[0] for one in (public, bidder, stranger, host, owner)] == [
        404, 404, 404, 200, 200,
    ]  # fmt: skip
    for path in ("notices", "timeline", "clarifications", "document-objections"):
        assert (await public("GET", f"{where}/{path}"))[0] == 404
    assert (await public("GET", "/api/notices"))[1]["notices"] == []
    assert [one["id"] for one in (await host("GET", "/api/desk/tenders"))[1]["notices"]] == [tender["id"]]
    assert (await stranger("GET", "/api/desk/tenders"))[1]["notices"] == []
    assert (await stranger("PUT", f"{where}/draft", {"revision": 1, "draft": DRAFT}))[0] == 403


async def test_a_bidder_takes_the_documents_without_leave_and_then_reads_them(
    host, owner, supervisor, bidder
):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}"
    (named,) = tender["terms"]["documents"]
    assert named == {"name": "招标文件.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest()}
    file = f"{where}/documents/{named['sha256']}"
    status, problem = await bidder("GET", file)
    assert (status, problem["code"]) == (403, "documents-untaken")
    assert (await bidder("POST", f"{where}/takings"))[0] == 201
    assert await bidder("GET", file) == (200, PDF)
    assert [one["tender_id"] for one in (await bidder("GET", "/api/my/takings"))[1]["takings"]] == [
        tender["id"]
    ]


async def test_a_question_reaches_the_desk_nameless_and_its_answer_everyone(
    host, owner, supervisor, bidder, public
):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}"
    status, asked = await bidder("POST", f"{where}/questions", {"text": "第 3 页图纸缺失？"})
    assert status == 201
    _, seen = await host("GET", f"{where}/questions")
    assert [one["text"] for one in seen["questions"]] == ["第 3 页图纸缺失？"]
    assert "org-bidder" not in str(seen)
    body = {"text": "已补充。", "questions": [asked["id"]], "affects_bid_preparation": False}
    status, answer = await host("POST", f"{where}/clarifications", body)
    assert status == 201
    _, unread = await bidder("GET", f"{where}/clarifications")
    await bidder("POST", f"{where}/clarifications/{answer['id']}/receipt")
    _, read = await bidder("GET", f"{where}/clarifications")
    shown = [one["clarifications"][0]["is_read"] for one in (unread, read)]
    assert shown == [False, True]
    assert (await public("GET", f"{where}/clarifications"))[1]["clarifications"][0]["is_read"] is None


async def test_an_objection_pauses_in_public_and_its_text_is_shown_once_answered(
    host, owner, supervisor, bidder, public
):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}"
    status, raised = await bidder("POST", f"{where}/document-objections", {"text": "限制竞争"})
    assert (status, raised["is_late"]) == (201, False)
    assert (await public("GET", where))[1]["state"] == "objection_paused"
    assert (await public("GET", f"{where}/document-objections"))[1]["objections"] == []
    assert len((await bidder("GET", f"{where}/document-objections"))[1]["objections"]) == 1
    answer = f"{where}/document-objections/{raised['id']}/answer"
    assert (await bidder("POST", answer, {"text": "自答"}))[0] == 403
    assert (await host("POST", answer, {"text": "已修改"}))[0] == 200
    assert (await public("GET", where))[1]["state"] == "bidding"
    (shown,) = (await public("GET", f"{where}/document-objections"))[1]["objections"]
    assert (shown["text"], shown["answer"]) == ("限制竞争", "已修改")


async def test_an_amendment_too_late_is_refused_with_the_deadline_that_would_do(
    app, host, owner, supervisor, public
):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}"
    app.clock.now = NOON + timedelta(days=10)
    body = {"draft": DRAFT | {"title": "示例改名"}, "reason": "更正", "affects_bid_preparation": True}
    status, problem = await host("POST", f"{where}/amendments", body)
    assert (status, problem["code"]) == (409, "amendment-too-late")
    later = body | {"draft": body["draft"] | {"bid_deadline": problem["facts"]["deadline_from"]}}
    status, amended = await host("POST", f"{where}/amendments", later)
    assert (status, amended["version"], amended["terms"]["title"]) == (201, 2, "示例改名")
    _, versions = await public("GET", f"{where}/notices")
    one, two = versions["versions"]
    assert two["previous"] == one["notice_sha256"]
    assert two["terms"]["documents"] == one["terms"]["documents"]


async def test_the_supervisor_suspends_by_a_numbered_document_and_a_bidder_by_none(
    host, owner, supervisor, bidder
):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}/suspension"
    assert (await bidder("POST", where, {"reason": "x", "document_no": "1"}))[0] == 403
    status, problem = await supervisor("POST", where, {"reason": "投诉处理"})
    assert (status, problem["code"]) == (422, "document-number-missing")
    body = {"reason": "投诉处理", "document_no": "示监〔2026〕1 号", "cause": "supervisor_order"}
    status, seen = await supervisor("POST", where, body)
    assert (status, seen["state"]) == (200, "suspended")


async def test_the_list_of_notices_is_filtered_and_paged_by_its_last_row(app, public):
    async with app.db.writing.begin() as session:
        for number in range(5):
            row = await makers.tender(session, title=f"示例项目{number}")
            row.published_at = NOON + timedelta(minutes=number // 2)
    seen, after = [], ""
    for _ in range(3):
        _, page = await public("GET", "/api/notices", params={"limit": "2", "after": after})
        seen += [one["title"] for one in page["notices"]]
        after = page["next_after"] or ""
    assert sorted(seen) == [f"示例项目{number}" for number in range(5)]
    assert seen[0] == "示例项目4"
    _, one = await public(
        "GET", "/api/notices", params={"text": "项目3", "stage": "open", "category": "works"}
    )
    assert [row["title"] for row in one["notices"]] == ["示例项目3"]
    for nothing in ({"stage": "opened"}, {"township": "330703001000"}, {"text": "%"}, {"category": "goods"}):
        assert (await public("GET", "/api/notices", params=nothing))[1]["notices"] == []
    assert (await public("GET", "/api/notices", params={"after": "nonsense"}))[0] == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimate_fen": "1000"}, {"estimate_fen": 10.5}, {"estimate_fen": -1}, {"surprise": 1},
        {"price_cap_fen": 2**60}, {"bid_deadline": "2026-12-14T09:00:00"}, {"invited": "all"},
        {"docs_from": "9999-12-31T23:59:59Z"}, {"invited": ["a/b"]}, {"title": "示例\x00"},
    ],
)  # fmt: skip
async def test_a_malformed_draft_is_refused_at_the_door(host, wrong):
    status, problem = await host("POST", "/api/tenders/check", DRAFT | wrong)
    assert (status, problem["code"]) == (422, "form-defect")


async def test_only_the_centre_keeps_the_calendar(app, client, host):
    centre = someone(app, client, "org-centre", Role.CENTRE_OPS)
    day = {"day": "2027-01-04", "is_workday": False, "name": "示例调休"}
    assert (await host("PUT", "/api/calendar/days", day))[0] == 403
    await centre("PUT", "/api/calendar/days", day)
    status, seen = await centre("PUT", "/api/calendar/years", {"year": 2027, "document_no": "示例通知 1 号"})
    assert (status, seen["days"], 2027 in seen["confirmed"]) == (200, [day], True)


async def test_a_failed_tender_is_put_out_again_by_its_desk(app, host, owner, supervisor, bidder):
    tender = await published(host, owner, supervisor)
    where = f"/api/tenders/{tender['id']}/retender"
    assert (await host("POST", where))[0] == 409
    async with app.db.writing.begin() as session:
        (await session.get_one(Tender, tender["id"])).state = "failed"
    status, following = await host("POST", where)
    assert (status, following["round"], following["state"]) == (201, 2, "draft")


async def test_a_file_over_the_limit_is_refused_and_leaves_nothing_in_the_vault(
    app, host, monkeypatch, tmp_path
):
    tender = await drafted(host)
    monkeypatch.setattr(documents, "LARGEST", 10)
    where, headers = f"/api/tenders/{tender['id']}/documents", {"X-Who": host.who}
    for content, status in ((b"x" * 11, 413), (b"x" * 10, 201)):
        async with host.client.post(
            where, data=content, headers=headers, params={"name": "a.pdf"}
        ) as response:
            assert response.status == status
    assert len(list(app.vault.keys("documents"))) == 1
    assert [one["size"] for one in (await host("GET", where))[1]["documents"]] == [10]


async def test_an_organisation_without_a_seat_stores_no_file(app, client, host):
    tender = await drafted(host)
    stranger = someone(app, client, "org-other-agency", Role.AGENCY_HOST)
    where, headers = f"/api/tenders/{tender['id']}/documents", {"X-Who": stranger.who}
    async with client.post(where, data=b"x", headers=headers, params={"name": "a.pdf"}) as response:
        assert response.status == 403
    assert list(app.vault.keys("documents")) == []


@pytest.mark.parametrize("query", [{"text": "\x00"}, {"after": "2026-01-01T00:00:00Z_\x00"}])
async def test_a_search_for_what_no_database_can_hold_is_a_defect_and_no_fault(public, query):
    status, problem = await public("GET", "/api/notices", params=query)
    assert (status, problem["code"]) == (422, "form-defect")
