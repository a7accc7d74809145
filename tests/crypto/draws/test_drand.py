import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from crypto.draws import drand, from_drand
from crypto.errors import DrawInvalid
from tests.crypto.draws.makers import needs_drand

ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
TICK = timedelta(microseconds=1)


pytestmark = needs_drand


def test_a_known_round_verifies_and_gives_its_randomness():
    beacon = from_drand(ROUND, SIGNATURE.upper())
    assert (beacon.value, beacon.at) == (SIGNATURE, drand.time_of(ROUND))
    expected = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
    assert drand.randomness(SIGNATURE) == expected


@pytest.mark.parametrize("round_", [ROUND - 1, ROUND + 1])
def test_the_signature_of_one_round_is_not_anothers(round_):
    with pytest.raises(DrawInvalid, match="not quicknet"):
        drand.verify(round_, SIGNATURE)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "zz",
        SIGNATURE[:-2],
        SIGNATURE + "00",
        SIGNATURE.upper(),
        f" {SIGNATURE}",
        "c0" + "00" * 47,  # the point at infinity
        "00" * 48,
        "ff" * 48,
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97c",
    ],
)
def test_nonsense_is_no_signature_of_a_round(signature):
    with pytest.raises(DrawInvalid):
        drand.verify(ROUND, signature)


def test_rounds_begin_at_genesis_and_come_every_three_seconds():
    assert drand.time_of(1) == drand.GENESIS == datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
    assert drand.first_round(drand.time_of(5)) == 5
    assert drand.first_round(drand.time_of(5) + TICK) == 6
    assert drand.first_round(drand.GENESIS - timedelta(days=1)) == 1


@pytest.mark.parametrize("text", ["", "0", "-1", "1.0", "٣", str(2**64)])
def test_a_round_is_a_plain_positive_number(text):
    with pytest.raises(DrawInvalid):
        drand.parse_round(text)


def test_the_pairing_library_leaves_the_limit_that_guards_the_stack(tmp_path):
    program = (
        "import json, sys; before = sys.getrecursionlimit(); from crypto.draws import drand; drand._curve();"
        "assert sys.getrecursionlimit() == before;"
        "from crypto.jcs import parse\n"
        "try: parse(b'[' * 100_000)\n"
        "except Exception as why: print(type(why).__name__)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout.strip()) == (0, "NotCanonical"), told.stderr
