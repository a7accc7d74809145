"""Told to stop in the middle of an upload, the platform ends in time and keeps what it has."""

import asyncio
import secrets

from web.client import Client
from web.client.uploads import begin_upload, standing, upload_file

GRACE = 10
SIZE = 3 << 20


async def test_a_stop_in_the_middle_of_an_upload_ends_within_its_grace_and_keeps_the_parts(
    replica, district, begin, tmp_path
):
    replica.environment = {**replica.environment, "QIFENG_SERVER__SHUTDOWN_SECONDS": str(GRACE)}
    replica.start()
    one = await begin(district)
    content = secrets.token_bytes(SIZE)
    path = tmp_path / "docs.age"
    path.write_bytes(b"age-encryption.org/v1\n" + content[22:])
    upload = await begin_upload(one.client, one.tender.id, path)
    slow = asyncio.create_task(_trickle(one, upload, path.read_bytes()))
    await asyncio.sleep(1.0)
    assert await asyncio.to_thread(replica.terminate, seconds=GRACE + 5) == 0
    await asyncio.gather(slow, return_exceptions=True)

    replica.start()
    async with Client(replica.url, token=one.client.token) as client:
        kept = await standing(client, one.tender.id, upload)
        assert 0 < kept < SIZE
        await upload_file(client, one.tender.id, path, upload)
        assert await standing(client, one.tender.id, upload) == SIZE
    assert replica.faults() == []


async def _trickle(one, upload, content):
    """The whole content in one PATCH that never comes to its end."""

    async def pieces():
        for start in range(0, len(content) - 1, 64 * 1024):
            yield content[start : start + 64 * 1024]
            await asyncio.sleep(0.05)
        await asyncio.sleep(600)

    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(len(content)),
    }
    address = f"/api/tenders/{one.tender.id}/uploads/{upload}"
    async with one.client.request("PATCH", address, headers=headers, data=pieces()):
        pass
