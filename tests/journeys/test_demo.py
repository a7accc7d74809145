"""The demonstration is a journey too: the whole story holds, in a process that leaves nothing behind."""

import asyncio
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from web.paper.fonts import HERE

HOME = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(
    not (HERE / "NotoSansSC-Regular.ttf").exists(), reason="the fonts are not there"
)


async def begun(folder, *words):
    folder.mkdir()
    surroundings = os.environ | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "web.demo", "--lang", "en", *words, cwd=HOME, env=surroundings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


def servers_of(folder):
    """Processes that still work in the demonstration's directory."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cwd"):
        try:
            place = one.readlink()
        except OSError:
            continue
        if place.is_relative_to(folder):
            found.append(one.parent.name)
    return found


async def test_the_whole_story_holds_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "tmp"
    process = await begun(folder, "--once", "--large", "3")
    async with asyncio.timeout(1500):
        told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told[-8000:]
    assert "✗" not in told
    assert "FAIL" not in told
    for step in range(12):
        assert len(re.findall(rf"PASS +S{step} ", told)) == 2, step
    for words in (
        "422 bid-unencrypted",
        "422 bid-bind-mismatch",
        "409 bid-late",
        "withdrew its bid",
        "recovered from 3 of 5 shares",
        "counts as revoked",
        "Decryption ended: 7 opened, 1 revoked, 0 failed",
        "without a gap",
        "Going on without an answer",
    ):
        assert words in told, words
    if shutil.which("age"):
        assert "byte for byte" in told
    assert list(folder.iterdir()) == []
    assert servers_of(folder) == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc which processes are left")
async def test_interrupting_the_live_demonstration_ends_the_platform_with_it(tmp_path):
    folder = tmp_path / "tmp"
    process = await begun(folder)
    async with asyncio.timeout(180):
        while b"bidder-1.p12" not in (line := await process.stdout.readline()):
            assert line, "it ended by itself"
    assert len(servers_of(folder)) == 1
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(60):
        await process.communicate()
    assert process.returncode == 130
    assert servers_of(folder) == []
    assert list(folder.iterdir()) == []
