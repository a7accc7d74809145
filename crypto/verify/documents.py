"""Proving a bid's documents from the ciphertext without writing a byte of them: constant memory."""

import hashlib
from typing import BinaryIO

from crypto.age import SealedFile
from crypto.age.stream import fill
from crypto.certificates import fingerprint
from crypto.cms import MAX_SIZE, verify_detached
from crypto.envelope import tar
from crypto.envelope.context import Context
from crypto.envelope.manifest import FOLDER, MANIFEST, MAX_MANIFEST, SIGNATURE, FileFact, Manifest
from crypto.envelope.statement import STEPS
from crypto.errors import ManifestMismatch, SignatureInvalid

_BATCH = 1 << 20


def prove_docs(docs_age: BinaryIO, identity: str, context: Context) -> Manifest:
    """The manifest of the documents, every file behind it proved by its digest; *context* is the statement's.

    Raises what `SealedFile` raises, ManifestMismatch, and SignatureInvalid where another than the
    bidder signed the manifest.
    """
    with SealedFile(docs_age, [identity]) as sealed:
        raw = _small(sealed, MANIFEST, MAX_MANIFEST)
        signature = _small(sealed, SIGNATURE, MAX_SIZE)
        manifest = _manifest(raw, signature, context.of("docs"))
        for fact in manifest.files:
            _file(sealed, fact)
        _end(sealed)
    return manifest


def _manifest(raw: bytes, signature: bytes, context: Context) -> Manifest:
    manifest = Manifest.read(raw)
    if manifest.context != context:
        raise ManifestMismatch("the documents belong to another submission")
    if fingerprint(verify_detached(raw, signature).certificate) != context.bidder_cert_sha256:
        raise SignatureInvalid("the manifest is signed by another than the bidder")
    return manifest


def _small(sealed: SealedFile, name: str, limit: int) -> bytes:
    block = _take(sealed, tar.BLOCK)
    size = tar.size_in(block)
    if size > limit or block != tar.entry(name, size):
        raise ManifestMismatch(f"{name} is not where it must be")
    raw = _take(sealed, size)
    _expect(sealed, tar.padding(size))
    return raw


def _file(sealed: SealedFile, fact: FileFact) -> None:
    _expect(sealed, tar.entry(FOLDER + fact.name, fact.size))
    digest, left, buffer = hashlib.sha256(), fact.size, memoryview(bytearray(_BATCH))
    while left:
        got = fill(sealed, buffer[: min(left, _BATCH)])
        if not got:
            raise ManifestMismatch("the archive ends too early")
        digest.update(buffer[:got])
        left -= got
    if digest.hexdigest() != fact.sha256:
        raise ManifestMismatch(f"{fact.name}: other bytes than its manifest says")
    _expect(sealed, tar.padding(fact.size))


def _end(sealed: SealedFile) -> None:
    rest = sealed.size - sealed.tell()
    if rest != tar.ending(sealed.tell(), step=STEPS["docs"]):
        raise ManifestMismatch("the archive does not end after its last file")
    _expect(sealed, bytes(rest))


def _take(sealed: SealedFile, size: int) -> bytes:
    taken = bytearray(size)
    if fill(sealed, memoryview(taken)) != size:
        raise ManifestMismatch("the archive ends too early")
    return bytes(taken)


def _expect(sealed: SealedFile, expected: bytes) -> None:
    if _take(sealed, len(expected)) != expected:
        raise ManifestMismatch("the archive is not the one its manifest gives")
