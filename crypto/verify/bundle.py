"""A bundle as files: a folder, or a zip whose members are stored as they are."""

import io
import os
import stat
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from crypto.errors import CryptoError

INDEX, NOTE, TRUST = "bundle.json", "bundle.note", "trust.json"
MAX_FILES = 500_000
MAX_SMALL = 64 << 20  # bytes of a file that is read whole

_LOCAL_HEADER, _BUFFER = 30, 1 << 16


class BundleBroken(CryptoError):
    """The bundle lacks a file, or holds what no bundle holds."""


class Bundle(ABC):
    """The files of a bundle by their path; nothing in them is trusted."""

    @abstractmethod
    def paths(self) -> Sequence[str]:
        """Every path, sorted; slashes between folders."""

    @abstractmethod
    def size(self, path: str) -> int:
        """Bytes of the file. Raises BundleBroken where there is none."""

    @abstractmethod
    def open(self, path: str) -> BinaryIO:
        """The file, buffered and seekable. Raises BundleBroken where there is none."""

    def has(self, path: str) -> bool:
        return path in self.paths()

    def below(self, folder: str) -> list[str]:
        """The paths in *folder* (with its final slash)."""
        return [path for path in self.paths() if path.startswith(folder)]

    def read(self, path: str, limit: int = MAX_SMALL) -> bytes:
        """The whole file, at most *limit* bytes. Raises BundleBroken."""
        if self.size(path) > limit:
            raise BundleBroken(f"{path} is larger than {limit} bytes")
        with self.open(path) as file:
            return file.read()

    def text(self, path: str, limit: int = MAX_SMALL) -> str:
        """The whole file as UTF-8. Raises BundleBroken."""
        try:
            return self.read(path, limit).decode()
        except UnicodeDecodeError:
            raise BundleBroken(f"{path} is not UTF-8") from None


class Folder(Bundle):
    """A bundle as a folder; links and devices in it are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sizes = dict(sorted(_plain_files(root)))

    def paths(self) -> Sequence[str]:
        return list(self._sizes)

    def has(self, path: str) -> bool:
        return path in self._sizes

    def size(self, path: str) -> int:
        return _known(self._sizes, path)

    def open(self, path: str) -> BinaryIO:
        _known(self._sizes, path)
        return (self.root / path).open("rb")


def _plain_files(root: Path) -> list[tuple[str, int]]:
    found = []
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            path = Path(folder, name)
            mode = path.lstat()
            if stat.S_ISREG(mode.st_mode):
                found.append((path.relative_to(root).as_posix(), mode.st_size))
            elif not stat.S_ISDIR(mode.st_mode):
                raise BundleBroken(f"{path.name} is neither a file nor a folder")
        if len(found) > MAX_FILES:
            raise BundleBroken("too many files for a bundle")
    return found


class Zip(Bundle):
    """A bundle as a zip. Members are stored, not compressed: nothing grows when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self._members = _members(archive)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise BundleBroken(f"not a zip: {error}") from None
        self._sizes = {name: member.file_size for name, member in sorted(self._members.items())}

    def paths(self) -> Sequence[str]:
        return list(self._sizes)

    def has(self, path: str) -> bool:
        return path in self._sizes

    def size(self, path: str) -> int:
        return _known(self._sizes, path)

    def open(self, path: str) -> BinaryIO:
        size, start = _known(self._sizes, path), self._members[path].header_offset
        file = self._path.open("rb", buffering=0)
        file.seek(start)
        head = file.read(_LOCAL_HEADER)
        if len(head) < _LOCAL_HEADER:
            file.close()
            raise BundleBroken(f"{path} lies outside the zip")
        start += _LOCAL_HEADER + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        return io.BufferedReader(_Window(file, start, size), _BUFFER)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = [one for one in archive.infolist() if not one.is_dir()]
    members = {one.filename: one for one in infos}
    if len(members) < len(infos) or len(infos) > MAX_FILES:
        raise ValueError("a name is repeated, or there are too many")
    for one in infos:
        if one.compress_type != zipfile.ZIP_STORED or one.compress_size != one.file_size:
            raise ValueError(f"{one.filename} is compressed")
    return members


class _Window(io.RawIOBase):
    """A stretch of a file, which closes with it."""

    def __init__(self, file: io.FileIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the first byte")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._size - self._at)]  # type: ignore[arg-type]
        self._file.seek(self._start + self._at)
        count = self._file.readinto(view) if view else 0
        self._at += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _known(sizes: dict[str, int], path: str) -> int:
    size = sizes.get(path)
    if size is None:
        raise BundleBroken(f"{path} is missing")
    return size


def open_bundle(path: Path) -> Bundle:
    """The bundle at *path*. Raises BundleBroken, OSError."""
    return Folder(path) if path.is_dir() else Zip(path)
