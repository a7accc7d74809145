"""Checkpoints (c2sp.org/tlog-checkpoint): the size and root of the log, as the text of a signed note."""

import re
from base64 import b64encode
from dataclasses import dataclass

from crypto.errors import NoteInvalid
from crypto.merkle import HASH_SIZE
from crypto.vkeys import decode

MAX_SIZE = 1 << 63
_NUMBER = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """One state of the log: `origin` names the log, `size` counts leaves, `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines, each ending in a newline."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint; NoteInvalid where it is none.

    Extension lines are refused: this log writes none, and no monitor could judge them.
    """
    origin, size, root = _three_lines(text)
    hashed = decode(root)
    if not origin or len(hashed) != HASH_SIZE:
        raise NoteInvalid("not a checkpoint")
    return Checkpoint(origin, parse_number(size), hashed)


def parse_number(text: str) -> int:
    """An ASCII decimal below 2**63 without leading zeroes, else NoteInvalid."""
    if not _NUMBER.fullmatch(text) or int(text) >= MAX_SIZE:
        raise NoteInvalid(f"not a number: {text[:40]!r}")
    return int(text)


def _three_lines(text: str) -> tuple[str, str, str]:
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:  # noqa: PLR2004 -- three lines and what follows the last newline
        raise NoteInvalid("a checkpoint has three lines")
    return lines[0], lines[1], lines[2]
