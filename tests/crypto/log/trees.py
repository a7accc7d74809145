"""Trees made by the definition alone, to hold the quick ones against."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from crypto.merkle import Frontier, Node


def leaf(number: int) -> bytes:
    return sha256(b"\x00" + number.to_bytes(4)).digest()


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])).digest()


class KeptNodes:
    """Every complete node of a tree, in memory."""

    def __init__(self, size: int) -> None:
        self.frontier = Frontier()
        self.kept: dict[Node, bytes] = {}
        for number in range(size):
            self.kept.update(self.frontier.append(leaf(number)))

    def nodes(self, wanted: Collection[Node]) -> Mapping[Node, bytes]:
        return {node: self.kept[node] for node in wanted}
