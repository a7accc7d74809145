"""Proofs that stand alone (c2sp.org/tlog-proof): one entry, its path to a checkpoint, who attested that."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.checkpoints import Checkpoint, parse_checkpoint, parse_number
from crypto.commitments import BLIND_SIZE, commitment
from crypto.errors import NotCanonical, ProofInvalid
from crypto.jcs import parse
from crypto.merkle import leaf_hash, verify_inclusion
from crypto.notes import Note, parse_note
from crypto.policy import Policy
from crypto.vkeys import decode

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_PATH = 63


@dataclass(frozen=True)
class LogProof:
    """The parts of a `.tlog-proof` file; `extra` is the blind (16 bytes) followed by the entry's JCS."""

    extra: bytes
    index: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = [HEADER, f"extra {_b64(self.extra)}", f"index {self.index}", *map(_b64, self.path), ""]
        return "\n".join(lines) + f"\n{self.note}"

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says of the log, not yet verified."""
        return parse_checkpoint(self.note.text)


@dataclass(frozen=True)
class VerifiedLeaf:
    """An entry that is in the log: its values, where it stands, and who attested the log when."""

    entry: Mapping[str, Any]
    text: str
    commitment: bytes
    index: int
    checkpoint: Checkpoint
    cosigned: Mapping[str, datetime]


def parse_proof(text: str) -> LogProof:
    """Take a proof apart; ProofInvalid or NoteInvalid where it is none. Nothing is verified."""
    head, gap, note = text.partition("\n\n")
    header, extra, index, *path = head.split("\n") if head.count("\n") > 1 else ("", "", "")
    if not gap or header != HEADER or not extra.startswith("extra ") or not index.startswith("index "):
        raise ProofInvalid("not a log proof")
    if len(path) > MAX_PATH:
        raise ProofInvalid("too long a path")
    return LogProof(
        extra=decode(extra.removeprefix("extra ")),
        index=parse_number(index.removeprefix("index ")),
        path=tuple(map(decode, path)),
        note=parse_note(note),
    )


def verify_proof(proof: str | LogProof, policy: Policy) -> VerifiedLeaf:
    """What the proof proves under *policy*, with nothing but these two at hand.

    Raises NoteInvalid (log key or witnesses), ProofInvalid (path) or NotCanonical (the entry's text).
    """
    parts = parse_proof(proof) if isinstance(proof, str) else proof
    attested = policy.judge(parts.note)
    sealed = commitment_of(parts.extra)
    head = attested.checkpoint
    verify_inclusion(
        index=parts.index, size=head.size, leaf=leaf_hash(sealed), path=parts.path, root=head.root
    )
    text = parts.extra[BLIND_SIZE:]
    return VerifiedLeaf(entry_of(text), text.decode(), sealed, parts.index, head, attested.cosigned)


def commitment_of(extra: bytes) -> bytes:
    """The commitment that the blind and text in *extra* make, 32 bytes."""
    if len(extra) <= BLIND_SIZE:
        raise ProofInvalid("the proof carries no entry")
    return commitment(extra[:BLIND_SIZE], extra[BLIND_SIZE:])


def entry_of(text: bytes) -> Mapping[str, Any]:
    """The entry that *text* spells; NotCanonical where it is not a JCS object."""
    entry = parse(text)
    if not isinstance(entry, dict):
        raise NotCanonical("an entry is an object")
    return entry


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()
