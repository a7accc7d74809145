"""The documents of a bid as one deterministic tar: manifest.json, manifest.p7s, then files/ by name."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto.envelope import tar
from crypto.envelope.context import Context
from crypto.envelope.manifest import FOLDER, MANIFEST, SIGNATURE, FileFact, Manifest, refuse_unsafe_names
from crypto.envelope.statement import STEPS
from crypto.errors import SourceUnsealable


class ArchiveSource:
    """The archive as a source to encrypt from: files are read as they are asked for, none held.

    It ends in zeros up to a whole MiB, which tar reads as its end and which hide the exact size.
    Raises SourceUnsealable where a name is unsafe, a file is not a plain file, or it changed between
    the taking of its digest and its sealing.
    """

    def __init__(self, files: Mapping[str, Path], context: Context, sign: Callable[[bytes], bytes]) -> None:
        try:
            refuse_unsafe_names(sorted(files))
        except ValueError as error:
            raise SourceUnsealable(str(error)) from None
        self._documents = [_Document.taken(name, files[name]) for name in sorted(files)]
        self.manifest = Manifest(context, tuple(one.fact for one in self._documents))
        raw = self.manifest.raw()
        self._head = [(MANIFEST, raw), (SIGNATURE, sign(raw))]
        content = sum(
            len(tar.entry(name, size)) + size + len(tar.padding(size)) for name, size in self._sizes()
        )
        self._ending = tar.ending(content, step=STEPS["docs"])
        self.size = content + self._ending
        self._segments = self._flow()
        self._now = next(self._segments)

    def readinto(self, view: memoryview, /) -> int:
        while not (got := self._now.readinto(view)):
            following = next(self._segments, None)
            if following is None:
                return 0
            self._now = following
        return got

    def _sizes(self) -> list[tuple[str, int]]:
        head = [(name, len(raw)) for name, raw in self._head]
        return head + [(FOLDER + one.fact.name, one.fact.size) for one in self._documents]

    def _flow(self) -> Iterator[io.BytesIO | io.FileIO]:
        for name, raw in self._head:
            yield io.BytesIO(tar.entry(name, len(raw)) + raw + tar.padding(len(raw)))
        for one in self._documents:
            yield io.BytesIO(tar.entry(FOLDER + one.fact.name, one.fact.size))
            with one.unchanged() as src:
                yield src
            yield io.BytesIO(tar.padding(one.fact.size))
        yield io.BytesIO(bytes(self._ending))


@dataclass(frozen=True)
class _Document:
    """A file whose digest was taken, and which must still be the same when it is sealed."""

    path: Path
    fact: FileFact
    stamp: tuple[int, ...]

    @classmethod
    def taken(cls, name: str, path: Path) -> "_Document":
        if not path.is_file():
            raise SourceUnsealable(f"{path} is not a file")
        with path.open("rb", buffering=0) as src:
            stamp = _stamp(src)
            digest = hashlib.file_digest(src, "sha256").hexdigest()
        return cls(path, FileFact(name, stamp[0], digest), stamp)

    @contextmanager
    def unchanged(self) -> Iterator[io.FileIO]:
        # A second digest would cost as much as the sealing; size, time and inode cost nothing.
        with self.path.open("rb", buffering=0) as src:
            self._refuse_changed(src)
            yield src
            self._refuse_changed(src)

    def _refuse_changed(self, src: io.FileIO) -> None:
        if _stamp(src) != self.stamp:
            raise SourceUnsealable(f"{self.path} changed while it was being sealed")


def _stamp(src: io.FileIO) -> tuple[int, ...]:
    found = os.fstat(src.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ino
