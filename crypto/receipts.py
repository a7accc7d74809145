"""Receipts: what a bidder holds after an act. A proof in the log, or a promise until there is one."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol, TypeAlias

from crypto.checkpoints import Checkpoint
from crypto.commitments import BLIND_SIZE
from crypto.errors import NoteInvalid, ProofInvalid
from crypto.notes import Note, NoteSigner, open_note, parse_note
from crypto.proofs import (
    HEADER,
    LogProof,
    VerifiedLeaf,
    commitment_of,
    entry_of,
    parse_proof,
    verify_proof,
)
from crypto.trust import Trust
from crypto.vkeys import VerifierKey, decode

RECEIPT = "qifeng-receipt/1"
PROMISE = "qifeng-promise/1"
# The first line of a promise: no checkpoint begins so, and none has four lines.
PROMISE_LINE = "qifeng.example/promise/v1"
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Sealed(Protocol):
    """An entry as the ledger keeps it: its canonical text and the 16-byte blind of its commitment."""

    @property
    def text(self) -> str: ...
    @property
    def blind(self) -> bytes: ...


@dataclass(frozen=True)
class Receipt:
    """A proof with its checkpoint and cosignatures; *token* is an RFC 3161 token (DER) over it."""

    proof: LogProof
    token: bytes | None = None

    def dumps(self) -> str:
        """As JSON; without a token the bare proof (`str(receipt.proof)`) says as much."""
        token = b64encode(self.token).decode() if self.token else None
        return _dumps({"v": RECEIPT, "proof": str(self.proof), "token": token})


@dataclass(frozen=True)
class Promise:
    """The platform's signed word that an entry will be in the log; *extra* is its blind and text."""

    note: Note
    extra: bytes

    def dumps(self) -> str:
        """As JSON."""
        return _dumps({"v": PROMISE, "note": str(self.note), "extra": b64encode(self.extra).decode()})


@dataclass(frozen=True)
class VerifiedReceipt:
    """What a receipt proves.

    `leaf` is empty for a promise, which proves only what the platform said and when (`promised_at`).
    `stamped_at` is the latest instant at which, by the time stamp, the checkpoint existed.
    """

    entry: Mapping[str, Any]
    text: str
    commitment: bytes
    leaf: VerifiedLeaf | None = None
    promised_at: datetime | None = None
    stamped_at: datetime | None = None


Kept: TypeAlias = Receipt | Promise


def promise(entry: Sealed, *, signer: NoteSigner, at: datetime) -> Promise:
    """Promise in the log's name that *entry*, durably recorded by *at*, will be in the log.

    Given when the sequencer is down; the proof replaces it (`replaces`).
    """
    extra = entry.blind + entry.text.encode()
    lines = [PROMISE_LINE, signer.name, b64encode(commitment_of(extra)).decode(), _spelled(at), ""]
    return Promise(signer.sign("\n".join(lines)), extra)


def stamp_digest(checkpoint: Checkpoint) -> bytes:
    """What a time stamp over a checkpoint stamps: SHA-256 of its text, which no cosignature changes."""
    return sha256(checkpoint.text.encode()).digest()


def parse_receipt(raw: str) -> Kept:
    """Read a `.tlog-proof` text, or the JSON of a receipt or a promise. Nothing is verified.

    ProofInvalid or NoteInvalid where it is none of these.
    """
    if raw.startswith(HEADER):
        return Receipt(parse_proof(raw))
    fields = _object(raw)
    try:
        if fields.get("v") == RECEIPT:
            token = fields["token"]
            return Receipt(parse_proof(fields["proof"]), None if token is None else decode(token))
        if fields.get("v") == PROMISE:
            return Promise(parse_note(fields["note"]), decode(fields["extra"]))
    except (KeyError, TypeError, AttributeError):
        raise ProofInvalid("a receipt with missing parts") from None
    raise ProofInvalid("neither a receipt nor a promise")


def verify_receipt(raw: str | Kept, trust: Trust) -> VerifiedReceipt:
    """What the receipt proves to someone who trusts *trust*, offline.

    Raises NoteInvalid (log key, witnesses), ProofInvalid (path, shape), NotCanonical (entry) or
    TimestampInvalid (a token that is there must be good).
    """
    kept = parse_receipt(raw) if isinstance(raw, str) else raw
    return _verify_promise(kept, trust) if isinstance(kept, Promise) else _verify_proof(kept, trust)


def replaces(receipt: VerifiedReceipt, promised: VerifiedReceipt) -> None:
    """*receipt* proves in the log what *promised* promised, or ProofInvalid."""
    if receipt.leaf is None:
        raise ProofInvalid("a promise does not replace a promise")
    if receipt.commitment != promised.commitment:
        raise ProofInvalid("the proof is of another entry than was promised")


def _verify_proof(receipt: Receipt, trust: Trust) -> VerifiedReceipt:
    leaf = verify_proof(receipt.proof, trust.policy)
    stamped = None if receipt.token is None else _stamped(receipt.token, leaf.checkpoint, trust)
    return VerifiedReceipt(leaf.entry, leaf.text, leaf.commitment, leaf=leaf, stamped_at=stamped)


def _verify_promise(kept: Promise, trust: Trust) -> VerifiedReceipt:
    log = VerifierKey.parse(trust.log_vkey)
    note, _ = open_note(kept.note, [log])
    kind, origin, sealed, at = [*note.text.split("\n"), "", "", ""][:4]
    if (kind, origin, note.text.count("\n")) != (PROMISE_LINE, log.name, 4):
        raise NoteInvalid("not a promise of this log")
    if decode(sealed) != commitment_of(kept.extra):
        raise ProofInvalid("the promise is of another entry")
    text = kept.extra[BLIND_SIZE:]
    return VerifiedReceipt(entry_of(text), text.decode(), decode(sealed), promised_at=_instant(at))


def _stamped(token: bytes, checkpoint: Checkpoint, trust: Trust) -> datetime:
    from crypto.timestamps import verify_token

    stamped = verify_token(token, stamp_digest(checkpoint), trust=trust.tsa_store, chain=trust.tsa_chain)
    return stamped.latest


def _spelled(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_INSTANT)


def _instant(text: str) -> datetime:
    try:
        at = datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        raise NoteInvalid("not an instant") from None
    return at


def _object(raw: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise ProofInvalid("neither a proof nor JSON") from None
    if not isinstance(value, dict):
        raise ProofInvalid("neither a receipt nor a promise")
    return value


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
