"""Folders for unpacked documents: one user's alone, bounded by the disk, and gone after a crash as well."""

import errno
import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from web.inspection.limits import MIB

RESERVE = 256 * MIB  # what must stay free on the disk besides
_PREFIX, _LOCK, _MAKING = "qifeng-docs-", "lock", "lock.new"


@dataclass(frozen=True)
class Room:
    """A folder in the system's temporary directory, locked by this process while it lives."""

    folder: Path
    lock: int

    @classmethod
    def enter(cls, size: int) -> "Room":
        """A new room for *size* bytes. Blocks. Raises OSError where they would not fit."""
        _sweep()
        if shutil.disk_usage(tempfile.gettempdir()).free < size + RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = os.open(folder / _MAKING, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / _MAKING).rename(folder / _LOCK)  # only a lock that is held is ever seen
        return cls(folder, lock)

    def leave(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock)


def _sweep() -> None:
    """Remove the rooms of processes that died: nobody holds their locks any more."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        if _is_abandoned(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _is_abandoned(lock: Path) -> bool:
    try:
        held = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return os.fstat(held).st_uid == os.getuid()
    finally:
        os.close(held)
