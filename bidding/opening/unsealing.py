"""Opening one bid with all its keys, in a worker thread: what it says, or whose fault it is that it does not.

The log decides (cryptography 3.6): where the stored bytes no longer are those of the statement, the
platform failed (E-15); where they are and all keys fit, the bidder sealed something that cannot open
(E-14).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO

from bidding.bid.vault import StoredObject
from crypto.age import SealedFile
from crypto.envelope import tar
from crypto.envelope.context import Context
from crypto.envelope.layers import open_key
from crypto.envelope.manifest import MAX_MANIFEST, Manifest
from crypto.envelope.open import open_sheet
from crypto.envelope.statement import Statement, key_name, object_name
from crypto.errors import CryptoError, ManifestMismatch

Opener = Callable[[str], BinaryIO]
_MAX_KEY = 64 * 1024
MALFORMED, ALTERED = "sealed-malformed", "stored-bytes-differ"


@dataclass(frozen=True, kw_only=True)
class SealedBid:
    """One bid and everything that opens it; `open` gives a stored object's bytes as a file."""

    bidder_id: str
    statement: Statement
    layers: tuple[str, ...]
    identity: str
    objects: Mapping[str, StoredObject]
    open: Opener


@dataclass(frozen=True)
class Opened:
    """The sheet, the identities that open each object, and the digest of the documents' manifest."""

    sheet: dict[str, Any]
    sheet_identity: str
    docs_identity: str
    manifest_sha256: str


@dataclass(frozen=True)
class Unopened:
    """Why the bid did not open; `is_bidders` says to whom the log gives the cause."""

    cause: str
    detail: str

    @property
    def is_bidders(self) -> bool:
        return self.cause == MALFORMED


def unseal(bid: SealedBid) -> Opened | Unopened:
    """Open the sheet whole and the documents up to their manifest. Blocks; raises OSError of the vault."""
    try:
        return _open(bid)
    except CryptoError as error:
        cause = MALFORMED if _is_as_submitted(bid) else ALTERED
        return Unopened(cause, f"{type(error).__name__}: {error}")


def _open(bid: SealedBid) -> Opened:
    sheet_identity, docs_identity = _key(bid, "sheet"), _key(bid, "docs")
    with bid.open(object_name("sheet")) as sealed:
        sheet = open_sheet(sealed, sheet_identity, bid.statement.context)
    with bid.open(object_name("docs")) as sealed:
        manifest = read_manifest(sealed, docs_identity, bid.statement.context)
    return Opened(sheet, sheet_identity, docs_identity, sha256(manifest.raw()).hexdigest())


def _key(bid: SealedBid, name: str) -> str:
    with bid.open(key_name(name)) as sealed:
        nested = sealed.read(_MAX_KEY)
    return open_key(nested, bid.layers, bid.identity, expected_recipient=bid.statement.object(name).recipient)


def read_manifest(docs_age: BinaryIO, identity: str, context: Context) -> Manifest:
    """The manifest of the documents, which stands first, so that no more than its chunks is decrypted.

    Raises what `SealedFile` raises, and ManifestMismatch where it is another bid's.
    """
    with SealedFile(docs_age, [identity]) as sealed:
        try:
            size = tar.size_in(sealed.read(tar.BLOCK))
        except ValueError:
            raise ManifestMismatch("the archive does not begin with its manifest") from None
        manifest = Manifest.read(sealed.read(min(size, MAX_MANIFEST)))
    if manifest.context != context.of("docs"):
        raise ManifestMismatch("the documents belong to another submission")
    return manifest


def _is_as_submitted(bid: SealedBid) -> bool:
    """Whether every stored object still hashes to what its statement says."""
    return all(_sha256(bid, part.name) == part.sha256 for part in bid.statement.parts())


def _sha256(bid: SealedBid, name: str) -> str:
    try:
        with bid.open(name) as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()  # type: ignore[arg-type] # has readinto
    except KeyError:
        return ""


def opener(reader: Callable[[Sequence[Any]], BinaryIO], objects: Mapping[str, StoredObject]) -> Opener:
    """How the objects of a bid are opened through a vault's `reader`."""
    return lambda name: reader(objects[name].parts)
