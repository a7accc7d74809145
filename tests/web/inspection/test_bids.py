"""The files of opened bids: each bid is looked into once, for itself, before the host hands them over."""

import asyncio
import json
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bidding.acts import desk_stream
from bidding.bid.tables import BidObject, UploadPart
from bidding.opening import queries, service
from bidding.opening.service.inspections import tenders_to_inspect
from bidding.refusals.opening import PricesHidden
from crypto.envelope import SealJob
from crypto.ledger import since
from tests.bidding.opening import makers
from tests.bidding.opening.conftest import vault  # noqa: F401 -- a fixture
from tests.web import openings as doors
from tests.web.inspection import bombs
from tests.web.inspection.bombs import MIB
from tests.web.inspection.conftest import SMALL
from web.api import opening_files
from web.app import APP, application
from web.due import of_files
from web.endpoint import gather
from web.inspection import bids, rooms
from web.inspection.bids import inspect_all

DOCS = [
    {"技术标/施工组织设计.docx": bombs.docx(), "投标函.txt": "投标函".encode()},
    {
        "бомба.pdf": bombs.double_flate_bomb(120 * MIB),
        "شرح.zip": bombs.zipped({"../x": b"1"}),
        "说明.txt": b"1",
    },
    {"图纸.png": bombs.png(30_000, 30_000)},
]


# What does not depend on the kind of database is tried on one.
ON_SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SMALL_ENOUGH = replace(SMALL, stream=100 * MIB)


@pytest.fixture
async def meeting(db, tmp_path, request, monkeypatch):
    """Three bids with these documents, at the step in which they are handed over."""
    sealing = iter(DOCS)
    monkeypatch.setattr(makers, "SealJob", partial(_job, sealing, tmp_path))
    meeting = await makers.a_meeting(db, request.getfixturevalue("vault"), tmp_path)
    meeting.vault_root = tmp_path / "objects"
    monkeypatch.setattr(bids, "Limits", lambda: SMALL_ENOUGH)
    (tmp_path / "room").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    return meeting


@pytest.fixture
def room(meeting):
    """Where documents are unpacked."""
    return Path(tempfile.gettempdir())


def _job(sealing, home, **said):
    docs = {}
    for name, content in next(sealing).items():
        docs[name] = home / f"doc-{len(content)}-{name.replace('/', '-')}"
        docs[name].write_bytes(content)
    return SealJob(**{**said, "docs": docs})


async def to_the_files(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=makers.HOST)
    await meeting.sign(1)
    await meeting.pass_window(makers.WINDOWS.record_confirm)
    await meeting.advance()


async def inspections(meeting):
    async with meeting.db.reading() as session:
        desk = await since(session, desk_stream(meeting.tender_id), 0)
        return [json.loads(one.text)["body"] for one in desk if one.kind == "opening.files-inspected"]


async def inspected(meeting):
    async with meeting.db.reading() as session:
        return await queries.inspected_bids(session, meeting.tender_id)


async def stored(meeting, number):
    """The file in which the platform keeps the documents of a bid."""
    bid = await meeting.bid(number)
    asked = (
        select(UploadPart.key)
        .join(BidObject, BidObject.upload_id == UploadPart.upload_id)
        .where(BidObject.bid_id == bid.bid_id, BidObject.name == "docs.age")
    )
    async with meeting.db.reading() as session:
        (key,) = (await session.execute(asked)).scalars()
    (path,) = [one for one in meeting.vault_root.rglob("*") if one.is_file() and str(one).endswith(key)]
    return path


async def test_the_desk_hears_of_every_bid_before_the_hand_over_and_no_content_is_told(
    meeting, aiohttp_client
):
    await to_the_files(meeting)
    client, host = await served_to(aiohttp_client, meeting, makers.HOST)
    path = doors.BASE.format(meeting.tender_id) + "/files"
    answer = await client.post(path, headers=host)
    assert answer.status == 200
    assert [one["kind"] for one in (await answer.json())["acts"]] == ["opening.files-handed-over"]
    said = await inspections(meeting)
    assert [(one["files"], one["codes"]) for one in said] == [
        (2, {}), (3, {"pdf-unpacks-too-large": 1, "zip-slip": 1}), (1, {"image-too-large": 1}),
    ]  # fmt: skip
    assert not any(name in json.dumps(said, ensure_ascii=False) for docs in DOCS for name in docs)


async def served_to(aiohttp_client, meeting, actor):
    app = doors.platform(meeting)
    client = await aiohttp_client(application(app, gather((opening_files,))))
    return client, doors.known(app, doors.everywhere(actor))


