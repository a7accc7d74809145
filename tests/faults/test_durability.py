"""What is acknowledged is durable: the order of syncs before an answer, and disks that fail."""

import pytest

from crypto.receipts import verify_receipt
from tests.faults.strace import Call, calls_in, failing, first, require_strace, witness
from tests.journeys.district import sealed, submit_body, trust_of, uploaded
from web.client import Refused
from web.client.submission import Submission
from web.client.uploads import begin_upload, standing, upload_file

SENDS = "write|writev|sendto|sendmsg"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _strace():
    require_strace()


async def test_the_bytes_their_name_and_their_row_are_synced_before_an_upload_is_acknowledged(
    replica, district, begin, tmp_path
):
    trace = tmp_path / "trace"
    replica.before = witness(trace)
    replica.start()
    one = await begin(district)
    folder = await sealed(one.client, one.tender, one.party, tmp_path)
    path = folder / "docs.age"
    upload = await begin_upload(one.client, one.tender.id, path)
    seen = len(trace.read_text())
    await upload_file(one.client, one.tender.id, path, upload)
    calls = calls_in(trace.read_text()[seen:])

    bytes_synced = first(calls, "fsync", ".part-")
    named = first(calls, "rename|renameat|renameat2", ".part-", after=bytes_synced.done)
    name_synced = first(calls, "fsync", "/objects/bids/", after=named.done)
    row_synced = first(calls, "fsync|fdatasync", "qifeng.db-wal", after=name_synced.done)
    first(calls, SENDS, "HTTP/1.1 204", after=row_synced.done)
    assert _answered(calls, "204").made > row_synced.done


async def test_the_ledger_is_synced_before_a_bid_is_acknowledged(replica, district, begin, tmp_path):
    trace = tmp_path / "trace"
    replica.before = witness(trace)
    replica.start()
    one = await begin(district)
    body = await uploaded(one.client, one.tender, await sealed(one.client, one.tender, one.party, tmp_path))
    seen = len(trace.read_text())
    await one.client.post(f"/api/tenders/{one.tender.id}/bids", body, key=KEY)
    calls = calls_in(trace.read_text()[seen:])

    written = first(calls, "pwrite64", "qifeng.db-wal")
    synced = first(calls, "fsync|fdatasync", "qifeng.db-wal", after=written.done)
    assert _answered(calls, "201").made > synced.done


@pytest.mark.parametrize(
    ("name", "error"), [("fsync", "EIO"), ("writev", "ENOSPC"), ("fdatasync", "EIO"), ("pwrite64", "ENOSPC")]
)
async def test_a_disk_that_fails_takes_no_bid_half_and_the_platform_lives_on(
    replica, district, begin, tmp_path, name, error
):
    replica.start()
    one = await begin(district)
    folder = await sealed(one.client, one.tender, one.party, tmp_path)
    submission = Submission.of(folder, one.client, one.tender.id)
    for path in submission.objects:
        submission.uploads[path.name] = await begin_upload(one.client, one.tender.id, path)
    before = stored(tmp_path)
    with failing(replica.process.pid, name, error):
        answer = await _try_upload(one, submission)
    assert answer.status >= 500
    assert [await standing(one.client, one.tender.id, id_) for id_ in submission.uploads.values()] == [0] * 4
    if name in {"fsync", "writev"}:
        assert stored(tmp_path) == before

    for path in submission.objects:
        await upload_file(one.client, one.tender.id, path, submission.uploads[path.name])
    body = submit_body(folder, submission.uploads)
    receipt = await one.client.post(f"/api/tenders/{one.tender.id}/bids", body, key=KEY)
    verify_receipt(receipt["proof"], trust_of(district))


@pytest.mark.parametrize(("name", "error"), [("fdatasync", "EIO"), ("pwrite64", "ENOSPC")])
async def test_a_bid_whose_sync_failed_has_no_receipt_and_can_be_made_again(
    replica, district, begin, tmp_path, name, error
):
    replica.start()
    one = await begin(district)
    body = await uploaded(one.client, one.tender, await sealed(one.client, one.tender, one.party, tmp_path))
    bids = f"/api/tenders/{one.tender.id}/bids"
    with failing(replica.process.pid, name, error), pytest.raises(Refused) as told:
        await one.client.post(bids, body, key=KEY)
    assert told.value.status >= 500
    with pytest.raises(Refused) as none:
        await one.client.get(f"/api/bids/outcomes/{KEY}")
    assert none.value.status == 404
    assert (await one.client.get(f"{bids}/mine"))["bids"] == []

    receipt = await one.client.post(bids, body, key=KEY)
    verify_receipt(receipt["proof"], trust_of(district))
    assert len((await one.client.get(f"{bids}/mine"))["bids"]) == 1


def test_a_trace_in_the_wrong_order_is_noticed():
    calls = calls_in(
        '10 fdatasync(7</d/qifeng.db-wal> <unfinished ...>\n11 write(9, "HTTP/1.1 201 Created", 48) = 48\n'
        "10 <... fdatasync resumed>) = 0\n12 fsync(8</d/x>) = -1 EIO (Input/output error) (INJECTED)\n"
    )
    assert _answered(calls, "201").made < first(calls, "fdatasync", "qifeng.db-wal").done
    with pytest.raises(AssertionError):
        first(calls, "fsync", "/d/x")


def stored(home):
    """Everything that lies in the vault, unfinished parts included."""
    return sorted(path.name for path in (home / "objects").rglob("*") if path.is_file())


async def _try_upload(one, submission) -> Refused:
    """The refusal that one PATCH of the first object brings."""
    path = submission.objects[0]
    address = f"/api/tenders/{one.tender.id}/uploads/{submission.uploads[path.name]}"
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    with pytest.raises(Refused) as told:
        async with one.client.request("PATCH", address, headers=headers, data=path.read_bytes()):
            pass
    return told.value


def _answered(calls, status) -> Call:
    """The first answer of this status."""
    return first(calls, SENDS, f"HTTP/1.1 {status}")
