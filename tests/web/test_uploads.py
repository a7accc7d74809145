"""tus 1.0 at the door: resumable, checked, bounded, and seen by its owner alone."""

import asyncio
import hashlib
import json
import os
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tusclient.client import TusClient
from tusclient.uploader import Uploader

from bidding.acts import bidder_stream
from bidding.bid import uploads
from bidding.bid.queries import parts_of
from bidding.bid.states import UploadState
from bidding.bid.tables import Upload, UploadPart
from bidding.bid.vault import LocalVault
from bidding.party.roles import Role
from crypto.ledger import since
from tests.bidding.bid import makers
from tests.conftest import NOON, TICK
from tests.web.bidders import OCTETS, TUS, official, platform, served, who

AGE = b"age-encryption.org/v1\n"


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def tender_id(db):
    return await makers.a_tender(db)


@pytest.fixture
async def bidder(db):
    return await makers.a_bidder(db)


@pytest.fixture
def app(db, vault):
    return platform(db, vault)


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(served(app))


@pytest.fixture
def me(app, bidder):
    return who(app, bidder)


def metadata(name="docs.age"):
    return {"Upload-Metadata": f"name {b64encode(name.encode()).decode()}"}


async def begun(client, tender_id, me, size, name="docs.age"):
    headers = {**TUS, **me, **metadata(name), "Upload-Length": str(size)}
    answer = await client.post(f"/api/tenders/{tender_id}/uploads", headers=headers)
    assert answer.status == 201, await answer.text()
    return answer.headers["Location"]


async def sent(client, place, me, offset, content, **more):
    headers = {**OCTETS, **me, "Upload-Offset": str(offset), **more}
    return await client.patch(place, data=content, headers=headers)


async def row_of(db, place):
    async with db.reading() as session:
        return await session.get(Upload, place.rsplit("/", 1)[1])


def stored(vault):
    return sorted(key for key, _ in vault.keys("."))


def body(size):
    return AGE + os.urandom(size - len(AGE))


async def test_pieces_add_up_to_the_whole_and_its_hash(client, db, vault, tender_id, me):
    content = body(100_000)
    place = await begun(client, tender_id, me, len(content))
    for start, end in ((0, 1), (1, 60_000), (60_000, 100_000)):
        answer = await sent(client, place, me, start, content[start:end])
        assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(end))
    row = await row_of(db, place)
    assert (row.state, row.sha256) == (UploadState.COMPLETED, hashlib.sha256(content).hexdigest())
    async with db.reading() as session:
        with vault.reader(await parts_of(session, row.id)) as found:
            assert found.read() == content


async def test_a_replica_that_never_saw_the_first_bytes_still_knows_the_whole_hash(
    client, db, app, vault, tender_id, me, aiohttp_client
):
    content = body(50_000)
    place = await begun(client, tender_id, me, len(content))
    await sent(client, place, me, 0, content[:20_000])
    other = LocalVault(vault.root)
    replica = platform(db, other)
    replica.door = app.door
    second = await aiohttp_client(served(replica))
    assert (await sent(second, place, me, 20_000, content[20_000:])).status == 204
    assert (await row_of(db, place)).sha256 == hashlib.sha256(content).hexdigest()
    other.close()


async def test_head_says_where_to_go_on(client, tender_id, me):
    content = body(1000)
    place = await begun(client, tender_id, me, 1000)
    await sent(client, place, me, 0, content[:400])
    answer = await client.head(place, headers={**TUS, **me})
    assert answer.status == 200
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == ("400", "1000")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Upload-Expires"].endswith("GMT")


async def test_bytes_for_another_offset_are_refused_and_not_kept(client, vault, tender_id, me):
    place = await begun(client, tender_id, me, 1000)
    await sent(client, place, me, 0, body(1000)[:400])
    before = stored(vault)
    for offset in (0, 399, 401, 1000):
        answer = await sent(client, place, me, offset, b"x" * 10)
        assert (answer.status, (await answer.json())["code"]) == (409, "upload-out-of-step")
    assert stored(vault) == before


async def test_two_pieces_at_one_offset_at_once_count_once_and_the_whole_is_one_of_them(
    client, db, vault, tender_id, me
):
    first, second = body(200_000), body(200_000)
    place = await begun(client, tender_id, me, 200_000)
    answers = await asyncio.gather(*(sent(client, place, me, 0, one) for one in (first, second)))
    assert sorted(answer.status for answer in answers) == [204, 409]
    row = await row_of(db, place)
    async with db.reading() as session:
        parts = await parts_of(session, row.id)
        with vault.reader(parts) as found:
            content = found.read()
    assert content in (first, second)
    assert row.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
