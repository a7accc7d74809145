"""A ledger and its log in memory, with the platform's real keys: what a dishonest platform could also do."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import merkle
from crypto.checkpoints import Checkpoint
from crypto.commitments import commitment
from crypto.cosign import Cosigner
from crypto.ledger.leaves import entry_text
from crypto.merkle import Frontier, Node, leaf_hash
from crypto.notes import Note, NoteSigner
from crypto.proofs import LogProof
from crypto.tiles import WIDTH, entry_bundle, hash_tile, tiles_of
from crypto.verify.entries import write_line

ORIGIN = "log.example/qifeng"


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


SIGNER = NoteSigner(ORIGIN, key(ORIGIN))
WITNESSES = tuple(Cosigner(name, key(name)) for name in ("witness.example/one", "witness.example/two"))


@dataclass
class Recorded:
    """One entry as the ledger keeps it."""

    stream: str
    seq: int
    kind: str
    text: str
    blind: bytes
    body: dict
    at: datetime
    index: int = -1

    @property
    def commitment(self) -> bytes:
        return commitment(self.blind, self.text)

    def line(self, *, is_open: bool) -> bytes:
        opened = (self.text, self.blind) if is_open else None
        return write_line(seq=self.seq, index=self.index, sealed=self.commitment, opened=opened)


@dataclass
class Ledger:
    """Streams, one log, its checkpoints; everything random follows from *seed*."""

    seed: int = 1
    streams: dict = field(default_factory=dict)
    leaves: list = field(default_factory=list)
    notes: dict = field(default_factory=dict)

    def __post_init__(self):
        self.random = random.Random(self.seed)
        self._waiting = []

    def record(self, act, *, at: datetime, by: str = "platform") -> Recorded:
        return self.write(act.stream, act.kind, act.body(), at=at, by=by)

    def write(self, stream: str, kind: str, body: dict, *, at: datetime, by: str = "platform") -> Recorded:
        before = self.streams.setdefault(stream, [])
        prev, seq = before[-1].commitment if before else bytes(32), len(before) + 1
        text = entry_text(stream=stream, seq=seq, kind=kind, at=at, by=by, prev=prev, body=body)
        entry = Recorded(stream, seq, kind, text, self.random.randbytes(16), body, at)
        before.append(entry)
        self._waiting.append(entry)
        return entry

    def integrate(self, at: datetime, *, witnesses=WITNESSES) -> Note:
        """Take in what waits, among covers; the new checkpoint, cosigned."""
        for entry in self._waiting:
            self._covers(self.random.randrange(2))
            entry.index = len(self.leaves)
            self.leaves.append(entry.commitment)
        self._waiting = []
        self._covers(-len(self.leaves) % 8 or 8)
        head = self.head()
        note = SIGNER.sign(head.text)
        note = note.signed_also(*(one.cosign(head.text, at=at) for one in witnesses))
        self.notes[head.size] = note
        return note

    def _covers(self, count: int) -> None:
        self.leaves += [self.random.randbytes(32) for _ in range(count)]

    def tree(self, size=None) -> Frontier:
        tree = Frontier()
        for one in self.leaves[:size]:
            tree.append(leaf_hash(one))
        return tree

    def head(self, size=None) -> Checkpoint:
        tree = self.tree(size)
        return Checkpoint(ORIGIN, tree.size, tree.root())

    def nodes(self) -> dict[Node, bytes]:
        tree, found = Frontier(), {}
        for one in self.leaves:
            found.update(tree.append(leaf_hash(one)))
        return found

    def proof(self, entry: Recorded, size: int) -> LogProof:
        spans = merkle.inclusion_spans(entry.index, size)
        path = merkle.assemble(spans, self.nodes())
        return LogProof(entry.blind + entry.text.encode(), entry.index, tuple(path), self.notes[size])

    def publish(self, root) -> None:
        """The log's files."""
        nodes = self.nodes()
        for tile in tiles_of(len(self.leaves)):
            path = root / "log" / str(tile)
            path.parent.mkdir(parents=True, exist_ok=True)
            if tile.level is None:
                start = tile.index * WIDTH
                path.write_bytes(entry_bundle(self.leaves[start : start + tile.width]))
            else:
                path.write_bytes(hash_tile([nodes[Node(tile.node_level, one)] for one in tile.places]))
        (root / "log/checkpoints").mkdir()
        for size, note in self.notes.items():
            (root / f"log/checkpoints/{size}").write_text(str(note))
        (root / "log/checkpoint").write_text(str(self.notes[max(self.notes)]))
