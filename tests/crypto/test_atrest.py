"""Values at rest: bound to what they are, found by a keyed index, readable after the key was changed."""

import pytest

from crypto.atrest import AtRest
from crypto.errors import SealBroken

OLD, NEW = bytes(32), bytes(range(32))


def test_a_value_comes_back_under_its_own_context_only():
    ring = AtRest([NEW])
    sealed = ring.seal(b"330703199003070018", context="person/1/id-number")
    assert ring.unseal(sealed, context="person/1/id-number") == b"330703199003070018"
    with pytest.raises(SealBroken):
        ring.unseal(sealed, context="person/2/id-number")


def test_equal_values_do_not_look_equal():
    ring = AtRest([NEW])
    assert ring.seal(b"x", context="c") != ring.seal(b"x", context="c")


@pytest.mark.parametrize("place", range(5 + 12 + 16 + 1))
def test_a_flipped_bit_anywhere_is_noticed(place):
    ring = AtRest([NEW])
    sealed = bytearray(ring.seal(b"x", context="c"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        ring.unseal(bytes(sealed), context="c")


@pytest.mark.parametrize("size", [0, 1, 4, 5, 16, 17, 32])
def test_a_value_cut_short_is_noticed(size):
    ring = AtRest([NEW])
    with pytest.raises(SealBroken):
        ring.unseal(ring.seal(b"x", context="c")[:size], context="c")


def test_a_new_key_in_front_seals_and_the_old_one_still_opens_and_finds():
    before, after = AtRest([OLD]), AtRest([NEW, OLD])
    assert after.unseal(before.seal(b"x", context="c"), context="c") == b"x"
    assert after.index(b"x", context="c") == before.index(b"x", context="c")
    with pytest.raises(SealBroken):
        before.unseal(after.seal(b"x", context="c"), context="c")


def test_an_index_depends_on_value_context_and_key():
    ring, other = AtRest([NEW]), AtRest([OLD])
    found = {
        ring.index(b"x", context="c"), ring.index(b"y", context="c"), ring.index(b"x", context="d"),
        ring.index(b"cx", context=""), other.index(b"x", context="c"),
    }  # fmt: skip
    assert len(found) == 5


@pytest.mark.parametrize("keys", [[], [b""], [bytes(31)], [bytes(32), bytes(16)]])
def test_a_ring_without_a_whole_key_is_a_mistake(keys):
    with pytest.raises(ValueError, match="32 bytes"):
        AtRest(keys)
