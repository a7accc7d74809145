"""drand quicknet: one BLS signature every three seconds by the League of Entropy, checked offline."""

import hashlib
import math
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from crypto.errors import DrawInvalid

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS = datetime.fromtimestamp(1692803367, UTC)
PERIOD = timedelta(seconds=3)

_PUBLIC_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_SIGNATURE_BYTES = 48
_COORDINATE = 48


def first_round(at: datetime) -> int:
    """The first round that is published at or after *at*."""
    return max(1, math.ceil((at - GENESIS) / PERIOD) + 1)


def time_of(round_: int) -> datetime:
    """When *round_* (1, 2, 3 …) is published."""
    return GENESIS + (round_ - 1) * PERIOD


def parse_round(text: str) -> int:
    """The round number a spec names. Raises DrawInvalid."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**64:
        raise DrawInvalid(f"not a round of drand: {text}")
    return int(text)


def randomness(signature: str) -> str:
    """What drand calls the randomness of a round: SHA-256 of its signature, in hex."""
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def verify(round_: int, signature: str) -> None:
    """Return if *signature* (96 hex digits) is quicknet's over *round_*, else raise DrawInvalid.

    The scheme is `bls-unchained-g1-rfc9380`: the message is SHA-256 of the round in eight bytes, big
    end first; the signature is a point of G1. Takes about a third of a second; needs `qifeng[drand]`.
    """
    curve = _curve()
    point = _signature_point(curve, signature)
    digest = hashlib.sha256(round_.to_bytes(8, "big")).digest()
    message = curve.hash_to_G1(digest, _DOMAIN, hashlib.sha256)
    left = curve.pairing(curve.G2, curve.neg(point), final_exponentiate=False)
    right = curve.pairing(_key_point(curve), message, final_exponentiate=False)
    if curve.final_exponentiate(left * right) != curve.FQ12.one():
        raise DrawInvalid(f"the signature is not quicknet's over round {round_}")


def _signature_point(curve: Any, signature: str) -> Any:
    try:
        raw = bytes.fromhex(signature)
        point = curve.decompress_G1(int.from_bytes(raw, "big"))
    except ValueError as error:
        raise DrawInvalid(f"not a point of G1: {error}") from None
    if raw.hex() != signature:  # one spelling only, for the text goes into the seed
        raise DrawInvalid("a signature is lower-case hex")
    if len(raw) != _SIGNATURE_BYTES or curve.is_inf(point) or not curve.subgroup_check(point):
        raise DrawInvalid("not a point of the right subgroup of G1")
    return point


def _key_point(curve: Any) -> Any:
    raw = bytes.fromhex(_PUBLIC_KEY)
    first, second = raw[:_COORDINATE], raw[_COORDINATE:]
    return curve.decompress_G2((int.from_bytes(first, "big"), int.from_bytes(second, "big")))


def _curve() -> Any:
    """The curve's functions in one place; a slow import that offline draws never pay for."""
    # The library raises the recursion limit of the whole process when it is imported. Under such a limit
    # a stranger's deeply nested JSON would overflow the stack instead of being refused.
    limit = sys.getrecursionlimit()
    try:
        from crypto.draws import _bls12_381
    except ImportError:
        raise DrawInvalid("drand cannot be checked here: install qifeng[drand]") from None
    finally:
        sys.setrecursionlimit(limit)
    return _bls12_381
