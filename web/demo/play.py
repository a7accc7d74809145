"""What all scenes share: who is on stage, which tender it is about, and how fast it goes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from web.client import Refused
from web.demo.home import Home
from web.demo.player import Player
from web.demo.spectator import Spectator
from web.demo.tell import Teller, short


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Spans in seconds, and the size of the large file in MiB.

    `lead` lies between publication and deadline and must leave room to seal and upload everything; 0 leaves
    it to what the making of keys took on this machine. `beat` is how long the hall rests after each step.
    """

    lead: int = 0
    release: int = 30
    fallback: int = 25
    answer: int = 25
    reveal: int = 10
    large: int = 300
    beat: float = 0.0


@dataclass(kw_only=True)
class Play:
    """One tender as it is played."""

    home: Home
    tell: Teller
    cast: dict[str, Player]
    pace: Pace
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    lead: int = 60
    tender_id: str = ""
    spectator: Spectator = field(init=False, repr=False)

    def measure(self, seconds: float) -> None:
        """Set the lead: *seconds* went into 14 key derivations for the holders, bids ask for 22."""
        self.lead = self.pace.lead or 45 + int(seconds * 22 / 14) + self.pace.large // 8

    def path(self, tail: str = "") -> str:
        """An address below the tender's."""
        return f"/api/tenders/{self.tender_id}{tail}"

    def hall(self, tail: str = "") -> str:
        """An address below the hall's."""
        return self.path(f"/opening{tail}")

    async def act(self, who: str, tail: str, zh: str, en: str, body: Any = None) -> Any:
        """One of the hall's buttons, pressed by *who* and told with its evidence."""
        answer = await self.cast[who].post(self.hall(tail), body)
        self.tell.line(zh, en, await self.evidence(answer))
        await self.rest()
        return answer

    async def rest(self) -> None:
        """Give those who watch time to see it."""
        await asyncio.sleep(self.pace.beat)

    async def refusal(self, who: str, method: str, path: str, body: Any = None) -> Refused | None:
        """How the call was refused, None where it was not."""
        try:
            await self.cast[who].call.call(method, path, body)
        except Refused as refused:
            return refused
        return None

    async def evidence(self, answer: dict[str, Any], *, most: int = 3) -> str:
        """Where the acts of an answer stand, with what the log shows of those that are public."""
        told = [await self._place(one) for one in answer["acts"][:most]]
        more = len(answer["acts"]) - most
        return "  ".join(told) + (f"  … +{more}" if more > 0 else "")

    async def _place(self, act: dict[str, Any]) -> str:
        place = f"{act['audience']}#{act['seq']} {act['kind']}"
        if act["audience"] != "public":
            return place
        seq = int(act["seq"])
        heard = await self.spectator.until(act["kind"], lambda one: one.seq == seq)
        return f"{place} {short(heard.commitment)}"
