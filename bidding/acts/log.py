"""What happens to the transparency log on behalf of a tender."""

from dataclasses import dataclass
from datetime import datetime

from bidding.acts import PublicAct


@dataclass(frozen=True, kw_only=True)
class CheckpointStamped(PublicAct):
    """The first checkpoint after the deadline, with an outside witness of its time.

    `note` is the whole signed checkpoint of `size` leaves; `token` is the RFC 3161 token (DER, base64)
    over the note's text without its signatures. Whoever holds both can tell that nothing was put into
    the log's past after that instant.
    """

    kind = "checkpoint.stamped"
    size: int
    root: str
    checkpoint_at: datetime
    note: str
    token: str