async def test_a_wrong_checksum_drops_the_piece_and_the_right_one_keeps_it(
    client, vault, tender_id, me, algorithm
):
    content = body(5000)
    place = await begun(client, tender_id, me, 5000)

    def checksum(of):
        return {"Upload-Checksum": f"{algorithm} {b64encode(hashlib.new(algorithm, of).digest()).decode()}"}

    answer = await sent(client, place, me, 0, content, **checksum(b"other"))
    assert (answer.status, (await answer.json())["code"]) == (460, "upload-checksum-mismatch")
    assert stored(vault) == []
    assert (await sent(client, place, me, 0, content, **checksum(content))).status == 204


@pytest.mark.parametrize(
    "plain", [b"PK\x03\x04zip", b"%PDF-1.7", b"<html>", b"\x00"], ids=["zip", "pdf", "html", "nul"]
)
async def test_a_plain_file_is_refused_at_its_first_bytes_and_the_refusal_is_recorded(
    client, db, vault, tender_id, me, bidder, plain
):
    place = await begun(client, tender_id, me, 1000)
    answer = await sent(client, place, me, 0, plain)
    assert (answer.status, (await answer.json())["code"]) == (422, "bid-unencrypted")
    assert stored(vault) == []
    async with db.reading() as session:
        entries = await since(session, bidder_stream(tender_id, bidder.actor.organisation_id), 0)
    assert [json.loads(entry.text)["body"]["code"] for entry in entries] == ["bid-unencrypted"]


async def test_a_client_that_is_cut_off_finds_its_bytes_again(client, db, tender_id, me):
    content = body(300_000)
    place = await begun(client, tender_id, me, len(content))
    _, writer = await asyncio.open_connection(client.host, client.port)
    head = [f"PATCH {place} HTTP/1.1", "Host: x", "Upload-Offset: 0", f"Content-Length: {len(content)}"]
    head += [f"{name}: {value}" for name, value in {**OCTETS, **me}.items()]
    writer.write("\r\n".join([*head, "", ""]).encode() + content[:100_000])
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()
    for _ in range(100):
        received = (await row_of(db, place)).received
        if received:
            break
        await asyncio.sleep(0.05)
    assert received == 100_000
    assert (await sent(client, place, me, received, content[received:])).status == 204
    assert (await row_of(db, place)).sha256 == hashlib.sha256(content).hexdigest()


async def test_nobody_else_can_tell_that_an_upload_exists(client, app, db, tender_id, me):
    rival = who(app, await makers.a_bidder(db, 1))
    place = await begun(client, tender_id, me, 1000)
    unknown = place[:-4] + "0000"
    seen = []
    for address in (place, unknown):
        answers = [
            await client.head(address, headers={**TUS, **rival}),
            await sent(client, address, rival, 0, AGE),
            await client.delete(address, headers={**TUS, **rival}),
        ]
        seen.append(
            [(one.status, (await one.text()).replace(one.headers["X-Request-ID"], "")) for one in answers]
        )
    assert seen[0] == seen[1]
    assert [status for status, _ in seen[0]] == [404, 404, 404]


@pytest.mark.parametrize("role", [Role.AGENCY_HOST, Role.SUPERVISOR, Role.CENTRE_OPS, Role.PROCURING_ENTITY])
async def test_no_official_can_see_or_touch_uploads(client, app, tender_id, me, role):
    app.door.actors["official"] = official(role)
    place = await begun(client, tender_id, me, 1000)
    them = {**OCTETS, "X-Who": "official", "Upload-Offset": "0"}
    for answer in (
        await client.get(f"/api/tenders/{tender_id}/uploads", headers=them),
        await client.head(place, headers=them),
        await client.patch(place, data=AGE, headers=them),
        await client.delete(place, headers=them),
    ):
        assert answer.status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({**TUS, "Upload-Length": "ten", **metadata()}, 422),
        ({**TUS, "Upload-Length": "-1", **metadata()}, 422),
        ({**TUS, "Upload-Length": "0", **metadata()}, 422),
        ({**TUS, "Upload-Length": "９", **metadata()}, 422),
        ({**TUS, "Upload-Length": str(2**70), **metadata()}, 422),
        ({**TUS, "Upload-Length": "10"}, 422),
        ({**TUS, "Upload-Length": "10", **metadata("../etc/passwd")}, 422),
        ({**TUS, "Upload-Length": "10", **metadata("投标.age")}, 422),
        ({**TUS, "Upload-Length": "10", "Upload-Metadata": "name !!!"}, 422),
        ({**TUS, "Upload-Length": str(2**50), **metadata()}, 413),
    ],
)
async def test_an_upload_that_cannot_be_is_not_begun(client, db, tender_id, me, headers, status):
    answer = await client.post(f"/api/tenders/{tender_id}/uploads", headers={**me, **headers})
    assert answer.status == status
    async with db.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Upload))).scalar_one() == 0


