"""What dishonest bidders do to a sealed folder; nothing of it needs more than their own machine."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crypto.age import encrypt, generate_identity
from crypto.age.keys import scalar_of
from crypto.certificates import Credential
from crypto.certificates.credential import fingerprint
from crypto.cms import sign_detached
from crypto.envelope.fallback import Share
from crypto.envelope.statement import SIGNATURE, STATEMENT, SharePart, Statement
from crypto.shares import split


def copy_of(folder: Path, dest: Path, thief: Credential) -> Path:
    """Another bidder's ciphertext under the thief's own statement, properly signed."""
    shutil.copytree(folder, dest, ignore=shutil.ignore_patterns("upload.json*"))
    statement = Statement.read((folder / STATEMENT).read_bytes())
    context = replace(statement.context, bidder_cert_sha256=fingerprint(thief.certificate))
    _sign(dest, replace(statement, context=context), thief)
    return dest


def spoil_shares(folder: Path, own: Credential) -> None:
    """Deal the committee shares that name the right key and lead to another: no fallback will open the bid.

    Nobody can tell before the shares are put together.
    """
    statement = Statement.read((folder / STATEMENT).read_bytes())
    shares = tuple(_misleading(folder, statement))
    _sign(folder, replace(statement, shares=shares), own)


def _misleading(folder: Path, statement: Statement) -> Iterator[SharePart]:
    other, context = scalar_of(generate_identity()), statement.context
    dealt = split(other, n=len(statement.shares), m=statement.threshold or 2)
    for part, secret in zip(statement.shares, dealt, strict=True):
        share = Share(context.tender_id, context.lot, statement.bidder_recipient, part.member, secret)
        raw = encrypt(share.raw(), recipients=[part.recipient])
        (folder / part.name).write_bytes(raw)
        yield replace(part, size=len(raw), sha256=hashlib.sha256(raw).hexdigest())


def _sign(folder: Path, statement: Statement, signer: Credential) -> None:
    raw = statement.raw()
    (folder / STATEMENT).write_bytes(raw)
    (folder / SIGNATURE).write_bytes(sign_detached(raw, signer.certificate, signer.key, signer.chain))
