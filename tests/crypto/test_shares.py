import json
import shutil
import subprocess
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import SharesInsufficient
from crypto.shares import combine, split
from tests.vectors import npm_package

SECRET = bytes(range(32))


@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 2), (5, 3), (7, 4), (9, 5)])
def test_every_subset_of_m_recovers_and_no_smaller_one_does(n, m):
    shares = split(SECRET, n=n, m=m)
    assert all(combine(some) == SECRET for some in combinations(shares, m))
    fewer = [some for some in combinations(shares, m - 1) if len(some) > 1]
    assert all(combine(some) != SECRET for some in fewer)


@given(st.binary(min_size=1, max_size=80), st.integers(2, 10), st.data())
@settings(deadline=None)
def test_all_shares_together_recover_any_secret(secret, n, data):
    m = data.draw(st.integers(2, n))
    assert combine(split(secret, n=n, m=m)) == secret


def test_the_most_shares_there_can_be():
    shares = split(b"x", n=255, m=255)
    assert len({share[-1] for share in shares}) == 255
    assert combine(shares) == b"x"


@pytest.mark.parametrize(("secret", "n", "m"), [(b"", 3, 2), (b"x", 3, 1), (b"x", 2, 3), (b"x", 256, 2)])
def test_a_sharing_that_cannot_be_is_refused(secret, n, m):
    with pytest.raises(ValueError, match="needed"):
        split(secret, n=n, m=m)


@pytest.mark.parametrize(
    "shares",
    [[], [b"a\1"], [b"a\1", b"b\1"], [b"a\0", b"b\1"], [b"ab\1", b"c\2"], [b"", b"a\1"], [b"a\1", b""]],
)
def test_what_cannot_be_shares_of_one_secret_is_refused(shares):
    with pytest.raises(SharesInsufficient):
        combine(shares)


def test_a_share_has_the_secrets_size_and_one_byte():
    assert {len(share) for share in split(SECRET, n=5, m=3)} == {33}


def test_known_shares_of_the_other_implementation_recover():
    """Made by npm shamir-secret-sharing 0.0.4: split(b"qifeng", 5, 3)."""
    assert combine([bytes.fromhex(share) for share in KNOWN[:3]]) == b"qifeng"
    assert combine([bytes.fromhex(share) for share in KNOWN[2:]]) == b"qifeng"


KNOWN = (
    "264797a99bdcef",
    "5564e1880b4d52",
    "74ceedfabf214a",
    "3c546fcb43d54d",
    "2724ce08e23e58",
)

PEER = """
const {split, combine} = require(process.argv[1]);
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
(async () => {
  const {secret, shares} = JSON.parse(process.argv[2]);
  const theirs = (await split(bytes(secret), 5, 3)).map(hex);
  const ours = hex(await combine(shares.map(bytes)));
  console.log(JSON.stringify({theirs, ours}));
})();
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_both_implementations_recover_each_others_shares():
    package = npm_package("shamir-secret-sharing", "0.0.4")
    asked = {"secret": SECRET.hex(), "shares": [share.hex() for share in split(SECRET, n=5, m=3)[1:4]]}
    command = ["node", "-e", PEER, str(package), json.dumps(asked)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert bytes.fromhex(said["ours"]) == SECRET
    assert combine([bytes.fromhex(share) for share in said["theirs"][:3]]) == SECRET
