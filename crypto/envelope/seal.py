"""Sealing a bid on the bidder's own machine: a folder of files ready to upload, and the one-time key B."""

import hashlib
import io
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crypto import jcs
from crypto.age import encrypt_file, generate_identity, recipient_of
from crypto.age.stream import Source
from crypto.certificates.credential import Credential, fingerprint
from crypto.cms import sign_detached
from crypto.envelope.archive import ArchiveSource
from crypto.envelope.context import Context
from crypto.envelope.fallback import make_shares
from crypto.envelope.layers import nest
from crypto.envelope.statement import (
    SIGNATURE,
    STATEMENT,
    STEPS,
    Client,
    Committee,
    KeyPart,
    SealedObject,
    SharePart,
    Statement,
    key_name,
    object_name,
    share_name,
)
from crypto.errors import SignatureInvalid

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class SealJob:
    """What is to be sealed, and to whom.

    `docs` are files by their name in the archive; `sheet` is the opening sheet (fen, days, text: no
    floats); `layers` are the recipients of the notice, from the outermost; `context.nonce16` is fresh.
    With a `committee` the bidder's `consent` to the fallback is needed, in words.
    """

    context: Context
    docs: Mapping[str, Path]
    sheet: Mapping[str, Any]
    layers: tuple[str, ...]
    client: Client
    committee: Committee | None = None
    consent: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Sealed:
    """A sealed submission in `folder`. Without `bidder_identity`, kept by the bidder alone, it stays shut."""

    folder: Path
    statement: Statement
    statement_sha256: str
    bidder_identity: str = field(repr=False)


def seal(job: SealJob, workdir: Path, *, signer: Credential, on_progress: Progress | None = None) -> Sealed:
    """Seal *job* into *workdir*, which appears whole or not at all.

    A run that was killed is started over with fresh keys: nothing is ever encrypted twice under one
    key. *on_progress* hears (object, plaintext bytes done, of how many).

    Raises FileExistsError where *workdir* already holds something, SourceUnsealable, KeyMalformed,
    NotCanonical, SignatureInvalid where the signer is not the certificate of the context.
    """
    if fingerprint(signer.certificate) != job.context.bidder_cert_sha256:
        raise SignatureInvalid("the signer is not the bidder of the context")
    if workdir.exists():
        raise FileExistsError(workdir)
    part = workdir.with_name(workdir.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    bidder = generate_identity()
    statement = _Sealing(job, part, signer, bidder, on_progress).run()
    _keep_whole(part, workdir)
    return Sealed(workdir, statement, statement.sha256(), bidder)


def sheet_plaintext(sheet: Mapping[str, Any], context: Context) -> bytes:
    """The opening sheet with its context as canonical JSON, then spaces up to a whole 4 KiB."""
    raw = jcs.canonical({"context": context.plain(), "sheet": dict(sheet)})
    return raw + b" " * (-len(raw) % STEPS["sheet"])


@dataclass
class _Sealing:
    job: SealJob
    folder: Path
    signer: Credential
    bidder: str
    on_progress: Progress | None

    def run(self) -> Statement:
        objects = [self._sheet(), self._docs()]
        keys = [self._key(one.object, identity) for one, identity in objects]
        shares = self._shares()
        statement = self._statement(tuple(one for one, _ in objects), tuple(keys), shares)
        raw = statement.raw()
        Statement.read(raw)  # what the platform would call ill-formed is not worth uploading
        self._write(STATEMENT, raw)
        self._write(SIGNATURE, self._sign(raw))
        return statement

    def _sheet(self) -> tuple[SealedObject, str]:
        plaintext = sheet_plaintext(self.job.sheet, self.job.context.of("sheet"))
        return self._object("sheet", io.BytesIO(plaintext), len(plaintext))

    def _docs(self) -> tuple[SealedObject, str]:
        source = ArchiveSource(self.job.docs, self.job.context.of("docs"), self._sign)
        return self._object("docs", source, source.size)

    def _object(self, name: str, source: Source, size: int) -> tuple[SealedObject, str]:
        identity = generate_identity()
        recipient = recipient_of(identity)
        with (self.folder / object_name(name)).open("wb", buffering=0) as dst:
            written = encrypt_file(
                source,
                dst,
                recipients=[recipient],
                extra_stanzas=[self.job.context.of(name).stanza()],
                hashing=True,
                on_progress=self._hears(name, size),
            )
            os.fsync(dst.fileno())
        digest = (written.sha256 or b"").hex()
        return SealedObject(object_name(name), written.size, digest, name, recipient), identity

    def _hears(self, name: str, size: int) -> Callable[[int], None] | None:
        tell = self.on_progress
        return (lambda done: tell(name, done, size)) if tell else None

    def _key(self, name: str, identity: str) -> KeyPart:
        raw = nest(identity, layers=self.job.layers, bidder_recipient=recipient_of(self.bidder))
        return KeyPart(*self._write(key_name(name), raw), name)

    def _shares(self) -> tuple[SharePart, ...]:
        committee, context = self.job.committee, self.job.context
        if committee is None:
            return ()
        dealt = make_shares(self.bidder, committee, tender_id=context.tender_id, lot=context.lot)
        recipients = [one.recipient for one in committee.members]
        return tuple(
            SharePart(*self._write(share_name(number), raw), member, recipient)
            for number, ((member, raw), recipient) in enumerate(zip(dealt, recipients, strict=True), 1)
        )

    def _write(self, name: str, raw: bytes) -> tuple[str, int, str]:
        with (self.folder / name).open("wb") as dst:
            dst.write(raw)
            dst.flush()
            os.fsync(dst.fileno())
        return name, len(raw), hashlib.sha256(raw).hexdigest()

    def _sign(self, raw: bytes) -> bytes:
        return sign_detached(raw, self.signer.certificate, self.signer.key, self.signer.chain)

    def _statement(
        self, objects: tuple[SealedObject, ...], keys: tuple[KeyPart, ...], shares: tuple[SharePart, ...]
    ) -> Statement:
        committee = self.job.committee
        return Statement(
            context=self.job.context.of("statement"),
            objects=objects,
            keys=keys,
            bidder_recipient=recipient_of(self.bidder),
            layers=self.job.layers,
            list_version=committee.list_version if committee else None,
            threshold=committee.threshold if committee else None,
            shares=shares,
            consent=self.job.consent if committee else None,
            client=self.job.client,
            previous=self.job.previous,
        )


def _keep_whole(part: Path, workdir: Path) -> None:
    part.rename(workdir)
    parent = os.open(workdir.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
