"""What all scenes share: who is on stage, which tender it is about, and how fast it goes."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from web.client import Refused
from web.demo.home import Home
from web.demo.player import Player
from web.demo.spectator import Spectator
from web.demo.tell import Teller, short


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Spans in seconds, and the size of the large file in MiB; a span of 0 is fitted to the machine.

    `lead` lies between publication and deadline and must leave room to seal and upload everything; the
    windows must leave room to unlock key files. `beat` is how long the hall rests after each step.
    """

    lead: int = 0
    release: int = 0
    fallback: int = 0
    answer: int = 0
    reveal: int = 10
    large: int = 300
    beat: float = 0.0

    def fitted(self, unlocking: float) -> "Pace":
        """The same where a key file takes *unlocking* seconds to make or open while others do so too."""
        return replace(
            self,
            lead=self.lead or int(30 + 22 * unlocking + self.large / 8),
            release=self.release or int(12 + 14 * unlocking),
            fallback=self.fallback or int(10 + 6 * unlocking),
            answer=self.answer or int(10 + 3 * unlocking),
        )


@dataclass(kw_only=True)
class Play:
    """One tender as it is played."""

    home: Home
    tell: Teller
    cast: dict[str, Player]
    pace: Pace
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    tender_id: str = ""
    spectator: Spectator = field(init=False, repr=False)

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
