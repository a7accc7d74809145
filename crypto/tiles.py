"""Tiles (c2sp.org/tlog-tiles): the tree and its entries cut into pieces of 256 that never change."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crypto.errors import ProofInvalid
from crypto.merkle import HASH_SIZE, Node, node_hash

WIDTH = 256
HEIGHT = 8
MAX_LEVEL = 63
ENTRIES = "entries"
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class Tile:
    """*width* hashes at tile level *level*, from *index* times 256 on; level None is an entry bundle."""

    level: int | None
    index: int
    width: int = WIDTH

    def __str__(self) -> str:
        """The path below the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`."""
        level = ENTRIES if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_spelled(self.index)}{partial}"

    @property
    def places(self) -> range:
        """Which nodes it holds, counted along their level."""
        return range(self.index * WIDTH, self.index * WIDTH + self.width)

    @property
    def node_level(self) -> int:
        """The level in the binary tree of the nodes it holds: 0 for leaves and entries, 8, 16, …"""
        return HEIGHT * (self.level or 0)


def parse_tile(path: str) -> Tile:
    """Read a tile's path; ValueError where it is none. A width of 256 has no suffix."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError("not the path of a tile")
    level = None if found["level"] == ENTRIES else int(found["level"])
    tile = Tile(level, int(re.sub("[x/]", "", found["index"])), int(found["width"] or WIDTH))
    if str(tile) != path or tile.width > WIDTH or (level or 0) > MAX_LEVEL:
        raise ValueError("not the path of a tile")
    return tile


def tiles_of(size: int) -> list[Tile]:
    """Every tile of a log of *size* leaves, entry bundles first, partial ones as they stand at that size."""
    bundles = list(_row(None, size))
    levels: list[Tile] = []
    for level in range(MAX_LEVEL + 1):
        if not (width := size >> HEIGHT * level):
            break
        levels += _row(level, width)
    return bundles + levels


def tile_holds(tile: Tile, size: int) -> bool:
    """Whether a log of *size* leaves has all that the tile would hold."""
    return tile.places.stop <= size >> tile.node_level


def hash_tile(hashes: Sequence[bytes]) -> bytes:
    """The tile's bytes: its hashes one after the other."""
    return b"".join(hashes)


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """The bundle's bytes: each entry after its length as a big-endian uint16."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def split_tile(raw: bytes) -> list[bytes]:
    """The hashes of a tile; ProofInvalid where the bytes are none."""
    if len(raw) % HASH_SIZE or not 0 < len(raw) <= WIDTH * HASH_SIZE:
        raise ProofInvalid("not a tile")
    return [raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)]


def split_bundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle; ProofInvalid where the bytes are none."""
    entries, at = [], 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 2])
        entries.append(raw[at + 2 : at + 2 + size])
        if at + 2 > len(raw) or len(entries[-1]) != size:
            raise ProofInvalid("the bundle is cut short")
        at += 2 + size
    if not 0 < len(entries) <= WIDTH:
        raise ProofInvalid("not a bundle")
    return entries


class TileNodes:
    """Complete nodes out of tiles: whoever holds the published files can make any proof.

    *hashes* answers the hashes of a tile, given its level and index (partial ones included);
    LookupError where there is none. Nothing is trusted: a proof made from false tiles does not verify.
    """

    def __init__(self, hashes: Mapping[tuple[int, int], Sequence[bytes]]) -> None:
        self._hashes = hashes

    def nodes(self, wanted: Collection[Node]) -> Mapping[Node, bytes]:
        return {node: self._node(node) for node in wanted}

    def _node(self, node: Node) -> bytes:
        level, above = divmod(node.level, HEIGHT)
        start = node.offset << above
        tile, first = divmod(start, WIDTH)
        row = list(self._hashes[level, tile][first : first + (1 << above)])
        if len(row) < 1 << above:
            raise LookupError(f"tile {level}/{tile} does not reach {node}")
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]


def _row(level: int | None, width: int) -> Iterable[Tile]:
    full, partial = divmod(width, WIDTH)
    for index in range(full):
        yield Tile(level, index)
    if partial:
        yield Tile(level, full, partial)


def _spelled(index: int) -> str:
    """1234067 as `x001/x234/067`."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))
