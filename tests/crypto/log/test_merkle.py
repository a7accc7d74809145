import json
from base64 import b64decode
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import merkle
from crypto.errors import ProofInvalid
from crypto.merkle import Frontier, Node
from tests.crypto.log.trees import KeptNodes, leaf, root_by_definition

VECTORS = Path(__file__).parents[4] / "shared" / "vectors" / "rfc6962"
# The vector expects agreement of two equal "roots" of 12 bytes; here a hash has 32 bytes or is none.
FAKE_ROOTS = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
TREE = KeptNodes(70)
ROOTS = [root_by_definition([leaf(n) for n in range(size)]) for size in range(71)]


def decoded(value: str | None) -> bytes:
    return b64decode(value or "")


def path_of(vector: dict) -> list[bytes]:
    return [b64decode(one) for one in vector["proof"] or []]


def check(vector: dict) -> None:
    if "leafIdx" in vector:
        merkle.verify_inclusion(
            index=vector["leafIdx"], size=vector["treeSize"], leaf=decoded(vector["leafHash"]),
            path=path_of(vector), root=decoded(vector["root"]),
        )  # fmt: skip
    else:
        merkle.verify_consistency(
            old=vector["size1"], new=vector["size2"], old_root=decoded(vector["root1"]),
            new_root=decoded(vector["root2"]), path=path_of(vector),
        )  # fmt: skip


def agrees(path: Path) -> bool:
    vector = json.loads(path.read_text())
    try:
        check(vector)
    except ProofInvalid:
        return vector["wantErr"]
    return not vector["wantErr"]


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the public vectors are not beside the repository")
def test_all_public_vectors_agree_but_the_one_whose_roots_are_not_hashes():
    paths = sorted(VECTORS.rglob("*.json"))
    assert len(paths) == 196
    assert [str(p.relative_to(VECTORS)) for p in paths if not agrees(p)] == [FAKE_ROOTS]


def test_every_root_up_to_seventy_is_the_one_of_the_definition():
    frontier, roots = Frontier(), [merkle.EMPTY_ROOT]
    for number in range(70):
        frontier.append(leaf(number))
        roots.append(frontier.root())
    assert roots == ROOTS
    assert merkle.root_of(leaf(n) for n in range(13)) == ROOTS[13]


def test_a_frontier_goes_on_from_its_edge():
    for size in range(71):
        frontier = Frontier(size, [TREE.kept[node] for node in merkle.edge_of(size)])
        assert frontier.root() == ROOTS[size]


def test_a_frontier_refuses_an_edge_of_another_size():
    with pytest.raises(ValueError, match="edge nodes"):
        Frontier(3, [leaf(0)])


def test_appending_names_each_completed_node_once():
    assert [node for node, _ in Frontier(3, [b"a", b"b"]).append(leaf(3))] == [
        Node(0, 3),
        Node(1, 1),
        Node(2, 0),
    ]
    assert len(TREE.kept) == 70 + 35 + 17 + 8 + 4 + 2 + 1


def test_every_node_has_a_place_of_its_own_and_leaves_the_even_ones():
    assert sorted(node.place for node in KeptNodes(64).kept) == list(range(127))
    assert [Node(0, n).place for n in range(3)] == [0, 2, 4]
    assert (Node(1, 0).place, Node(2, 1).place, Node(3, 1).place) == (1, 11, 23)


def test_every_leaf_of_every_tree_up_to_seventy_is_proved():
    for size in range(1, 71):
        for index in range(size):
            path = merkle.inclusion_path(index, size, TREE)
            merkle.verify_inclusion(index=index, size=size, leaf=leaf(index), path=path, root=ROOTS[size])


def test_every_pair_of_sizes_up_to_seventy_is_proved():
    for new in range(71):
        for old in range(new + 1):
            path = merkle.consistency_path(old, new, TREE)
            merkle.verify_consistency(old=old, new=new, old_root=ROOTS[old], new_root=ROOTS[new], path=path)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))), st.data())
@settings(max_examples=200, deadline=None)
def test_an_altered_inclusion_proof_fails(place, data):
    size, index = place
    path = merkle.inclusion_path(index, size, TREE)
    honest = {"index": index, "size": size, "leaf": leaf(index), "path": path, "root": ROOTS[size]}
    for forged in inclusion_forgeries(honest, data):
        with pytest.raises(ProofInvalid):
            merkle.verify_inclusion(**forged)


def inclusion_forgeries(honest: dict, data: st.DataObject) -> list[dict]:
    path, alter = honest["path"], partial(dict, honest)
    return [
        alter(leaf=flipped(honest["leaf"], data)),
        alter(root=flipped(honest["root"], data)),
        alter(path=[*path, leaf(0)]),
        alter(path=[honest["root"], *path]),
        alter(index=honest["size"]),
        alter(index=-1),
        *([alter(path=path[:-1]), alter(path=[flipped(path[0], data), *path[1:]])] if path else []),
    ]


def flipped(hashed: bytes, data: st.DataObject) -> bytes:
    at, bit = data.draw(st.integers(0, 31)), data.draw(st.integers(0, 7))
    return hashed[:at] + bytes([hashed[at] ^ 1 << bit]) + hashed[at + 1 :]


@given(st.integers(2, 70).flatmap(lambda new: st.tuples(st.integers(1, new - 1), st.just(new))), st.data())
@settings(max_examples=200, deadline=None)
def test_an_altered_consistency_proof_fails(pair, data):
    old, new = pair
    path = merkle.consistency_path(old, new, TREE)
    honest = {"old": old, "new": new, "old_root": ROOTS[old], "new_root": ROOTS[new], "path": path}
    for change in (
        {"old_root": flipped(ROOTS[old], data)},
        {"new_root": flipped(ROOTS[new], data)},
        {"path": path[:-1]},
        {"path": [*path, leaf(1)]},
        {"path": [flipped(path[0], data), *path[1:]]},
        {"old": new, "new": old},
    ):
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(**honest | change)


def test_two_roots_for_one_size_are_a_split_view():
    with pytest.raises(ProofInvalid, match="two roots"):
        merkle.verify_consistency(old=5, new=5, old_root=ROOTS[5], new_root=leaf(9), path=[])


def test_no_proof_is_made_for_what_is_not_in_the_tree():
    with pytest.raises(ProofInvalid):
        merkle.inclusion_spans(7, 7)
    with pytest.raises(ProofInvalid):
        merkle.consistency_spans(8, 7)
