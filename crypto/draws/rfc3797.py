"""RFC 3797: the older public draw, kept to be able to check draws made elsewhere. Not for new ones.

It takes the rest of an MD5 modulo the pool, which is why `permutation` is another.
"""

import hashlib
from collections.abc import Iterable, Sequence


def key_of(sources: Iterable[Sequence[int]]) -> str:
    """§4: each source's numbers sorted, each followed by a dot, each source by a slash."""
    return "".join("".join(f"{number}." for number in sorted(source)) + "/" for source in sources)


def select(key: str, *, pool: int, count: int) -> list[int]:
    """The *count* numbers drawn from 1 … *pool*, in the order of drawing (§4, the example is §6)."""
    remaining, drawn = list(range(1, pool + 1)), []
    for turn in range(count):
        frame = turn.to_bytes(2, "big")
        digest = hashlib.md5(frame + key.encode() + frame, usedforsecurity=False).digest()
        drawn.append(remaining.pop(int.from_bytes(digest, "big") % len(remaining)))
    return drawn
