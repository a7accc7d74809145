"""The vault: durable before it says so, whole or absent, and readable across parts."""

import hashlib
import itertools
import os
from collections.abc import AsyncIterator

import pytest

from bidding.bid.vault import LocalVault, Part, open_vault
from bidding.bid.vault.base import refuse_odd_key


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def broken_off(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise ConnectionResetError


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


def files(vault) -> list[str]:
    return sorted(key for key, _ in vault.keys("."))


async def test_bytes_come_back_and_the_digest_was_fed_in_order(vault):
    digest = hashlib.sha256()
    body = os.urandom(3 * 1024 * 1024 + 17)
    size = await vault.put(
        "bids/aa/one", pieces(body[:5], body[5:2_000_000], body[2_000_000:]), digests=[digest]
    )
    assert size == len(body)
    assert digest.digest() == hashlib.sha256(body).digest()
    with vault.reader([Part(key="bids/aa/one", start=0, size=size)]) as found:
        assert found.read() == body


async def test_many_small_pieces_pass_the_kernels_limit_of_a_vector(vault):
    size = await vault.put("bids/aa/small", pieces(*[b"x"] * 3000))
    assert size == 3000
    with vault.reader([Part(key="bids/aa/small", start=0, size=size)]) as found:
        assert found.read() == b"x" * 3000


async def test_parts_read_as_one_seekable_file(vault):
    body = os.urandom(300_000)
    cuts = [0, 1, 70_000, 70_001, 299_999, 300_000]
    parts = []
    for start, end in itertools.pairwise(cuts):
        await vault.put_bytes(f"bids/bb/{start}", body[start:end])
        parts.append(Part(key=f"bids/bb/{start}", start=start, size=end - start))
    with vault.reader(parts) as found:
        assert found.seek(0, os.SEEK_END) == len(body)
        for at in (0, 1, 69_999, 70_000, 70_001, 299_999, 300_000):
            found.seek(at)
            assert found.read(50_000) == body[at : at + 50_000]


async def test_an_upload_that_breaks_off_leaves_nothing_behind(vault):
    with pytest.raises(ConnectionResetError):
        await vault.put("bids/cc/cut", broken_off(b"a" * 2_000_000))
    assert files(vault) == []


async def test_a_sync_that_fails_is_never_reported_as_success(vault, monkeypatch):
    def fail(_fd):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        await vault.put_bytes("bids/dd/lost", b"bytes")
    assert files(vault) == []


async def test_a_directory_sync_that_fails_takes_the_object_back(vault, monkeypatch):
    real, calls = os.fsync, []

    def fail_second(fd):
        calls.append(fd)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", fail_second)
    with pytest.raises(OSError, match="Input/output"):
        await vault.put_bytes("bids/dd/lost", b"bytes")
    assert files(vault) == []


async def test_file_and_directory_are_synced_around_the_rename_and_nothing_else_is(vault, monkeypatch):
    order = []
    real_sync, real_rename = os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("fsync"), real_sync(fd)))
    monkeypatch.setattr(os, "rename", lambda *a, **k: (order.append("rename"), real_rename(*a, **k)))
    await vault.put_bytes("bids/ee/kept", b"bytes")
    assert order == ["fsync", "rename", "fsync"]


async def test_deleting_passes_over_what_is_not_there(vault):
    await vault.put_bytes("bids/ff/one", b"1")
    await vault.delete(["bids/ff/one", "bids/ff/two"])
    assert files(vault) == []


@pytest.mark.parametrize(
    "key", ["../x", "bids/../../x", "/etc/passwd", "bids", "bids//x", "bids/.hidden/../x", "b/x\n"]
)
def test_a_key_cannot_lead_out_of_the_vault(key):
    with pytest.raises(ValueError, match="not a key"):
        refuse_odd_key(key)


def test_a_path_or_a_file_address_is_a_directory(tmp_path):
    for url in (str(tmp_path / "a"), f"file://{tmp_path}/b"):
        vault = open_vault(url)
        assert isinstance(vault, LocalVault)
        vault.close()


@pytest.fixture(scope="module")
def bucket():
    moto = pytest.importorskip("moto.server", reason="moto[server] plays S3")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    import urllib.request

    with urllib.request.urlopen(urllib.request.Request(f"{url}/bids", method="PUT")):
        pass
    yield {
        "aws_endpoint": url, "aws_access_key_id": "x", "aws_secret_access_key": "x",
        "aws_region": "us-east-1", "allow_http": "true",
    }  # fmt: skip
    server.stop()


async def test_a_bucket_keeps_the_same_promises(bucket):
    vault = open_vault("s3://bids/sealed", bucket)
    digest = hashlib.sha256()
    body = os.urandom(9_000_000)
    assert await vault.put("bids/aa/one", pieces(body[:7], body[7:]), digests=[digest]) == len(body)
    assert digest.digest() == hashlib.sha256(body).digest()
    with vault.reader([Part(key="bids/aa/one", start=0, size=len(body))]) as found:
        found.seek(8_000_000)
        assert found.read() == body[8_000_000:]
    assert [key for key, _ in vault.keys("bids")] == ["bids/aa/one"]
    with pytest.raises(ConnectionResetError):
        await vault.put("bids/aa/cut", broken_off(b"a" * 9_000_000))
    assert [key for key, _ in vault.keys("bids")] == ["bids/aa/one"]
    await vault.delete(["bids/aa/one", "bids/aa/none"])
    assert list(vault.keys("bids")) == []
