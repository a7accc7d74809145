"""What the demonstration says: each step with its time and its evidence, in one of two languages."""

from datetime import datetime
from time import monotonic

from rich.console import Console
from rich.markup import escape

from web.client import Refused

_SHORT = 12


class Teller:
    """Tells the story to a terminal and counts what did not hold; every text is a pair of zh and en."""

    def __init__(self, *, lang: str = "zh", console: Console | None = None) -> None:
        self.lang = lang
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.held, self.broken = 0, list[str]()
        self._began = monotonic()
        self._chapters = 0

    def t(self, zh: str, en: str) -> str:
        """The one of the two that is asked for."""
        return zh if self.lang == "zh" else en

    @property
    def elapsed(self) -> str:
        """Minutes and seconds since the beginning."""
        minutes, seconds = divmod(int(monotonic() - self._began), 60)
        return f"{minutes:02d}:{seconds:02d}"

    def anew(self) -> None:
        """Begin counting chapters and time again."""
        self._began, self._chapters = monotonic(), 0

    def chapter(self, zh: str, en: str) -> None:
        """A new part of the story."""
        self._chapters += 1
        self.console.print(f"\n[bold cyan]{self._chapters:2d}  {escape(self.t(zh, en))}[/]")

    def line(self, zh: str, en: str, evidence: str = "", *, mark: str = "[dim]·[/]") -> None:
        """Something that happened, and where it can be seen."""
        told = f"[dim]{self.elapsed}[/] {mark} {escape(self.t(zh, en))}"
        self.console.print(told + (f"  [dim]{escape(evidence)}[/]" if evidence else ""))

    def check(self, holds: object, zh: str, en: str, evidence: str = "") -> None:
        """Something that must hold; the demonstration fails at its end where it does not."""
        if holds:
            self.held += 1
            self.line(zh, en, evidence, mark="[green]✓[/]")
        else:
            self.broken.append(self.t(zh, en))
            self.line(zh, en, evidence, mark="[bold red]✗[/]")

    def refused(self, problem: Refused | None, code: str, zh: str, en: str) -> None:
        """A call that had to be refused with *code*."""
        if problem is None:
            self.check(False, zh, en, self.t("未被拒绝", "it was not refused"))
            return
        cause = problem.cause(self.lang)
        self.check(problem.code == code, zh, en, f"{problem.status} {problem.code}: {cause}")


def short(text: str) -> str:
    """The beginning of a hash."""
    return text[:_SHORT]


def clock(at: datetime) -> str:
    """An instant as the wall clock shows it here."""
    return at.astimezone().strftime("%H:%M:%S.%f")[:-3]


def yuan(fen: int) -> str:
    """An amount as people read it."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"
