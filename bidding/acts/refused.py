"""A refusal is an act too: recorded in its own transaction, where only those concerned hear it."""

from dataclasses import dataclass, field
from typing import Any

from bidding.acts import BidderAct, DeskAct, PlatformAct


@dataclass(frozen=True, kw_only=True)
class RefusedToBidder(BidderAct):
    """A bidder was told no; `attempted` names the act, `facts` what the refusal rests on."""

    kind = "refused.bidder"
    code: str
    rule: str
    attempted: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RefusedAtDesk(DeskAct):
    """The desk (host, procuring entity, layer holder, supervisor) was told no."""

    kind = "refused.desk"
    code: str
    rule: str
    attempted: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RefusedOnPlatform(PlatformAct):
    """Someone was told no outside any tender."""

    kind = "refused.platform"
    code: str
    rule: str
    attempted: str
    facts: dict[str, Any] = field(default_factory=dict)
