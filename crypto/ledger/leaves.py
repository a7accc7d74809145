"""The spelling of an entry and its blinded commitment, which is all the public log ever shows of it."""

from datetime import datetime
from typing import Any

from crypto.commitments import commitment
from crypto.jcs import canonical
from crypto.ledger.acts import instant
from crypto.merkle import leaf_hash

__all__ = ["commitment", "entry_text", "leaf_hash"]

VERSION = 1


def entry_text(
    *, stream: str, seq: int, kind: str, at: datetime, by: str, prev: bytes, body: dict[str, Any]
) -> str:
    """The entry as JCS (RFC 8785) text; `prev` chains it to the entry before it in its stream."""
    whole = {
        "v": VERSION,
        "stream": stream,
        "seq": seq,
        "kind": kind,
        "at": instant(at),
        "by": by,
        "prev": prev.hex(),
        "body": body,
    }
    return canonical(whole).decode()
