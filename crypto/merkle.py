"""The Merkle tree of RFC 6962 §2.1: hashes, the growing edge of the tree, and both kinds of proof.

A complete subtree is a `Node` (level, offset): it covers the leaves `offset << level` up to, but not
including, `(offset + 1) << level`. Every hash that a proof needs is either such a node or is folded
from a few of them, so that whoever keeps the complete nodes (rows, tiles, memory) can prove anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

from crypto.errors import ProofInvalid

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


class Node(NamedTuple):
    """One complete subtree of `2 ** level` leaves."""

    level: int
    offset: int

    @property
    def place(self) -> int:
        """Its number among all nodes, read in order from left to right: leaves are 0, 2, 4, …"""
        return self.offset << self.level + 1 | (1 << self.level) - 1


class Span(NamedTuple):
    """The leaves `start <= i < end`; `start` is a multiple of the largest power of two that fits."""

    start: int
    end: int


class NodeSource(Protocol):
    """Whoever keeps complete nodes and can hand over several at once."""

    def nodes(self, wanted: Collection[Node]) -> Mapping[Node, bytes]: ...


def leaf_hash(entry: bytes) -> bytes:
    """MTH of one entry: SHA-256(0x00 || entry), 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two subtrees: SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes; of none, SHA-256 of nothing."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


class Frontier:
    """The right edge of a tree: the complete subtrees that make it up, largest first."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        if len(edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} edge nodes, not {len(edge)}")
        self.size = size
        self.edge = list(edge)

    def append(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Add one leaf hash; the nodes it completed, the leaf itself first (O(1) amortised)."""
        index, level = self.size, 0
        completed = [(Node(0, index), leaf)]
        while index & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            index, level = index >> 1, level + 1
            completed.append((Node(level, index), leaf))
        self.edge.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return _fold(self.edge) if self.edge else EMPTY_ROOT


def edge_of(size: int) -> list[Node]:
    """The complete nodes that make up a tree of *size* leaves, largest first."""
    return nodes_of(Span(0, size))


def nodes_of(span: Span) -> list[Node]:
    """The complete nodes that make up *span*, from left to right."""
    nodes, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """RFC 6962 §2.1.1: what PATH(index, D[size]) consists of, the leaf's sibling first.

    Raises ProofInvalid where the leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise ProofInvalid(f"no leaf {index} in a tree of {size}")
    spans, here = [], Span(0, size)
    while here.end - here.start > 1:
        left, right = _halves(here)
        here, sibling = (left, right) if index < left.end else (right, left)
        spans.append(sibling)
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """RFC 6962 §2.1.2: what PROOF(old, D[new]) consists of; nothing where old is new or empty.

    Raises ProofInvalid where old is larger than new.
    """
    if not 0 <= old <= new:
        raise ProofInvalid(f"a tree of {new} cannot continue one of {old}")
    if old in {0, new}:
        return []
    spans, here, whole = [], Span(0, new), True
    while old != here.end:
        left, right = _halves(here)
        descend_right = old > left.end
        here, sibling = (right, left) if descend_right else (left, right)
        whole = whole and not descend_right
        spans.append(sibling)
    if not whole:  # otherwise the verifier has this hash already: it is the old root
        spans.append(here)
    return spans[::-1]


def needed(spans: Iterable[Span]) -> list[Node]:
    """Every complete node that these spans are folded from."""
    return [node for span in spans for node in nodes_of(span)]


def assemble(spans: Iterable[Span], hashes: Mapping[Node, bytes]) -> list[bytes]:
    """The proof: one hash per span, folded from complete nodes; KeyError where one is missing."""
    return [_fold([hashes[node] for node in nodes_of(span)]) for span in spans]


def inclusion_path(index: int, size: int, source: NodeSource) -> list[bytes]:
    """The audit path of leaf *index* in the tree of *size* leaves (RFC 6962 §2.1.1)."""
    spans = inclusion_spans(index, size)
    return assemble(spans, source.nodes(needed(spans)))


def consistency_path(old: int, new: int, source: NodeSource) -> list[bytes]:
    """The proof that the tree of *new* leaves continues the one of *old* (RFC 6962 §2.1.2)."""
    spans = consistency_spans(old, new)
    return assemble(spans, source.nodes(needed(spans)))


def verify_inclusion(*, index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 §2.1.3.2: *leaf* is the leaf hash at *index* under *root*, or ProofInvalid."""
    if not 0 <= index < size:
        raise ProofInvalid(f"no leaf {index} in a tree of {size}")
    _refuse_odd_hashes([leaf, root, *path])
    inner = (index ^ (size - 1)).bit_length()
    if len(path) != inner + (index >> inner).bit_count():
        raise ProofInvalid(f"a path of {len(path)} hashes does not fit leaf {index} of {size}")
    found = _climb(leaf, path[:inner], index)
    for left in path[inner:]:
        found = node_hash(left, found)
    if found != root:
        raise ProofInvalid("the path leads to another root")


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """RFC 9162 §2.1.4.2: the tree under *new_root* continues the one under *old_root*, or ProofInvalid.

    Every tree continues the empty one: the proof is empty and the old root is that of no leaves.
    """
    if not 0 <= old <= new:
        raise ProofInvalid(f"a tree of {new} cannot continue one of {old}")
    _refuse_odd_hashes([old_root, new_root, *path])
    if old in {0, new}:
        _same_tree(old, new, old_root, new_root, path)
    else:
        _grown_tree(old, new, old_root, new_root, path)


