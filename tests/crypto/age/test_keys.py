import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age import bech32, generate_identity, is_recipient, recipient_of
from crypto.age.keys import identity_of, scalar_of
from crypto.errors import KeyMalformed

# From c2sp.org/age, "The X25519 recipient type".
IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


def test_the_specifications_own_pair_of_keys():
    assert recipient_of(IDENTITY) == RECIPIENT
    assert scalar_of(IDENTITY) == b"\x42" * 32
    assert identity_of(b"\x42" * 32) == IDENTITY


@given(st.binary(max_size=80))
@settings(deadline=None)
def test_bech32_reads_back_what_it_spells(payload):
    assert bech32.decode(bech32.encode("age", payload)) == ("age", payload)


@given(st.integers(0, 61), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
@settings(deadline=None)
def test_a_mistyped_letter_is_no_recipient(at, letter):
    typed = RECIPIENT[:at] + letter + RECIPIENT[at + 1 :]
    assert is_recipient(typed) == (typed == RECIPIENT)


@pytest.mark.parametrize(
    "text",
    ["", "age1", "1" * 70, RECIPIENT.upper(), RECIPIENT[:-1] + "J", RECIPIENT + "q", IDENTITY, None, 7, "龙"],
)
def test_these_are_no_recipients(text):
    assert not is_recipient(text)


@pytest.mark.parametrize("text", ["", IDENTITY.lower(), RECIPIENT, IDENTITY[:-1], IDENTITY[:5] + "龙"])
def test_these_are_no_identities(text):
    with pytest.raises(KeyMalformed):
        recipient_of(text)


def test_two_identities_differ():
    assert generate_identity() != generate_identity()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_secret_has_32_bytes(size):
    with pytest.raises(KeyMalformed):
        identity_of(bytes(size))