@ON_SQLITE
async def test_those_on_duty_read_what_was_found_and_bidders_do_not(meeting, aiohttp_client):
    await to_the_files(meeting)
    client, supervisor = await served_to(aiohttp_client, meeting, makers.SUPERVISOR)
    await inspect_all(client.app[APP], meeting.tender_id)
    path = doors.BASE.format(meeting.tender_id) + "/files"
    said = (await (await client.get(path, headers=supervisor)).json())["bids"]
    assert [one["number"] for one in said] == [1, 2, 3]
    assert [one["name"] for one in said[1]["found"]] == ["бомба.pdf", "شرح.zip"]
    assert said[2]["codes"] == [
        {"code": "image-too-large", "count": 1, "zh": "图像像素超限", "en": "the image has too many pixels"}
    ]
    bidder = doors.known(client.app[APP], meeting.bidders[0].actor)
    assert (await client.get(path, headers=bidder)).status == 403
    assert (await client.get(path)).status == 401


@ON_SQLITE
async def test_nothing_is_looked_into_or_told_before_the_prices_are(meeting):
    await meeting.to_the_prices()
    await inspect_all(doors.platform(meeting), meeting.tender_id)
    assert await inspections(meeting) == []
    with pytest.raises(PricesHidden):
        await inspected(meeting)


@ON_SQLITE
async def test_the_clock_begins_when_the_prices_are_told_and_ends_when_all_is_seen(meeting):
    await meeting.to_the_announcement()
    app = doors.platform(meeting)
    async with meeting.db.reading() as session:
        (duty,) = await of_files(app, session, meeting.now)
    await duty.apart()
    async with meeting.db.reading() as session:
        assert await tenders_to_inspect(session) == []
    assert len(await inspections(meeting)) == 3


async def test_each_bid_is_written_down_once_however_many_look(meeting, room):
    await meeting.to_the_announcement()
    app = doors.platform(meeting)
    await asyncio.gather(*(inspect_all(app, meeting.tender_id) for _ in range(3)))
    assert len(await inspections(meeting)) == 3
    assert list(room.iterdir()) == []


@ON_SQLITE
async def test_documents_that_changed_in_our_keeping_stop_nobody(meeting):
    await meeting.to_the_announcement()
    path = await stored(meeting, 0)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    await inspect_all(doors.platform(meeting), meeting.tender_id)
    assert (await inspected(meeting))[0].inspection.codes == {"docs-unreadable": 1}
    assert len(await inspections(meeting)) == 3


@ON_SQLITE
async def test_documents_that_cannot_be_had_are_tried_again_until_the_hand_over(meeting, room):
    await meeting.to_the_announcement()
    path = await stored(meeting, 1)
    away = path.rename(path.with_name("away"))
    app = doors.platform(meeting)
    await inspect_all(app, meeting.tender_id)
    assert [one.inspection is None for one in await inspected(meeting)] == [False, True, False]
    away.rename(path)
    await inspect_all(app, meeting.tender_id)
    assert (await inspected(meeting))[1].inspection.codes["zip-slip"] == 1
    assert list(room.iterdir()) == []


@ON_SQLITE
async def test_what_cannot_be_had_at_the_hand_over_is_said_and_stops_no_opening(meeting, monkeypatch):
    await meeting.to_the_announcement()
    monkeypatch.setattr(rooms, "RESERVE", 1 << 60)
    app = doors.platform(meeting)
    await inspect_all(app, meeting.tender_id)
    assert await inspections(meeting) == []
    await inspect_all(app, meeting.tender_id, is_last=True)
    assert [one["codes"] for one in await inspections(meeting)] == [{"docs-unavailable": 1}] * 3


@ON_SQLITE
async def test_files_beyond_the_time_of_their_bid_are_said_to_be_unseen(meeting, monkeypatch):
    await meeting.to_the_announcement()
    monkeypatch.setattr(bids, "BID_SECONDS", 0.0)
    await inspect_all(doors.platform(meeting), meeting.tender_id)
    assert [one["codes"]["file-not-inspected"] for one in await inspections(meeting)] == [2, 3, 1]


@ON_SQLITE
async def test_a_paused_opening_is_left_alone(meeting):
    await meeting.to_the_announcement()
    await meeting.host(service.pause, actor=makers.HOST, reason="停电", document_no="", resumes_at=None)
    await inspect_all(doors.platform(meeting), meeting.tender_id, is_last=True)
    assert await inspections(meeting) == []


@ON_SQLITE
async def test_no_plaintext_is_left_where_the_platform_stops_midway(meeting, room, monkeypatch):
    await meeting.to_the_announcement()
    begun = asyncio.Event()

    async def slow(path, limits):
        assert Path(path).is_file()
        begun.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(bids, "inspect", slow)
    task = asyncio.create_task(inspect_all(doors.platform(meeting), meeting.tender_id))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(room.iterdir()) == []
