"""What a call can come back with instead of an answer."""

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """The call brought no answer that can be used."""


class Unreachable(ClientError):
    """The platform did not answer: no connection, or it broke, or took too long."""


class Refused(ClientError):
    """The platform said no. `problem` is its problem+json (RFC 9457) as it came."""

    def __init__(self, status: int, problem: Mapping[str, Any], *, retry_after: int | None = None) -> None:
        self.status = status
        self.problem = dict(problem)
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.cause('en')}")

    @property
    def code(self) -> str:
        """The stable code of the refusal, such as `bid-late`."""
        return str(self.problem.get("code", f"http-{self.status}"))

    @property
    def facts(self) -> dict[str, Any]:
        """What the refusal rests on."""
        facts = self.problem.get("facts")
        return dict(facts) if isinstance(facts, Mapping) else {}

    def cause(self, lang: str = "zh") -> str:
        """Why, in `zh` or `en`."""
        return self._text(lang, "cause") or str(self.problem.get("title", ""))

    def remedy(self, lang: str = "zh") -> str:
        """What to do about it, in `zh` or `en`; empty where the platform did not say."""
        return self._text(lang, "remedy")

    def _text(self, lang: str, name: str) -> str:
        words = self.problem.get(lang)
        return str(words.get(name, "")) if isinstance(words, Mapping) else ""
