"""Sealing a bid for a tender: what to seal to is asked of the platform, everything else happens here."""

import os
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex
from typing import Any

from crypto.certificates.credential import Credential, fingerprint
from crypto.envelope import Client as Program
from crypto.envelope import (
    Committee,
    Context,
    Expected,
    Folder,
    Member,
    Sealed,
    SealJob,
    accept,
    seal,
)
from crypto.envelope.seal import Progress
from crypto.errors import CryptoError, KeyFileBroken, SourceUnsealable
from crypto.keys import BidderKey, read_key_file, write_key_file
from web.client.calls import Client
from web.client.sheets import check_sheet

CONSENT = (
    "本投标人同意：在其未能自行解密时，由招标公告载明的密钥委员会按公告规则恢复其密钥层并解密其投标文件。"
)
KEY_SUFFIX = ".qfkey"
_UNFINISHED = ".sealing"


@dataclass(frozen=True)
class Order:
    """What the bidder wants sealed, with what, and where the folder and the key file shall be.

    `sheet` must pass `check_sheet`; `docs` are files by their name in the bid.
    """

    sheet: Mapping[str, Any]
    docs: Mapping[str, Path]
    folder: Path
    passphrase: str
    key_file: Path | None = None
    work_factor: int | None = None

    @property
    def key_path(self) -> Path:
        """Where the key file goes: beside the folder, never in it."""
        return self.key_file or self.folder.with_name(self.folder.name + KEY_SUFFIX)


async def sealing_facts(client: Client, tender_id: str) -> dict[str, Any]:
    """What the bidder's next round in the tender must be sealed to. Raises Refused."""
    facts: dict[str, Any] = await client.get(f"/api/tenders/{tender_id}/sealing")
    return facts


def seal_bid(
    facts: Mapping[str, Any], order: Order, *, signer: Credential, on_progress: Progress | None = None
) -> Sealed:
    """Seal the bid: a folder ready to submit, and a key file that was proved to be its key.

    The key file is durable before the folder appears, and the folder appears whole: whatever kills this
    leaves either a sealed bid with its key or nothing, and a second run starts over with fresh keys.
    Raises FileExistsError, SheetDefective, SourceUnsealable, KeyFileBroken, StatementInvalid.
    """
    sheet = check_sheet(order.sheet, facts["sheet"])
    part = order.folder.with_name(order.folder.name + _UNFINISHED)
    _refuse_existing(order, part)
    shutil.rmtree(part, ignore_errors=True)
    job = _job(facts, order, sheet, signer)
    made = seal(job, part, signer=signer, on_progress=on_progress)
    try:
        _keep_key(order, made)
        prove_openable(order.key_path, order.passphrase, part, facts, signer)
    except CryptoError:
        order.key_path.unlink(missing_ok=True)
        shutil.rmtree(part)
        raise
    part.rename(order.folder)
    _sync(order.folder.parent)
    return Sealed(order.folder, made.statement, made.statement_sha256, made.bidder_identity)


def documents(paths: Iterable[Path]) -> dict[str, Path]:
    """Files by the names they get in the bid: a file's own name, and for a folder the paths below it.

    Names are put into NFC. Raises SourceUnsealable where two would be the same, or nothing is there.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for name, file in _named(path):
            if name in found:
                raise SourceUnsealable(f"two files would be named {name!r}: {found[name]} and {file}")
            found[name] = file
    if not found:
        raise SourceUnsealable("there is no file to seal")
    return found


def prove_openable(
    key_file: Path, passphrase: str, folder: Path, facts: Mapping[str, Any], signer: Credential
) -> None:
    """Read the key file back, and judge the folder as the platform will.

    Raises KeyFileBroken where it is not this folder's key, StatementInvalid where the bid would be refused.
    """
    key = read_key_file(key_file, passphrase)
    accepted = accept(Folder(folder), _expected(facts, signer))
    pinned = {one.object: one.recipient for one in accepted.statement.objects}
    same = (key.statement_sha256, key.recipient, dict(key.recipients))
    if same != (accepted.statement_sha256, accepted.statement.bidder_recipient, pinned):
        raise KeyFileBroken("the key file is not the key of this bid")


@cache
def program() -> Program:
    """This program, as the statement names it: its version, and a digest of the code that seals."""
    import crypto.age
    import crypto.envelope

    digest = sha256()
    for package in (crypto.age, crypto.envelope):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(path.read_bytes())
    try:
        number = version("qifeng")
    except PackageNotFoundError:  # run from a checkout
        number = "0"
    return Program("qifeng-cli", number, digest.hexdigest())


def _job(facts: Mapping[str, Any], order: Order, sheet: Mapping[str, Any], signer: Credential) -> SealJob:
    committee = _committee(facts)
    return SealJob(
        context=Context(
            tender_id=facts["tender_id"], notice_sha256=facts["notice_sha256"], lot=facts["lot"],
            stage=facts["stage"], object="statement",
            bidder_cert_sha256=fingerprint(signer.certificate), deadline=_deadline(facts),
            round=facts["round"], nonce16=token_hex(16),
        ),
        docs=order.docs, sheet=sheet, layers=tuple(facts["layers"]), client=program(),
        committee=committee, consent=CONSENT if committee else None, previous=facts["previous"],
    )  # fmt: skip


def _expected(facts: Mapping[str, Any], signer: Credential) -> Expected:
    return Expected(
        tender_id=facts["tender_id"], lot=facts["lot"], stage=facts["stage"],
        notices={facts["notice_sha256"]: _deadline(facts)}, layers=tuple(facts["layers"]),
        bidder_cert_sha256=fingerprint(signer.certificate), committee=_committee(facts),
        round=facts["round"], previous=facts["previous"],
    )  # fmt: skip


def _deadline(facts: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["deadline"]).astimezone(UTC)


def _committee(facts: Mapping[str, Any]) -> Committee | None:
    named = facts["committee"]
    if named is None:
        return None
    members = tuple(Member(one["member"], one["recipient"]) for one in named["members"])
    return Committee(named["list_version"], named["threshold"], members)


def _keep_key(order: Order, made: Sealed) -> None:
    statement = made.statement
    key = BidderKey(
        tender_id=statement.context.tender_id,
        lot=statement.context.lot,
        statement_sha256=made.statement_sha256,
        identity=made.bidder_identity,
        recipients={one.object: one.recipient for one in statement.objects},
    )
    more = {} if order.work_factor is None else {"work_factor": order.work_factor}
    write_key_file(order.key_path, key, order.passphrase, **more)


def _refuse_existing(order: Order, part: Path) -> None:
    if order.folder.exists():
        raise FileExistsError(order.folder)
    if order.key_path.exists():
        if not part.exists():
            raise FileExistsError(order.key_path)
        # A run was killed between the key and the folder: that bid never appeared, so its key is of no use.
        order.key_path.unlink()


def _named(path: Path) -> Iterable[tuple[str, Path]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield _spelled(file.relative_to(path).as_posix()), file
    elif path.is_file():
        yield _spelled(path.name), path
    else:
        raise SourceUnsealable(f"no such file: {path}")


def _spelled(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
