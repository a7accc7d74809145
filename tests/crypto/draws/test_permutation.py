import hashlib
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.draws import permutation, permute
from crypto.errors import DrawInvalid

SEED = hashlib.sha256(b"test-vector-1").digest()


def test_the_known_answer_of_the_design_comes_out():
    experts = [f"E{number:03}" for number in range(100)]
    assert permute(experts, seed=SEED, label="experts")[:5] == ("E000", "E036", "E031", "E017", "E046")
    assert permute(["0.95", "0.96", "0.97", "0.98", "0.99"], seed=SEED, label="coef")[0] == "0.99"


@given(st.lists(st.text(min_size=1), unique=True), st.binary(max_size=40), st.text())
def test_a_permutation_keeps_everyone_and_forgets_the_order_of_asking(ids, seed, label):
    order = permute(ids, seed=seed, label=label)
    assert sorted(order) == sorted(ids)
    assert order == permute(ids[::-1], seed=seed, label=label)


def test_a_candidate_named_twice_is_refused():
    with pytest.raises(DrawInvalid, match="twice"):
        permute(["a", "b", "a"], seed=SEED, label="x")


def test_another_label_is_another_draw():
    ids = [str(number) for number in range(50)]
    assert permute(ids, seed=SEED, label="a") != permute(ids, seed=SEED, label="b")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 2**63 + 1])
def test_a_number_beyond_the_largest_multiple_is_thrown_away(size):
    limit = 2**64 - 2**64 % size
    words = [limit, 2**64 - 1, limit - 1] if limit < 2**64 else [limit - 1]
    assert permutation._below(size, iter(words)) == size - 1


def test_every_candidate_is_first_equally_often():
    size, draws = 30, 12_000
    ids = [f"E{number:02}" for number in range(size)]
    seeds = (hashlib.sha256(f"fixed seed {number}".encode()).digest() for number in range(draws))
    first = Counter(permute(ids, seed=seed, label="experts")[0] for seed in seeds)
    assert chi_squared(first, ids, draws / size) < 58.3  # 29 degrees of freedom, p = 0.001


def test_every_order_of_four_is_equally_likely():
    draws = 12_000
    seeds = (hashlib.sha256(f"order {number}".encode()).digest() for number in range(draws))
    seen = Counter(permute("abcd", seed=seed, label="x") for seed in seeds)
    assert len(seen) == math.factorial(4)
    assert chi_squared(seen, seen, draws / 24) < 49.7  # 23 degrees of freedom, p = 0.001


def chi_squared(seen, cells, expected):
    return sum((seen[cell] - expected) ** 2 / expected for cell in cells)
