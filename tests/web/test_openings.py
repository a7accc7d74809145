"""The opening over HTTP: each door lets in its own, says no in one shape, and tells nothing early."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from bidding.acts.refused import RefusedToBidder
from bidding.deposit.tables import DepositFact
from bidding.opening import service
from bidding.party.roles import NOBODY, Role
from crypto.age import generate_identity
from crypto.envelope.fallback import open_share
from crypto.ledger import Entry
from tests.bidding.opening import makers
from tests.bidding.opening.conftest import vault  # noqa: F401 -- a fixture
from tests.web.openings import BASE, ROWS, everywhere, known, platform, served_to
from web.app import APP, application
from web.endpoint import gather


@pytest.fixture
async def meeting(db, tmp_path, request):
    return await makers.a_meeting(db, request.getfixturevalue("vault"), tmp_path)


async def call(client, method, path, headers, **kwargs):
    answer = await client.request(method, path, headers=headers, **kwargs)
    return answer.status, (await answer.json() if answer.content_type.endswith("json") else None)


async def test_the_lobby_stands_before_the_door_opens_and_tells_nobody(meeting, aiohttp_client):
    meeting.now = makers.DEADLINE
    client, _ = await served_to(aiohttp_client, meeting, NOBODY)
    status, body = await call(client, "GET", BASE.format(meeting.tender_id), {})
    assert status == 200
    hall = body["hall"]
    assert (hall["state"], hall["stage"], hall["bids"], hall["released"]) == (
        "scheduled",
        "lobby",
        None,
        None,
    )
    status, body = await call(client, "GET", "/api/openings", {})
    assert [one["tender_id"] for one in body["openings"]] == [meeting.tender_id]


async def test_a_bidder_signs_in_over_http_and_sees_that_it_did(meeting, aiohttp_client):
    meeting.now = makers.DEADLINE
    actor = meeting.bidders[0].actor
    client, headers = await served_to(aiohttp_client, meeting, actor)
    status, body = await call(client, "POST", BASE.format(meeting.tender_id) + "/sign-in", headers)
    assert (status, [one["kind"] for one in body["acts"]]) == (200, ["opening.signed-in"])
    _, body = await call(client, "GET", BASE.format(meeting.tender_id), headers)
    assert body["hall"]["am_signed_in"] is True


async def test_the_host_drives_and_a_bidder_does_not(meeting, aiohttp_client):
    await meeting.fall()
    client, host = await served_to(aiohttp_client, meeting, makers.HOST)
    bidder = known(client.app[APP], meeting.bidders[0].actor)
    path = BASE.format(meeting.tender_id)
    assert (await call(client, "POST", path + "/start", bidder))[0] == 403
    status, body = await call(client, "POST", path + "/start", host)
    assert (status, [one["kind"] for one in body["acts"]]) == (
        200, ["opening.started", "opening.stage-entered"],
    )  # fmt: skip
    status, body = await call(client, "POST", path + "/advance", host)
    assert (status, body["code"], body["rule"]) == (409, "stage-unfinished", "K-STEP-DONE")


async def test_a_wrong_key_is_refused_in_two_languages_and_the_refusal_is_the_bidders_own(
    meeting, aiohttp_client
):
    await meeting.to_the_keys()
    actor = meeting.bidders[0].actor
    client, headers = await served_to(aiohttp_client, meeting, actor)
    form = {"identity": generate_identity()}
    status, body = await call(client, "POST", BASE.format(meeting.tender_id) + "/key", headers, json=form)
    assert (status, body["code"]) == (422, "wrong-key")
    assert body["zh"]["cause"].startswith("非正确的加密锁")
    async with meeting.db.reading() as session:
        asked = select(Entry).where(Entry.kind == RefusedToBidder.kind)
        (entry,) = (await session.execute(asked)).scalars().all()
    assert entry.stream.endswith(actor.organisation_id)
    assert form["identity"] not in entry.text


async def test_a_bidder_releases_its_key_over_http(meeting, aiohttp_client):
    await meeting.to_the_keys()
    bidder = meeting.bidders[0]
    client, headers = await served_to(aiohttp_client, meeting, bidder.actor)
    form = {"identity": bidder.identities[0]}
    status, body = await call(client, "POST", BASE.format(meeting.tender_id) + "/key", headers, json=form)
    assert (status, [one["kind"] for one in body["acts"]]) == (200, ["key.bidder-released"])
    assert (await meeting.statuses())[0] == "decrypt_queued"


async def test_a_member_fetches_its_share_file_and_posts_the_share(db, request, tmp_path, aiohttp_client):
    meeting = await makers.a_meeting(db, request.getfixturevalue("vault"), tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(makers.WINDOWS.release)
    client, headers = await served_to(aiohttp_client, meeting, makers.member_actor(0))
    path = BASE.format(meeting.tender_id) + "/shares"
    _, body = await call(client, "GET", path, headers)
    (task,) = body["shares"]
    file = await client.get(f"{path}/{task['bid_id']}", headers=headers)
    share = open_share(await file.read(), meeting.member_keys[0]).raw()
    form = {"bid_id": task["bid_id"], "share": base64.b64encode(share).decode()}
    status, body = await call(client, "POST", path, headers, json=form)
    assert (status, [one["kind"] for one in body["acts"]]) == (200, ["key.share-posted"])


async def test_the_record_is_for_the_hall_until_it_is_published_and_then_for_everyone(
    meeting, aiohttp_client
):
    await meeting.to_the_close()
    await meeting.host(service.close)
    client, host = await served_to(aiohttp_client, meeting, makers.HOST)
    path = BASE.format(meeting.tender_id) + "/record"
    assert (await call(client, "GET", path, {}))[0] == 404
    assert (await call(client, "GET", path, host))[0] == 200
    await meeting.host(service.publish_record)
    status, body = await call(client, "GET", path + "/1", {})
    assert (status, body["record"]["version"], body["record"]["is_newest"]) == (200, 1, True)


@pytest.mark.parametrize("version", ["0", "2", "x", "-1", "1" * 30])
async def test_a_version_that_is_none_is_refused(meeting, aiohttp_client, version):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=makers.HOST)
    client, host = await served_to(aiohttp_client, meeting, makers.HOST)
    path = BASE.format(meeting.tender_id) + f"/record/{version}"
    status, body = await call(client, "GET", path, host)
    assert (status, body["code"]) == (409, "record-stale")


async def test_a_window_that_is_none_is_refused(meeting, aiohttp_client):
    await meeting.to_the_keys()
    client, host = await served_to(aiohttp_client, meeting, makers.HOST)
    path = BASE.format(meeting.tender_id) + "/windows/nonsense/end"
    assert (await call(client, "POST", path, host))[1]["code"] == "window-not-open"


async def test_two_people_type_a_deposit_and_only_then_it_counts(meeting, aiohttp_client):
    meeting.now = makers.DEADLINE - timedelta(hours=1)
    first, second = (makers.someone(Role.CENTRE_OPS, "org-centre", f"person-{one}") for one in ("a", "b"))
    app = platform(meeting)
    client = await aiohttp_client(application(app, gather(ROWS)))
    bidder = meeting.bidders[0]
    form = {
        "uscc": bidder.uscc, "status": "paid", "amount_fen": 20_000_000, "reference": "示例流水001",
    }  # fmt: skip
    path = f"/api/tenders/{meeting.tender_id}/deposits"
    headers = known(app, everywhere(first))
    assert (await call(client, "POST", path, headers, json=form))[0] == 201
    assert (await call(client, "POST", path + "/confirmation", headers, json=form))[0] == 403
    headers = known(app, everywhere(second))
    other = {**form, "amount_fen": 19_999_999}
    assert (await call(client, "POST", path + "/confirmation", headers, json=other))[0] == 404
    assert (await call(client, "POST", path + "/confirmation", headers, json=form))[0] == 200
    _, mine = await call(client, "GET", path + "/mine", known(app, bidder.actor))
    assert mine == {"status": "paid", "amount_fen": 20_000_000, "is_confirmed": True}
    async with meeting.db.reading() as session:
        assert len((await session.execute(select(DepositFact))).scalars().all()) == 1
