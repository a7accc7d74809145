"""Everything that can happen in this room, past tense, one module per sub-room.

The base says who may hear it: a stream has one audience, so its dense `seq` tells a listener nothing
about what it may not hear (E-08).
"""

from dataclasses import dataclass
from typing import ClassVar

from crypto.ledger.acts import Act

PLATFORM = "platform"


def public_stream(tender_id: str) -> str:
    """What everyone may hear of a tender."""
    return f"tender/{tender_id}/public"


def desk_stream(tender_id: str) -> str:
    """What the procuring entity, its agency, the opening witness and the supervisor may hear."""
    return f"tender/{tender_id}/desk"


def bidder_stream(tender_id: str, bidder_id: str) -> str:
    """What one bidder alone may hear of its own dealings with a tender."""
    return f"tender/{tender_id}/bidder/{bidder_id}"


@dataclass(frozen=True, kw_only=True)
class PlatformAct(Act):
    """An act of no tender: people, organisations, certificates, calendars."""

    audience: ClassVar[str] = "platform"

    @property
    def stream(self) -> str:
        return PLATFORM


@dataclass(frozen=True, kw_only=True)
class PublicAct(Act):
    """An act that anyone may hear at once."""

    audience: ClassVar[str] = "public"
    tender_id: str

    @property
    def stream(self) -> str:
        return public_stream(self.tender_id)


@dataclass(frozen=True, kw_only=True)
class DeskAct(Act):
    """An act for the tender's own desk and its supervisor."""

    audience: ClassVar[str] = "desk"
    tender_id: str

    @property
    def stream(self) -> str:
        return desk_stream(self.tender_id)


@dataclass(frozen=True, kw_only=True)
class BidderAct(Act):
    """An act between one bidder and the platform; nobody else hears it before the deadline act binds it."""

    audience: ClassVar[str] = "bidder"
    tender_id: str
    bidder_id: str

    @property
    def stream(self) -> str:
        return bidder_stream(self.tender_id, self.bidder_id)
