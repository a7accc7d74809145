"""From a seed to the full order of all candidates: the algorithm named `draw/v1`.

PRF: K = HMAC-SHA256(seed, "draw-v1|" + label). The stream is, for i = 1, 2, 3 …, the first eight
bytes of HMAC-SHA256(K, i as eight bytes, big end first) read as a number, big end first. A number
below n is taken from it by rejecting everything at or above the largest multiple of n, then mod n.
Fisher-Yates runs forward over the sorted identifiers: place i is swapped with i + (number below
size - i). Anyone can redo it with a page of code in any language.
"""

import hmac
from collections.abc import Iterable, Iterator
from hashlib import sha256

from crypto.errors import DrawInvalid

_WORD = 2**64


def permute(identifiers: Iterable[str], *, seed: bytes, label: str) -> tuple[str, ...]:
    """The whole order of *identifiers* for *label*; the first is drawn first, the rest replace.

    The order in which they are given does not matter. Raises DrawInvalid if one is given twice.
    """
    order = sorted(identifiers)
    if len(set(order)) != len(order):
        raise DrawInvalid("a candidate stands in the list twice")
    numbers = _numbers(seed, label)
    for place in range(len(order) - 1):
        other = place + _below(len(order) - place, numbers)
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def _numbers(seed: bytes, label: str) -> Iterator[int]:
    key = hmac.digest(seed, b"draw-v1|" + label.encode(), sha256)
    counter = 0
    while True:
        counter += 1
        yield int.from_bytes(hmac.digest(key, counter.to_bytes(8, "big"), sha256)[:8], "big")


def _below(size: int, numbers: Iterator[int]) -> int:
    # The rest of the division would favour small numbers, so the last, broken multiple is thrown away.
    limit = _WORD - _WORD % size
    return next(number for number in numbers if number < limit) % size
