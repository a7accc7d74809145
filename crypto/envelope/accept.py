"""Taking a sealed bid in without any key: numbered checks, each refusing under its own code."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from crypto.age import Header, base64, payload_size, read_header
from crypto.certificates.credential import fingerprint
from crypto.cms import MAX_SIZE, SignerInfo, verify_detached
from crypto.envelope.context import BIND
from crypto.envelope.layers import MAX_KEY_FILE
from crypto.envelope.statement import (
    MAX_STATEMENT,
    SIGNATURE,
    STATEMENT,
    STEPS,
    Committee,
    Member,
    Part,
    SealedObject,
    Statement,
)
from crypto.errors import HeaderMalformed, SealBroken, SignatureInvalid, StatementInvalid

AGE_INTRO = b"age-encryption.org/"
MAX_LINE = 80  # bytes of the version line


class Reader(Protocol):
    """The files of an upload. The digest may be the one taken while the bytes came in."""

    def names(self) -> Iterable[str]: ...

    def size(self, name: str) -> int: ...

    def sha256(self, name: str) -> str:
        """The SHA-256 of the file's bytes, in hex."""
        ...

    def open(self, name: str) -> BinaryIO: ...


@dataclass(frozen=True)
class Folder:
    """A Reader of the files in a folder."""

    path: Path

    def names(self) -> Iterable[str]:
        return sorted(one.name for one in self.path.iterdir())

    def size(self, name: str) -> int:
        return (self.path / name).stat().st_size

    def sha256(self, name: str) -> str:
        with (self.path / name).open("rb") as src:
            return hashlib.file_digest(src, "sha256").hexdigest()

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the platform knows of the lot and of the bidder who uploads.

    `notices` maps the digest of every notice that may still be answered to the deadline it named: the
    current one, and its ancestors whose amendment asked for no new submission. `committee` is None
    where the tender has no fallback. `round` and `previous` follow from the bidder's last submission.
    """

    tender_id: str
    lot: str
    stage: str
    notices: Mapping[str, datetime]
    layers: tuple[str, ...]
    bidder_cert_sha256: str
    committee: Committee | None = None
    round: int = 1
    previous: str | None = None


@dataclass(frozen=True)
class Accepted:
    """A submission that passed every check.

    Whether the certificate of `signer` is trusted is judged elsewhere. `weeds` must never have been
    seen on the platform before: a second sight of one is a copied or replayed bid.
    """

    statement: Statement
    statement_sha256: str
    signer: SignerInfo
    weeds: tuple[str, ...]

    @property
    def has_fallback(self) -> bool:
        """Whether a committee can open the bid if the bidder's key is lost."""
        return bool(self.statement.shares)


def accept(reader: Reader, expected: Expected) -> Accepted:
    """Check the upload in *reader* against *expected*, in the order of CHECKS.

    Raises StatementInvalid at the first check that fails. Reads headers only, besides the statement:
    constant memory, and no payload unless the reader must hash it.
    """
    raw = _bounded(reader, STATEMENT, MAX_STATEMENT)
    statement = Statement.read(raw)
    upload = _Upload(reader, expected, statement, _signed_by(raw, reader))
    for check in CHECKS:
        check(upload)
    return Accepted(statement, hashlib.sha256(raw).hexdigest(), upload.signer, _weeds(upload))


def refuse_unencrypted(src: BinaryIO) -> Header:
    """The header of the age file *src*. Raises StatementInvalid("unencrypted" or "ill-formed").

    Measures for Electronic Tendering, art. 26: a bid that is not encrypted as asked is refused.
    """
    first = src.readline(MAX_LINE)
    if not first.startswith(AGE_INTRO):
        raise StatementInvalid("unencrypted", "not an age file")
    try:
        return read_header(_Resumed(first, src))
    except HeaderMalformed as error:
        raise StatementInvalid("ill-formed", str(error)) from None


@dataclass
class _Resumed:
    """A source whose first line was read already; an upload's stream need not be seekable."""

    first: bytes
    src: BinaryIO

    def readline(self, limit: int = -1, /) -> bytes:
        line, self.first = self.first or self.src.readline(limit), b""
        return line


class _Upload:
    def __init__(self, reader: Reader, expected: Expected, statement: Statement, signer: SignerInfo) -> None:
        self.reader, self.expected, self.statement, self.signer = reader, expected, statement, signer
        self._headers: dict[str, Header] = {}

    def header(self, name: str) -> Header:
        if name not in self._headers:
            with self.reader.open(name) as src:
                self._headers[name] = refuse_unencrypted(src)
        return self._headers[name]


def _bounded(reader: Reader, name: str, limit: int) -> bytes:
    if name not in reader.names():
        raise StatementInvalid("missing-object", name)
    with reader.open(name) as src:
        raw = src.read(limit + 1)
    if len(raw) > limit:
        raise StatementInvalid("ill-formed", f"{name} is larger than {limit} bytes")
    return raw


def _signed_by(raw: bytes, reader: Reader) -> SignerInfo:
    try:
        return verify_detached(raw, _bounded(reader, SIGNATURE, MAX_SIZE))
    except SignatureInvalid as error:
        raise StatementInvalid("signature-broken", str(error)) from None


