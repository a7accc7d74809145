import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import NotCanonical
from crypto.jcs import canonical, digest, parse

whole = st.integers(-(2**53) + 1, 2**53 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | whole | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
@settings(deadline=None)
def test_what_is_spelled_is_read_back(value):
    assert parse(canonical(value)) == value


def test_keys_are_sorted_by_utf16_units_as_rfc_8785_asks():
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "1": 3, "\r": 4}) == (
        '{"\\r":4,"1":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


def test_the_digest_is_sha256_of_the_spelling():
    assert digest({"b": "价", "a": 1}) == hashlib.sha256('{"a":1,"b":"价"}'.encode()).digest()


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1.0}',
        b'{"a":1e2}',
        b"-0",
        b"NaN",
        b"-Infinity",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'"\\u0041"',
        b'"\\ud800"',
        b"9007199254740992",
        b"\xff",
        '{"a":1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"",
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_any_other_spelling_is_refused(raw):
    with pytest.raises(NotCanonical):
        parse(raw)


@pytest.mark.parametrize("value", [1.0, {"a": [1, (2.5,)]}, float("nan"), 2**53, {1: 2}, b"x", object()])
def test_values_without_a_spelling_are_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)
