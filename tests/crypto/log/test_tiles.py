import pytest

from crypto import merkle
from crypto.errors import ProofInvalid
from crypto.merkle import leaf_hash
from crypto.tiles import (
    Tile,
    TileNodes,
    entry_bundle,
    hash_tile,
    parse_tile,
    split_bundle,
    split_tile,
    tile_holds,
    tiles_of,
)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(2, 999, 17), "tile/2/999.p/17"),
        (Tile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
        (Tile(63, 0, 1), "tile/63/000.p/1"),
    ],
)
def test_a_path_is_spelled_as_the_specification_has_it(tile, path):
    assert (str(tile), parse_tile(path)) == (path, tile)


@pytest.mark.parametrize(
    "path",
    ["", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
     "tile/0/x000/001", "tile/0/001/002", "tile/data/000", "tile/0/000/", "/tile/0/000", "tile/0/000.p/300"],
)  # fmt: skip
def test_other_spellings_are_no_tiles(path):
    with pytest.raises(ValueError, match="not the path"):
        parse_tile(path)


def test_the_tiles_of_seventy_thousand_leaves_are_those_of_the_specification():
    spelled = [(t.level, t.width) for t in tiles_of(70_000)]
    hashes = [one for one in spelled if one[0] is not None]
    assert hashes == [(0, 256)] * 273 + [(0, 112), (1, 256), (1, 17), (2, 1)]
    assert [one for one in spelled if one[0] is None] == [(None, 256)] * 273 + [(None, 112)]


def test_a_full_row_is_hashed_into_the_level_above():
    assert list(map(str, tiles_of(256))) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(map(str, tiles_of(255))) == ["tile/entries/000.p/255", "tile/0/000.p/255"]
    assert tiles_of(0) == []


def test_a_tile_is_there_once_all_its_subtrees_are_complete():
    assert tile_holds(Tile(1, 0, 1), 256)
    assert not tile_holds(Tile(1, 0, 1), 255)
    assert not tile_holds(Tile(0, 0), 255)


def test_bundles_and_tiles_are_taken_apart_as_they_were_made():
    entries = [b"", b"a", bytes(65535)]
    assert split_bundle(entry_bundle(entries)) == entries
    hashes = [bytes([n]) * 32 for n in range(256)]
    assert split_tile(hash_tile(hashes)) == hashes


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\x00\x00" * 257])
def test_a_broken_bundle_is_refused(raw):
    with pytest.raises(ProofInvalid):
        split_bundle(raw)


@pytest.mark.parametrize("size", [0, 31, 33, 257 * 32])
def test_a_broken_tile_is_refused(size):
    with pytest.raises(ProofInvalid):
        split_tile(bytes(size))


def test_proofs_can_be_made_from_tiles_alone():
    size = 256 * 3 + 5
    leaves = [leaf_hash(n.to_bytes(4)) for n in range(size)]
    rows = {(0, n): leaves[n * 256 : n * 256 + 256] for n in range(4)}
    rows[1, 0] = [merkle.root_of(rows[0, n]) for n in range(3)]
    root = merkle.root_of(leaves)
    for index in (0, 255, 256, 700, size - 1):
        path = merkle.inclusion_path(index, size, TileNodes(rows))
        merkle.verify_inclusion(index=index, size=size, leaf=leaves[index], path=path, root=root)
    path = merkle.consistency_path(300, size, TileNodes(rows))
    merkle.verify_consistency(
        old=300, new=size, old_root=merkle.root_of(leaves[:300]), new_root=root, path=path
    )
    with pytest.raises(LookupError, match="does not reach"):
        merkle.inclusion_path(0, 1024, TileNodes(rows))