async def test_a_piece_of_the_cap_is_taken_and_one_byte_more_is_not(client, app, db, tender_id, me):
    storage = app.settings.storage.model_copy(update={"max_part_bytes": 100_000})
    app.settings = app.settings.model_copy(update={"storage": storage})
    place = await begun(client, tender_id, me, 200_000)
    assert (await sent(client, place, me, 0, body(100_000))).status == 204
    answer = await sent(client, place, me, 100_000, bytes(100_001))
    assert (answer.status, (await answer.json())["code"]) == (413, "upload-too-large")
    assert (await row_of(db, place)).received == 100_000


async def test_giving_up_frees_everything(client, db, vault, tender_id, me):
    place = await begun(client, tender_id, me, 1000)
    await sent(client, place, me, 0, body(1000))
    assert len(stored(vault)) == 1
    assert (await client.delete(place, headers={**TUS, **me})).status == 204
    assert stored(vault) == []
    assert (await client.head(place, headers={**TUS, **me})).status == 404


async def test_an_upload_expires_after_its_time_and_a_bids_own_bytes_never_do(
    client, db, vault, tender_id, me
):
    place = await begun(client, tender_id, me, 1000)
    await sent(client, place, me, 0, body(1000))
    expiry = (await row_of(db, place)).expires_at
    assert expiry == NOON + timedelta(hours=72)
    async with makers.unit(db, expiry) as unit:
        assert await uploads.expire(unit, vault) == 0
    async with makers.unit(db, expiry + TICK) as unit:
        assert await uploads.expire(unit, vault) == 1
    assert stored(vault) == []
    async with db.reading() as session:
        assert (await session.execute(select(func.count()).select_from(UploadPart))).scalar_one() == 0


async def test_what_a_bidder_uploads_is_listed_to_it_alone(client, app, db, tender_id, me):
    place = await begun(client, tender_id, me, 1000)
    rival = who(app, await makers.a_bidder(db, 1))
    mine = await (await client.get(f"/api/tenders/{tender_id}/uploads", headers=me)).json()
    theirs = await (await client.get(f"/api/tenders/{tender_id}/uploads", headers=rival)).json()
    assert [one["id"] for one in mine["uploads"]] == [place.rsplit("/", 1)[1]]
    assert theirs == {"uploads": []}


async def test_what_is_offered_is_told_to_anyone(client, tender_id):
    answer = await client.options(f"/api/tenders/{tender_id}/uploads")
    assert answer.status == 204
    assert answer.headers["Tus-Extension"] == "creation,termination,checksum,expiration"


@pytest.mark.parametrize("checksum", [False, True])
async def test_a_foreign_tus_client_uploads_and_resumes(client, db, tmp_path, tender_id, me, checksum):
    content = body(700_001)
    (tmp_path / "docs.age").write_bytes(content)
    address = str(client.make_url(f"/api/tenders/{tender_id}/uploads"))
    tus = TusClient(address, headers=me)

    def go_on(stop_at, **where):
        with (tmp_path / "docs.age").open("rb") as file:
            uploader = Uploader(
                file_stream=file, client=tus, chunk_size=100_000, upload_checksum=checksum, **where
            )
            found = uploader.offset
            uploader.upload(stop_at=stop_at)
            return uploader.url, found

    place, _ = await asyncio.to_thread(go_on, 300_000, metadata={"name": "docs.age"})
    _, found = await asyncio.to_thread(go_on, None, url=place)
    assert found == 300_000
    assert (await row_of(db, place)).sha256 == hashlib.sha256(content).hexdigest()


async def test_where_too_many_pieces_come_at_once_the_client_is_told_to_come_again(
    client, vault, tender_id, me, monkeypatch
):
    place = await begun(client, tender_id, me, 1000)
    monkeypatch.setattr("bidding.bid.receiver._MOST_AT_ONCE", 0)
    answer = await sent(client, place, me, 0, body(1000))
    told = await answer.json()
    assert (answer.status, told["status"], told["code"]) == (503, 503, "upload-busy")
    assert answer.headers["Retry-After"] == "1"
    monkeypatch.undo()
    assert (await sent(client, place, me, 0, body(1000))).status == 204


async def test_a_hundred_uploads_at_once_all_arrive_whole(client, app, db, tender_id):
    bidders = [who(app, await makers.a_bidder(db, number)) for number in range(10)]
    contents = [body(300_000 + number) for number in range(100)]

    async def one(number):
        mine = bidders[number % 10]
        place = await begun(client, tender_id, mine, len(contents[number]))
        assert (await sent(client, place, mine, 0, contents[number])).status == 204
        return (await row_of(db, place)).sha256

    seen = await asyncio.gather(*map(one, range(100)))
    assert seen == [hashlib.sha256(content).hexdigest() for content in contents]
