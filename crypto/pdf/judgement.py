"""What is known of a signature in a PDF that held."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crypto.certificates import Holder


class Level(StrEnum):
    """PAdES baseline levels (EN 319 142-1 §6): each has all that the one before it has."""

    B_B = "B-B"
    """A signature whose time is the signer's word."""
    B_T = "B-T"
    """With a trusted time stamp."""
    B_LT = "B-LT"
    """With the certificates and revocation lists that were current."""
    B_LTA = "B-LTA"
    """With a time stamp over all of it, so that it outlives its certificates."""


@dataclass(frozen=True)
class PdfJudgement:
    """A signature that is intact and trusted.

    `signed_at` is the trusted time, at the latest of which it existed; at B-B it is the instant of
    judging, since nobody but the signer says when it was made.
    """

    field: str
    level: Level
    signer: Holder
    signed_at: datetime

    @property
    def signer_name(self) -> str:
        """The person's name, or the organisation's."""
        return self.signer.name
