"""Plaintext does not stay: a room goes with its use, and with its process."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from web.inspection import rooms
from web.inspection.inspector import _ROOT
from web.inspection.rooms import Room


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_room_is_this_users_alone_and_leaves_nothing(temporary):
    room = Room.enter(1)
    assert room.folder.stat().st_mode & 0o777 == 0o700
    (room.folder / "plain").write_bytes(b"1")
    room.leave()
    assert list(temporary.iterdir()) == []


def test_a_room_that_is_lived_in_is_not_swept(temporary):
    first, second = Room.enter(1), Room.enter(1)
    assert len(list(temporary.iterdir())) == 2
    first.leave()
    second.leave()


def test_the_room_of_a_process_that_was_killed_is_swept_by_the_next(temporary):
    program = (
        "from web.inspection.rooms import Room; import os, signal\n"
        "room = Room.enter(1); (room.folder / 'plain').write_bytes(b'1'); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", program], check=False, env={"TMPDIR": str(temporary), "PYTHONPATH": str(_ROOT)}
    )
    assert died.returncode == -signal.SIGKILL
    assert len(list(temporary.glob("*/plain"))) == 1
    room = Room.enter(1)
    assert [Path(one) for one in temporary.iterdir()] == [room.folder]
    room.leave()


def test_documents_that_would_fill_the_disk_get_no_room(temporary, monkeypatch):
    monkeypatch.setattr(rooms, "RESERVE", 0)
    Room.enter(1).leave()
    with pytest.raises(OSError, match="No space left"):
        Room.enter(1 << 60)
    assert list(temporary.iterdir()) == []
