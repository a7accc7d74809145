"""A witness (c2sp.org/tlog-witness): remembers the largest tree it saw and cosigns only what continues it."""

import json
import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crypto.checkpoints import Checkpoint, parse_checkpoint, parse_number
from crypto.cosign import Cosigner
from crypto.errors import NoteInvalid, ProofInvalid
from crypto.merkle import EMPTY_ROOT, verify_consistency
from crypto.notes import Note, Signature, open_note, parse_note
from crypto.vkeys import VerifierKey, decode

MAX_PROOF = 63


@dataclass(frozen=True)
class Seen:
    """The largest tree of one log that a witness has cosigned."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class OldSizeDiffers(ProofInvalid):
    """The log proved from another size than the witness remembers; `size` is what it remembers."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness has seen {size} leaves")
        self.size = size


class UnknownLog(NoteInvalid):
    """The witness does not watch the log of this name."""


class Memory(Protocol):
    """Where a witness keeps what it saw; `put` returns only when that would survive a crash."""

    def get(self, origin: str) -> Seen: ...
    def put(self, origin: str, seen: Seen) -> None: ...


@dataclass(frozen=True)
class AddCheckpoint:
    """What a log asks of a witness: from the size it remembers, a consistency proof, the signed head."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = "".join(b64encode(one).decode() + "\n" for one in self.path)
        return f"old {self.old}\n{lines}\n{self.note}"


def parse_add_checkpoint(text: str) -> AddCheckpoint:
    """Read the body of an `add-checkpoint` request; NoteInvalid where it is none."""
    head, gap, note = text.partition("\n\n")
    first, *path = head.split("\n")
    word, _, size = first.partition(" ")
    if not gap or word != "old" or len(path) > MAX_PROOF:
        raise NoteInvalid("not an add-checkpoint request")
    return AddCheckpoint(parse_number(size), tuple(map(decode, path)), parse_note(note))


class Witness:
    """An outside party with a key, the logs it watches and a memory of them.

    One witness serves one request at a time: whoever runs it in several threads holds a lock.
    """

    def __init__(self, cosigner: Cosigner, logs: Iterable[VerifierKey], memory: Memory) -> None:
        self.cosigner = cosigner
        self._logs: Mapping[str, VerifierKey] = {log.name: log for log in logs}
        self._memory = memory

    def add_checkpoint(self, request: AddCheckpoint, *, at: datetime) -> Signature:
        """Cosign the checkpoint if it continues what was seen before; remember it first.

        Raises UnknownLog (HTTP 404), NoteInvalid (403), OldSizeDiffers (409) or ProofInvalid (422).
        """
        head = self._trusted(request.note)
        seen = self._memory.get(head.origin)
        if request.old != seen.size:
            raise OldSizeDiffers(seen.size)
        verify_consistency(
            old=seen.size, new=head.size, old_root=seen.root, new_root=head.root, path=request.path
        )
        self._memory.put(head.origin, Seen(head.size, head.root))
        return self.cosigner.cosign(request.note.text, at=at)

    def seen(self, origin: str) -> Seen:
        """What it remembers of the log."""
        return self._memory.get(origin)

    def _trusted(self, note: Note) -> Checkpoint:
        head = parse_checkpoint(note.text)
        log = self._logs.get(head.origin)
        if log is None:
            raise UnknownLog(head.origin)
        open_note(note, [log])
        return head


class ShortMemory:
    """Kept in this process alone: for demonstrations and tests."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def get(self, origin: str) -> Seen:
        return self._seen.get(origin, Seen())

    def put(self, origin: str, seen: Seen) -> None:
        self._seen[origin] = seen


class FileMemory:
    """Kept in one JSON file, replaced whole and synced before a cosignature leaves."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, origin: str) -> Seen:
        kept = self._load().get(origin)
        return Seen(kept["size"], bytes.fromhex(kept["root"])) if kept else Seen()

    def put(self, origin: str, seen: Seen) -> None:
        kept = self._load() | {origin: {"size": seen.size, "root": seen.root.hex()}}
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("w") as file:
            json.dump(kept, file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        _sync_folder(self._path.parent)

    def _load(self) -> dict[str, Any]:
        # A missing file is a new witness; a broken one stops it, for it must not forget.
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
