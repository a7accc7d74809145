"""Shamir's secret sharing over GF(2^8), byte by byte, in the format of Vault and shamir-secret-sharing.

A share is one byte y for each byte of the secret, then the byte x. Nothing authenticates what is
recovered: wrong or too few shares give other bytes. The caller compares with what was pinned.
"""

import secrets
from collections.abc import Sequence

from crypto.errors import SharesInsufficient

MAX_SHARES = 255
_POLYNOMIAL = 0x11B
_GENERATOR = 3
_ORDER = 255


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * (2 * _ORDER), [0] * 256, 1
    for exponent in range(_ORDER):
        powers[exponent] = powers[exponent + _ORDER] = value
        logs[value] = exponent
        value ^= value << 1  # times the generator, 3
        value ^= _POLYNOMIAL if value > 0xFF else 0  # noqa: PLR2004 -- a byte
    return powers, logs


_POWERS, _LOGS = _tables()


def split(secret: bytes, *, n: int, m: int) -> list[bytes]:
    """*n* shares of *secret*, any *m* of which recover it. Raises ValueError unless 2 <= m <= n <= 255."""
    if not secret or not 2 <= m <= n <= MAX_SHARES:  # noqa: PLR2004 -- one share of one is no sharing
        raise ValueError("a secret and 2 <= m <= n <= 255 are needed")
    places = secrets.SystemRandom().sample(range(1, MAX_SHARES + 1), n)
    polynomials = [bytes([byte]) + secrets.token_bytes(m - 1) for byte in secret]
    return [bytes([*(_at(x, one) for one in polynomials), x]) for x in places]


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret that *shares* lead to; whether it is the right one is for the caller to prove.

    Raises SharesInsufficient where they cannot be shares of one secret at all.
    """
    places = [share[-1] for share in shares if share]
    distinct = len(set(places)) == len(shares) and 0 not in places
    if len(shares) < 2 or not distinct or len({len(share) for share in shares}) != 1:  # noqa: PLR2004
        raise SharesInsufficient("not at least two distinct shares of one length")
    weights = [_weight(x, places) for x in places]
    columns = zip(*(share[:-1] for share in shares), strict=True)
    return bytes(_sum(map(_times, column, weights)) for column in columns)


def _at(x: int, polynomial: bytes) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = _times(value, x) ^ coefficient
    return value


def _weight(x: int, places: Sequence[int]) -> int:
    """Lagrange's factor of the share at *x*, for the value at zero."""
    weight = 1
    for other in places:
        if other != x:
            weight = _times(weight, _over(other, other ^ x))
    return weight


def _times(a: int, b: int) -> int:
    return _POWERS[_LOGS[a] + _LOGS[b]] if a and b else 0


def _over(a: int, b: int) -> int:
    return _POWERS[_LOGS[a] - _LOGS[b] + _ORDER] if a else 0


def _sum(values: "Sequence[int] | map[int]") -> int:
    total = 0
    for value in values:
        total ^= value
    return total
