"""Every lawful reason to say no: a code, a rule, a cause and a remedy in both languages, and who must act.

A refusal is expected, recorded in the ledger and shown; it is not a fault. The family a refusal belongs
to decides the HTTP status in `web.problems`, and nothing else here knows of HTTP.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar

from crypto.ledger.acts import plain


class Who(StrEnum):
    """Who can remove the cause of a refusal."""

    BIDDER = "bidder"
    HOST = "host"
    PROCURING_ENTITY = "procuring_entity"
    LAYER_HOLDER = "layer_holder"
    SUPERVISOR = "supervisor"
    CENTRE = "centre"
    CALLER = "caller"
    NOBODY = "nobody"


CODES: dict[str, type["Refusal"]] = {}


@dataclass(eq=False)
class Refusal(Exception):
    """The base of all refusals; the texts may name fields of the instance in {braces}."""

    code: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    article: ClassVar[str] = ""
    who: ClassVar[Who] = Who.CALLER
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    remedy_zh: ClassVar[str] = ""
    remedy_en: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("code"):
            if CODES.setdefault(cls.code, cls).__qualname__ != cls.__qualname__:
                raise RuntimeError(f"two refusals of code {cls.code}")
            CODES[cls.code] = cls

    def facts(self) -> dict[str, Any]:
        """What the refusal rests on, as plain JSON values."""
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}

    def texts(self) -> dict[str, dict[str, str]]:
        """Cause and remedy in both languages, with the facts filled in."""
        facts = self.facts()
        return {
            "zh": {"cause": self.zh.format(**facts), "remedy": self.remedy_zh.format(**facts)},
            "en": {"cause": self.en.format(**facts), "remedy": self.remedy_en.format(**facts)},
        }


class OutOfTime(Refusal):
    """Too early or too late (409)."""


class OutOfOrder(Refusal):
    """Not a step that may follow from here (409)."""


class NotEntitled(Refusal):
    """Not this person, not in this role (403)."""


class Defective(Refusal):
    """What was handed in breaks a rule (422)."""


class Absent(Refusal):
    """There is no such thing, or none that the caller may know of (404)."""


class TooMuch(Refusal):
    """Too large or too often (413 / 429)."""
