"""Opening a bid whose keys were released: the sheet as values, the documents as files."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from crypto import jcs
from crypto.age import SealedFile, decrypt_file
from crypto.age.stream import fill, write_all
from crypto.certificates.credential import fingerprint
from crypto.cms import MAX_SIZE, verify_detached
from crypto.envelope import tar
from crypto.envelope.context import Context
from crypto.envelope.manifest import FOLDER, MANIFEST, MAX_MANIFEST, SIGNATURE, FileFact, Manifest
from crypto.envelope.statement import STEPS
from crypto.errors import ManifestMismatch, NotCanonical, SignatureInvalid

MAX_SHEET = 1 << 20

_BATCH = 1 << 20


def open_sheet(sheet_age: BinaryIO, identity: str, context: Context) -> dict[str, Any]:
    """The opening sheet, proved to belong to *context* (the statement's).

    Raises what `decrypt_file` raises, and ManifestMismatch where the plaintext is of another context,
    not padded, larger than 1 MiB, or no sheet.
    """
    plaintext = _Bounded(MAX_SHEET)
    decrypt_file(sheet_age, plaintext, identities=[identity])  # type: ignore[arg-type] # has readinto
    raw = bytes(plaintext.held)
    if len(raw) % STEPS["sheet"]:
        raise ManifestMismatch("the sheet is not padded")
    return _sheet(raw.rstrip(b" "), context.of("sheet"))


def open_docs(docs_age: BinaryIO, identity: str, context: Context, dest: Path) -> Manifest:
    """Unpack the documents into the new folder *dest*; each is proved before the next begins.

    The archive must be byte for byte the one its manifest gives: nothing of a stranger's tar is
    interpreted, so no name leaves *dest* and no file is larger than what was sealed. Constant memory.

    Raises what `decrypt_file` raises, ManifestMismatch, SignatureInvalid where the manifest is not signed by
    the bidder, FileExistsError. After an error *dest* holds only what was proved until then.
    """
    with SealedFile(docs_age, [identity]) as sealed:
        archive = _Archive(sealed)
        manifest = archive.manifest(context.of("docs"))
        dest.mkdir(parents=True)
        for fact in manifest.files:
            archive.unpack(fact, dest)
        archive.finish()
    return manifest


def _sheet(raw: bytes, context: Context) -> dict[str, Any]:
    try:
        value = jcs.parse(raw)
    except NotCanonical as error:
        raise ManifestMismatch(f"the sheet: {error}") from None
    if (
        not isinstance(value, dict)
        or value.keys() != {"context", "sheet"}
        or value["context"] != context.plain()
    ):
        raise ManifestMismatch("the sheet belongs to another submission")
    sheet = value["sheet"]
    if not isinstance(sheet, dict):
        raise ManifestMismatch("the sheet is no object")
    return sheet


@dataclass
class _Bounded:
    limit: int

    def __post_init__(self) -> None:
        self.held = bytearray()

    def write(self, buffer: memoryview, /) -> int:
        if len(self.held) + len(buffer) > self.limit:
            raise ManifestMismatch("the sheet is too large")
        self.held += buffer
        return len(buffer)


class _Archive:
    """Reads an archive by knowing what must come next."""

    def __init__(self, sealed: SealedFile) -> None:
        self.sealed = sealed
        self.buffer = memoryview(bytearray(_BATCH))

    def manifest(self, context: Context) -> Manifest:
        raw = self._small(MANIFEST, MAX_MANIFEST)
        signature = self._small(SIGNATURE, MAX_SIZE)
        manifest = Manifest.read(raw)
        if manifest.context != context:
            raise ManifestMismatch("the documents belong to another submission")
        signer = verify_detached(raw, signature)
        if fingerprint(signer.certificate) != context.bidder_cert_sha256:
            raise SignatureInvalid("the manifest is signed by another than the bidder")
        return manifest

    def unpack(self, fact: FileFact, dest: Path) -> None:
        self._expect(tar.entry(FOLDER + fact.name, fact.size))
        path = dest / fact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._write(fact, path)
        except BaseException:
            path.unlink(missing_ok=True)  # nothing that was not proved is left behind
            raise
        self._expect(tar.padding(fact.size))

    def _write(self, fact: FileFact, path: Path) -> None:
        digest, left = hashlib.sha256(), fact.size
        with path.open("xb", buffering=0) as out:
            while left:
                batch = self._batch(left)
                digest.update(batch)
                write_all(out, batch)
                left -= len(batch)
        if digest.hexdigest() != fact.sha256:
            raise ManifestMismatch(f"{fact.name}: other bytes than its manifest says")

    def _batch(self, left: int) -> memoryview:
        got = fill(self.sealed, self.buffer[: min(left, _BATCH)])
        if not got:
            raise ManifestMismatch("the archive ends too early")
        return self.buffer[:got]

    def finish(self) -> None:
        rest = self.sealed.size - self.sealed.tell()
        if rest != tar.ending(self.sealed.tell(), step=STEPS["docs"]):
            raise ManifestMismatch("the archive does not end after its last file")
        self._expect(bytes(rest))

    def _small(self, name: str, limit: int) -> bytes:
        block = self._take(tar.BLOCK)
        size = _size_in(block)
        if size > limit or block != tar.entry(name, size):
            raise ManifestMismatch(f"{name} is not where it must be")
        raw = self._take(size)
        self._expect(tar.padding(size))
        return raw

    def _take(self, size: int) -> bytes:
        taken = bytearray(size)
        if fill(self.sealed, memoryview(taken)) != size:
            raise ManifestMismatch("the archive ends too early")
        return bytes(taken)

    def _expect(self, expected: bytes) -> None:
        if self._take(len(expected)) != expected:
            raise ManifestMismatch("the archive is not the one its manifest gives")


def _size_in(block: bytes) -> int:
    try:
        return tar.size_in(block)
    except ValueError:
        raise ManifestMismatch("the archive does not begin with its manifest") from None
