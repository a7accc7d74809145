"""Closing a bundle: the index over its files, the platform's note over the index, and the zip."""

import hashlib
import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.jcs import canonical
from crypto.notes import Note, NoteSigner, parse_note
from crypto.verify.bundle import INDEX, NOTE, Bundle, Folder

FORMAT = "qifeng-bundle/1"
NOTE_LINE = "qifeng.example/bundle/v1"
PUBLIC, SUPERVISION = "public", "supervision"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day; the day of packing is no one's business
_PIECE = 1 << 20


def close_bundle(folder: Path, *, edition: str, tender_id: str, signer: NoteSigner) -> None:
    """Write `bundle.json` and `bundle.note` over all that *folder* holds, replacing older ones."""
    for name in (INDEX, NOTE):
        (folder / name).unlink(missing_ok=True)
    bundle = Folder(folder)
    head = parse_checkpoint(parse_note(bundle.read("log/checkpoint")).text)
    index = canonical(index_of(bundle, edition=edition, tender_id=tender_id, head=head))
    (folder / INDEX).write_bytes(index)
    (folder / NOTE).write_text(str(note_of(index, tender_id=tender_id, signer=signer)), encoding="utf-8")


def index_of(bundle: Bundle, *, edition: str, tender_id: str, head: Checkpoint) -> dict[str, Any]:
    """What `bundle.json` says: every file with its size in bytes and SHA-256, and where the log stood."""
    files = [
        {"path": path, "size": bundle.size(path), "sha256": digest_of(bundle, path)}
        for path in bundle.paths()
        if path not in {INDEX, NOTE}
    ]
    at = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    return {"v": FORMAT, "edition": edition, "tender_id": tender_id, "files": files, "checkpoint": at}


def note_of(index: bytes, *, tender_id: str, signer: NoteSigner) -> Note:
    """The platform's word that this index is the one it gave out."""
    return signer.sign(note_text(index, tender_id=tender_id, origin=signer.name))


def note_text(index: bytes, *, tender_id: str, origin: str) -> str:
    """Four lines, so that it can never be taken for a checkpoint."""
    digest = b64encode(hashlib.sha256(index).digest()).decode()
    return f"{NOTE_LINE}\n{origin}\n{tender_id}\n{digest}\n"


def digest_of(bundle: Bundle, path: str) -> str:
    """SHA-256 of a file in hex; constant memory."""
    with bundle.open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # it is buffered


def zipped(folder: Path) -> Iterator[bytes]:
    """The folder as a zip, piece by piece: members stored, sorted, without times; constant memory."""
    sink = _Pieces()
    bundle = Folder(folder)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for path in bundle.paths():
            yield from _member(archive, sink, bundle, path)
    yield sink.taken()


def _member(archive: zipfile.ZipFile, sink: "_Pieces", bundle: Bundle, path: str) -> Iterator[bytes]:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.external_attr = 0o644 << 16
    info.file_size = bundle.size(path)
    with bundle.open(path) as src, archive.open(info, "w") as member:
        while piece := src.read(_PIECE):
            member.write(piece)
            yield sink.taken()


class _Pieces(io.RawIOBase):
    """A sink that only goes forward; what was written is taken away at once."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held
