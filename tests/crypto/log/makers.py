"""Keys and notes to test with; every key follows from its name, so that a failure repeats itself."""

from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import merkle
from crypto.checkpoints import Checkpoint
from crypto.commitments import commitment
from crypto.cosign import Cosigner
from crypto.jcs import canonical
from crypto.merkle import Frontier
from crypto.notes import NoteSigner
from crypto.proofs import LogProof
from tests.crypto.log.trees import KeptNodes

ORIGIN = "log.example/qifeng"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ENTRY = {"kind": "bid.received", "stream": "tender/T-1", "seq": 3}
BLIND = bytes(range(16))


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def log_signer(name: str = ORIGIN) -> NoteSigner:
    return NoteSigner(name, key(name))


def cosigner(name: str = "witness.example/supervisor") -> Cosigner:
    return Cosigner(name, key(name))


def proof_in(size: int, index: int, *, entry: object = ENTRY) -> LogProof:
    """A proof of one entry at *index* among otherwise fixed leaves."""
    text = canonical(entry)
    tree = KeptNodes(0)
    for number in range(size):
        sealed = commitment(BLIND, text) if number == index else number.to_bytes(32)
        tree.kept.update(tree.frontier.append(merkle.leaf_hash(sealed)))
    note = log_signer().sign(Checkpoint(ORIGIN, size, tree.frontier.root()).text)
    return LogProof(BLIND + text, index, tuple(merkle.inclusion_path(index, size, tree)), note)


def head_of(frontier: Frontier, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, frontier.size, frontier.root())