def check_1_tender(upload: _Upload) -> None:
    """The statement speaks of this tender, lot and stage."""
    context, expected = upload.statement.context, upload.expected
    _demand(context.tender_id == expected.tender_id, "wrong-tender", context.tender_id)
    _demand(context.lot == expected.lot, "wrong-lot", context.lot)
    _demand(context.stage == expected.stage, "wrong-stage", context.stage)


def check_2_notice(upload: _Upload) -> None:
    """It answers a notice that stands, and names that notice's own deadline."""
    context, notices = upload.statement.context, upload.expected.notices
    _demand(context.notice_sha256 in notices, "wrong-notice", context.notice_sha256)
    _demand(context.deadline == notices[context.notice_sha256], "wrong-deadline", str(context.deadline))


def check_3_bidder(upload: _Upload) -> None:
    """It names, and is signed by, the certificate of the bidder who uploads."""
    named, expected = upload.statement.context.bidder_cert_sha256, upload.expected.bidder_cert_sha256
    signed = fingerprint(upload.signer.certificate)
    _demand(named == signed == expected, "wrong-bidder-certificate", signed)


def check_4_round(upload: _Upload) -> None:
    """It is the bidder's next submission: an older one cannot be played back."""
    context, expected = upload.statement.context, upload.expected
    follows = (context.round, upload.statement.previous) == (expected.round, expected.previous)
    _demand(follows, "wrong-round", str(context.round))


def check_5_layers(upload: _Upload) -> None:
    """Its keys are sealed, it says, to the layer holders of the notice, in that order."""
    _demand(upload.statement.layers == upload.expected.layers, "layers-mismatch", "")


def check_6_shares(upload: _Upload) -> None:
    """It has a share for every member of the committee, with consent, where the tender has a fallback."""
    statement, committee = upload.statement, upload.expected.committee
    if committee is None:
        _demand(not statement.shares, "unexpected-object", "shares without a committee")
        return
    members = tuple(Member(one.member, one.recipient) for one in statement.shares)
    said = (statement.list_version, statement.threshold, members)
    _demand(said == (committee.list_version, committee.threshold, committee.members), "shares-missing", "")


def check_7_files(upload: _Upload) -> None:
    """Every file that it names is there, and no other."""
    named = {STATEMENT, SIGNATURE, *(one.name for one in upload.statement.parts())}
    there = set(upload.reader.names())
    _demand(named <= there, "missing-object", ", ".join(sorted(named - there)))
    _demand(there <= named, "unexpected-object", ", ".join(sorted(there - named)))


def check_8_sizes(upload: _Upload) -> None:
    """Every file has the size it says; a shorter one was cut."""
    for part in upload.statement.parts():
        found = upload.reader.size(part.name)
        _demand(found >= part.size, "truncated", f"{part.name}: {found} bytes of {part.size}")
        _demand(found == part.size, "size-mismatch", f"{part.name}: {found} bytes, not {part.size}")


def check_9_headers(upload: _Upload) -> None:
    """Every file is age v1 and whole; objects are padded to their steps."""
    for part in upload.statement.parts():
        size = _payload(upload.header(part.name), part)
        step = STEPS[part.object] if isinstance(part, SealedObject) else 1
        _demand(size > 0 and size % step == 0, "truncated", f"{part.name}: not padded to {step} bytes")


def check_10_stanzas(upload: _Upload) -> None:
    """Objects have the bind stanza and one X25519 stanza, keys and shares one X25519 stanza."""
    for part in upload.statement.parts():
        kinds = [stanza.kind for stanza in upload.header(part.name).stanzas]
        bound = isinstance(part, SealedObject)
        _demand(kinds == ([BIND, "X25519"] if bound else ["X25519"]), "stanza-not-allowed", part.name)
        _demand(bound or part.size <= MAX_KEY_FILE, "size-mismatch", f"{part.name} is too large")


def check_11_binding(upload: _Upload) -> None:
    """Every object is bound to this context: another bidder's ciphertext is bound to another's."""
    for part in upload.statement.objects:
        stanza = upload.statement.context.of(part.object).stanza()
        _demand(upload.header(part.name).stanzas[0] == stanza, "bind-mismatch", part.name)


def check_12_digests(upload: _Upload) -> None:
    """Every file has the SHA-256 it says."""
    for part in upload.statement.parts():
        _demand(upload.reader.sha256(part.name) == part.sha256, "hash-mismatch", part.name)


CHECKS: tuple[Callable[[_Upload], None], ...] = (
    check_1_tender,
    check_2_notice,
    check_3_bidder,
    check_4_round,
    check_5_layers,
    check_6_shares,
    check_7_files,
    check_8_sizes,
    check_9_headers,
    check_10_stanzas,
    check_11_binding,
    check_12_digests,
)


def _payload(header: Header, part: Part) -> int:
    try:
        return payload_size(header, part.size)
    except SealBroken as error:
        raise StatementInvalid("truncated", f"{part.name}: {error}") from None


def _weeds(upload: _Upload) -> tuple[str, ...]:
    recipients = [f"recipient:{one}" for one in upload.statement.recipients()]
    macs = [f"mac:{base64.encode(upload.header(one.name).mac)}" for one in upload.statement.parts()]
    digests = [f"sha256:{one.sha256}" for one in upload.statement.parts()]
    return (*recipients, *macs, *digests)


def _demand(holds: bool, code: str, detail: str) -> None:  # noqa: FBT001 -- reads as one sentence
    if not holds:
        raise StatementInvalid(code, detail)
