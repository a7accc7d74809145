"""Killed in the middle: uploads go on where they stopped, and a submit happens once, whoever dies."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.web.cli.platform import platform

SIZE = 48 << 20
CHUNK = 1 << 20


@pytest.fixture
def mine(tmp_path):
    """A platform of one's own, for tests that kill it."""
    with platform(tmp_path) as made:
        yield made


@pytest.fixture
def sealed(mine):
    (mine.home / "big.pdf").write_bytes(os.urandom(SIZE))
    (mine.home / "sheet.json").write_text('{"bid_price": 1, "duration_days": 1, "quality": "合格"}')
    mine.json("seal", mine.tender_id, "big.pdf", "--sheet", "sheet.json", "--out", "bid")
    return mine.home / "bid"


def stored(mine):
    """Bytes of ciphertext that the platform keeps."""
    folder = mine.home / "objects"
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) if folder.exists() else 0


def submitting(mine, sealed):
    line, surroundings = mine.command("submit", mine.tender_id, sealed, "--chunk", CHUNK, "--json")
    return subprocess.Popen(
        line, env=surroundings, cwd=mine.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def patches(mine):
    """How many pieces reached the platform, by its own log."""
    lines = (mine.home / "server.log").read_text().splitlines()
    return sum('"act": "upload.advanced", "status": 204' in line for line in lines)


def test_a_killed_upload_goes_on_and_sends_at_most_one_piece_twice(mine, sealed):
    process = submitting(mine, sealed)
    until(lambda: stored(mine) > SIZE // 3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = json.loads((sealed / "upload.json").read_text())
    receipt = mine.json("submit", mine.tender_id, sealed, "--chunk", CHUNK)
    assert receipt["kind"] == "bid.submitted"
    assert json.loads((sealed / "upload.json").read_text())["uploads"] == kept["uploads"]
    objects = {one["name"]: one["size"] for one in receipt["objects"]}
    pieces = sum(-(-size // CHUNK) for size in objects.values())
    assert pieces <= patches(mine) <= pieces + 1


def test_a_killed_server_is_waited_for_and_the_upload_goes_on(mine, sealed):
    process = submitting(mine, sealed)
    until(lambda: stored(mine) > SIZE // 3)
    mine.stop(kill=True)
    time.sleep(0.5)
    mine.start()
    told, said = process.communicate(timeout=120)
    assert process.returncode == 0, said.decode()
    assert json.loads(told)["kind"] == "bid.submitted"


def test_a_receipt_that_never_came_home_is_fetched_and_nothing_is_submitted_twice(mine, sealed):
    first = mine.json("submit", mine.tender_id, sealed)
    (mine.home / "bid.receipt.json").unlink()
    mine.stop(kill=True)
    mine.start()
    again = mine.json("submit", mine.tender_id, sealed)
    assert (again["seq"], again["entry"], again["round"]) == (first["seq"], first["entry"], 1)


def test_an_upload_that_the_platform_forgot_is_begun_anew(mine, sealed):
    process = submitting(mine, sealed)
    until(lambda: stored(mine) > SIZE // 3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = json.loads((sealed / "upload.json").read_text())
    gone = dict.fromkeys(kept["uploads"], "00000000-0000-7000-8000-000000000000")
    (sealed / "upload.json").write_text(json.dumps(kept | {"uploads": gone}))
    assert mine.json("submit", mine.tender_id, sealed)["kind"] == "bid.submitted"
