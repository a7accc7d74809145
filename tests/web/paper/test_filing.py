"""Papers of a real opening: printed, signed, stored and told of, each content once."""

import asyncio
import hashlib
import subprocess
from datetime import timedelta
from shutil import which

import pytest

from bidding.opening import service
from bidding.paper import Paper
from bidding.paper.queries import shelf_of
from bidding.refusals.paper import PaperAbsent
from crypto.errors import LedgerBroken, TimestampInvalid
from crypto.pdf import Level, validate_pdf
from tests.bidding.opening import makers as openings
from tests.web.paper.conftest import SIGNED, who
from web.paper import fonts
from web.paper.due import Papers
from web.paper.filing import content_of, current, file_paper, settle
from web.refusals import FontsAbsent, PaperUnsigned


async def shelf(app, meeting):
    async with app.db.reading() as session:
        return await shelf_of(session, meeting.tender_id)


async def drawn(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=openings.HOST)


async def test_a_drawn_record_is_signed_for_the_long_term_and_its_hash_is_told(app, meeting, tmp_path):
    await drawn(meeting)
    filed = await settle(app, meeting.tender_id)
    assert [one.paper for one in filed] == [Paper.RECORD, Paper.SIGN_IN, Paper.SUBMISSIONS]
    content = await content_of(app, filed[0])
    assert (await meeting.kinds()).count("paper.filed") == 3
    assert hashlib.sha256(content).hexdigest() == (await shelf(app, meeting)).filed[0].file_sha256
    at = SIGNED + timedelta(days=1)
    issuers = [app.authority.issuing.certificate]
    (judged,) = await asyncio.to_thread(validate_pdf, content, trust=app.trust, at=at, certificates=issuers)
    assert judged.level is Level.B_LTA
    assert judged.signer_name == "示例区公共资源交易中心 platform"


async def test_pdfsig_finds_the_signature_intact(app, meeting, tmp_path):
    if which("pdfsig") is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    await drawn(meeting)
    filed = await file_paper(app, meeting.tender_id, Paper.RECORD, 1)
    path = tmp_path / "record.pdf"
    path.write_bytes(await content_of(app, filed))
    said = await asyncio.to_thread(
        subprocess.run, ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    )
    assert said.stdout.count("Signature is Valid") == 1  # it cannot judge archive time stamps
    assert "ETSI.CAdES.detached" in said.stdout


async def test_what_is_filed_already_is_not_printed_again(app, meeting):
    await drawn(meeting)
    first = await settle(app, meeting.tender_id)
    assert await settle(app, meeting.tender_id) == first
    assert (await meeting.kinds()).count("paper.filed") == 3


async def test_two_replicas_that_file_at_once_tell_of_one_file_and_leave_no_other(app, meeting, vault):
    await drawn(meeting)
    pair = [file_paper(app, meeting.tender_id, Paper.RECORD, 1) for _ in range(2)]
    one, other = await asyncio.gather(*pair)
    assert one.file_sha256 == other.file_sha256
    assert [key for key, _ in vault.keys("papers")] == [one.key]


async def test_at_the_close_the_record_is_filed_anew_with_its_answers_and_signatures(app, meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=openings.HOST)
    drawn_file = (await settle(app, meeting.tender_id))[0]
    await meeting.sign(1)
    assert await current(app, meeting.tender_id, Paper.RECORD, 1) == drawn_file
    await meeting.pass_window(openings.WINDOWS.record_confirm)
    await meeting.advance()
    await meeting.host(service.hand_over_files)
    await meeting.host(service.close)
    closed = await current(app, meeting.tender_id, Paper.RECORD, 1)
    assert closed.content_sha256 != drawn_file.content_sha256
    assert await current(app, meeting.tender_id, Paper.RECORD, 1) == closed


async def test_a_new_version_has_its_own_papers_and_the_old_ones_stay(app, meeting):
    await drawn(meeting)
    old = await settle(app, meeting.tender_id)
    await meeting.host(service.draw_record, actor=openings.HOST, remarks="更正备注。")
    new = await settle(app, meeting.tender_id)
    assert [one.version for one in new] == [2, 2, 2]
    assert await current(app, meeting.tender_id, Paper.RECORD, 1) == old[0]


async def test_an_opening_that_failed_has_its_record_and_no_other_paper(db, app, meeting, vault, tmp_path):
    few = openings.Meeting(db, vault, await second_tender(db, vault, tmp_path), [], [])
    await few.fall()
    filed = await settle(app, few.tender_id)
    assert [one.paper for one in filed] == [Paper.FAILURE]
    with pytest.raises(PaperAbsent):
        await file_paper(app, few.tender_id, Paper.RECORD, 1)


