"""What a numbered step of a verification found, and how a step says so."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from crypto.errors import CryptoError

MOST = 20
_Case = TypeVar("_Case")


class Outcome(StrEnum):
    """How a step ended. A SKIP says that something could not be checked, never that it holds."""

    PASS = "PASS"  # noqa: S105 -- a word, not a secret
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass(frozen=True)
class Finding:
    """One line of a verification: facts where it passed, faults where it failed, else the reason."""

    step: str
    zh: str
    en: str
    outcome: Outcome
    words: tuple[str, ...] = ()

    def line(self, lang: str = "zh") -> str:
        """The finding as one line, `S3   PASS  截标绑定全部投标: …`; *lang* is zh or en."""
        title = self.zh if lang == "zh" else self.en
        said = "; ".join(self.words)
        return f"{self.step:<4} {self.outcome:<4}  {title}" + (f": {said}" if said else "")


class Skipped(Exception):
    """Raised by a check that has nothing to look at; the text is the reason."""


class Report:
    """What a check has to say. Faults are collected, so that one broken bid does not hide another."""

    def __init__(self) -> None:
        self.facts: list[str] = []
        self.faults: list[str] = []

    def fact(self, text: str) -> None:
        self.facts.append(text)

    def fault(self, text: str) -> None:
        if len(self.faults) < MOST:
            self.faults.append(text)

    def demand(self, holds: object, otherwise: str) -> None:
        """A fault, unless *holds*."""
        if not holds:
            self.fault(otherwise)

    @contextmanager
    def about(self, name: str) -> Iterator[None]:
        """Whatever fails to verify inside is a fault of *name*; the check goes on after it."""
        try:
            yield
        except Skipped:
            raise
        except CryptoError as error:
            self.fault(f"{name}: {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 -- a stranger's bytes are malformed in ways nobody lists
            self.fault(f"{name}: malformed: {type(error).__name__}: {error}")


@dataclass(frozen=True)
class Step(Generic[_Case]):
    """A numbered check: it reports faults and facts, raises Skipped or a CryptoError."""

    code: str
    zh: str
    en: str
    check: Callable[[_Case, Report], None] = field(repr=False)

    def run(self, case: _Case) -> Finding:
        """The finding; nothing that a bundle holds makes this raise."""
        report = Report()
        try:
            with report.about("the step"):
                self.check(case, report)
        except Skipped as reason:
            if not report.faults:
                return self._finding(Outcome.SKIP, [str(reason)])
        outcome = Outcome.FAIL if report.faults else Outcome.PASS
        return self._finding(outcome, report.faults or report.facts)

    def _finding(self, outcome: Outcome, words: Sequence[str]) -> Finding:
        return Finding(self.code, self.zh, self.en, outcome, tuple(words))


def failed(findings: Sequence[Finding]) -> list[str]:
    """The codes of the steps that failed."""
    return [one.step for one in findings if one.outcome is Outcome.FAIL]
