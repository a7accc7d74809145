"""The manifest of a bid's documents, inside the seal: which bid they belong to, and their digests."""

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

from crypto import jcs
from crypto.envelope import shape
from crypto.envelope.context import Context
from crypto.errors import ManifestMismatch, NotCanonical

TYPE = "qifeng.example/manifest-v1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.p7s"
FOLDER = "files/"
MAX_FILES = 10_000
MAX_MANIFEST = 16 << 20

_MAX_NAME, _MAX_COMPONENT = 1000, 240  # bytes
_UNSAFE = set('\\:*?"<>|')


@dataclass(frozen=True)
class FileFact:
    """A document: its name (slashes between folders), bytes, and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds and which bid it belongs to, said inside the seal."""

    context: Context
    files: tuple[FileFact, ...]

    def raw(self) -> bytes:
        files = [asdict(one) for one in self.files]
        return jcs.canonical({"type": TYPE, "context": self.context.plain(), "files": files})

    @classmethod
    def read(cls, raw: bytes) -> "Manifest":
        """The manifest that *raw* spells. Raises ManifestMismatch."""
        try:
            fields = shape.exact(jcs.parse(raw), type=str, context=dict, files=list)
            files = tuple(_fact(one) for one in fields["files"])
            manifest = cls(Context.read(fields["context"]), files)
            refuse_unsafe_names([one.name for one in files])
        except (ValueError, NotCanonical) as error:
            raise ManifestMismatch(f"{MANIFEST}: {error}") from None
        if fields["type"] != TYPE:
            raise ManifestMismatch(f"{MANIFEST}: another type")
        return manifest


def _fact(value: Any) -> FileFact:
    fact = FileFact(**shape.exact(value, name=str, size=int, sha256=str))
    shape.natural(fact.size)
    shape.digest(fact.sha256)
    return fact


def refuse_unsafe_names(names: list[str]) -> None:
    r"""Raises ValueError unless every name is one that every file system takes, below the folder, once.

    Relative, NFC, sorted by code point, no "." or "..", no control letters, none of \ : * ? " < > |,
    and no two names that differ only in case or where one is the other's folder.
    """
    if names != sorted(names) or len(names) > MAX_FILES:
        raise ValueError("the names are not sorted, or too many")
    for name in names:
        _refuse_unsafe(name)
    folded = {name.casefold() for name in names}
    if len(folded) != len(names):
        raise ValueError("two names differ only in case")
    folders = {
        "/".join(name.split("/")[:depth]) for name in folded for depth in range(1, name.count("/") + 1)
    }
    if folders & folded:
        raise ValueError("a name is also a folder")


def _refuse_unsafe(name: str) -> None:
    parts = name.split("/")
    safe = (
        unicodedata.is_normalized("NFC", name)
        and not any(letter in _UNSAFE or unicodedata.category(letter)[0] == "C" for letter in name)
        and all(part.strip(" ") == part and not part.endswith(".") and part for part in parts)
        and max(len(part.encode()) for part in parts) <= _MAX_COMPONENT
        and len(name.encode()) <= _MAX_NAME
    )
    if not safe:
        raise ValueError(f"not a name for every file system: {name[:80]!r}")