async def second_tender(db, vault, home):
    from tests.bidding.bid import makers as bids
    from tests.bidding.tender.makers import layer

    return await bids.a_tender(db, layers=(layer(1), layer(2)), bid_deadline=openings.DEADLINE)


async def test_a_file_that_was_changed_in_the_store_is_not_handed_out(app, meeting, vault):
    await drawn(meeting)
    filed = await file_paper(app, meeting.tender_id, Paper.RECORD, 1)
    path = vault.root / filed.key
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(LedgerBroken):
        await content_of(app, filed)


async def test_without_a_time_stamp_nothing_is_filed_and_the_next_try_succeeds(app, meeting):
    await drawn(meeting)
    working = app.timestamps

    class Silent:
        async def stamp(self, data):
            raise TimestampInvalid("no answer")

        respond = stamp

    app.timestamps = Silent()
    with pytest.raises(PaperUnsigned):
        await settle(app, meeting.tender_id)
    assert "paper.filed" not in await meeting.kinds()
    app.timestamps = working
    assert len(await settle(app, meeting.tender_id)) == 3


async def test_the_clock_files_what_a_killed_server_left_unfiled(app, meeting):
    await drawn(meeting)  # and the server dies here
    papers = Papers()
    async with app.db.reading() as session:
        duties = await papers.look(app, session)
    assert [tender_id for tender_id, _ in duties] == [meeting.tender_id]
    await duties[0][1]()
    assert (await meeting.kinds()).count("paper.filed") == 3
    async with app.db.reading() as session:
        assert await papers.look(app, session) == []


# ---- over HTTP


async def test_before_publication_the_record_is_for_those_who_took_part(app, meeting, client):
    await drawn(meeting)
    path = f"/api/tenders/{meeting.tender_id}/records/1"
    refused = await client.get(path)
    assert (refused.status, (await refused.json())["code"]) == (409, "record-unpublished")
    for actor in (openings.HOST, openings.SUPERVISOR, meeting.bidders[0].actor):
        answer = await client.get(path, headers=who(app, actor))
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert (await answer.read()).startswith(b"%PDF-")


async def test_after_publication_anyone_reads_the_record_its_sheets_and_the_list(app, meeting, client):
    await meeting.to_the_close()
    await meeting.host(service.close)
    await meeting.host(service.publish_record)
    base = f"/api/tenders/{meeting.tender_id}"
    bodies = {}
    for path in ("records/1", "records/1/sign-in", "records/1/submissions"):
        answer = await client.get(f"{base}/{path}")
        assert answer.status == 200
        bodies[path] = hashlib.sha256(await answer.read()).hexdigest()
    listed = await (await client.get(f"{base}/records")).json()
    assert [one["version"] for one in listed["versions"]] == [1]
    assert {one["file_sha256"] for one in listed["files"]} == set(bodies.values())
    by_hash = await client.get(listed["files"][0]["href"])
    assert hashlib.sha256(await by_hash.read()).hexdigest() == listed["files"][0]["file_sha256"]


@pytest.mark.parametrize(
    "path", ["records/2", "records/x", "records/99999999999", "failure", "papers/" + "0" * 64]
)
async def test_what_does_not_exist_is_refused(app, meeting, client, path):
    await drawn(meeting)
    answer = await client.get(f"/api/tenders/{meeting.tender_id}/{path}", headers=who(app, openings.HOST))
    assert answer.status in {404, 409}


async def test_a_bidder_prints_its_own_receipt_and_nobody_else_does(app, meeting, client):
    own, other = meeting.bidders[0].actor, meeting.bidders[1].actor
    from bidding.bid.queries import bid_of

    async with app.db.reading() as session:
        bid = await bid_of(session, meeting.tender_id, own.organisation_id)
    answer = await client.get(f"/api/bids/{bid.id}/receipt", headers=who(app, own))
    assert (answer.status, answer.content_type) == (200, "application/pdf")
    content = await answer.read()
    issuers = [app.authority.issuing.certificate]
    (judged,) = await asyncio.to_thread(
        validate_pdf, content, trust=app.trust, at=SIGNED + timedelta(hours=1), certificates=issuers
    )
    assert judged.level is Level.B_LTA
    assert (await client.get(f"/api/bids/{bid.id}/receipt", headers=who(app, other))).status == 404
    assert (await client.get(f"/api/bids/{bid.id}/receipt")).status == 401


async def test_without_fonts_the_answer_is_503_and_says_what_to_run(
    app, meeting, client, monkeypatch, tmp_path
):
    await drawn(meeting)
    monkeypatch.setattr(fonts, "HERE", tmp_path)
    answer = await client.get(f"/api/tenders/{meeting.tender_id}/records/1", headers=who(app, openings.HOST))
    told = await answer.json()
    assert (answer.status, told["code"]) == (503, FontsAbsent.code)
    assert "python3 run.py serve" in told["en"]["remedy"]