def _same_tree(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise ProofInvalid("nothing is to be proved, yet there is a proof")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofInvalid("not the root of the empty tree")
    if old == new and old_root != new_root:
        raise ProofInvalid("two roots for one size")


def _grown_tree(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Both roots are folded from one path: the old one leaves out what came after it."""
    shift = (old & -old).bit_length() - 1
    start = list(path) if old != 1 << shift else [old_root, *path]
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    index = (old - 1) >> shift
    if len(start) != 1 + inner + (index >> inner).bit_count():
        raise ProofInvalid(f"a proof of {len(path)} hashes does not lead from {old} to {new}")
    seed, sides, borders = start[0], start[1 : 1 + inner], start[1 + inner :]
    before = _fold_left(_climb_left(seed, sides, index), borders)
    after = _fold_left(_climb(seed, sides, index), borders)
    if before != old_root:
        raise ProofInvalid("the proof does not lead to the old root")
    if after != new_root:
        raise ProofInvalid("the proof does not lead to the new root")


def _climb(seed: bytes, path: Sequence[bytes], index: int) -> bytes:
    """Hash up from *seed*, on the side that each bit of *index* says."""
    for height, sibling in enumerate(path):
        seed = node_hash(sibling, seed) if index >> height & 1 else node_hash(seed, sibling)
    return seed


def _climb_left(seed: bytes, path: Sequence[bytes], index: int) -> bytes:
    """As `_climb`, but without the right siblings, which the old tree did not have."""
    for height, sibling in enumerate(path):
        if index >> height & 1:
            seed = node_hash(sibling, seed)
    return seed


def _fold_left(seed: bytes, borders: Iterable[bytes]) -> bytes:
    for left in borders:
        seed = node_hash(left, seed)
    return seed


def _fold(parts: Sequence[bytes]) -> bytes:
    """The root above complete subtrees that grow smaller from left to right."""
    *others, root = parts
    return _fold_left(root, reversed(others))


def _halves(span: Span) -> tuple[Span, Span]:
    """RFC 6962 §2.1: split at the largest power of two below the number of leaves."""
    middle = span.start + (1 << (span.end - span.start - 1).bit_length() - 1)
    return Span(span.start, middle), Span(middle, span.end)


def _refuse_odd_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofInvalid("a hash is 32 bytes")
