"""Pages of docs/ that are made: the acts, the refusals, the law on one page, the state diagrams."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import bidding
import bidding.acts
import bidding.refusals
from bidding.refusals import CODES, Refusal
from crypto.ledger.acts import KINDS, Act
from web.problems import status_of

Table = Mapping[Enum, Mapping[type[Act], Enum]]
_OURS = ("bidding.", "crypto.", "web.", "evaluation.")
_HEAD = "<!-- Made by `python3 run.py docs`; change the code, not this page. -->\n"


def load_rooms() -> None:
    """Import every module of acts, refusals and states, so that the tables are whole."""
    for package in (bidding.acts, bidding.refusals):
        for found in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{found.name}")
    importlib.import_module("web.refusals")


def pages() -> dict[str, str]:
    """Every made page: its path below docs/ and its text."""
    load_rooms()
    made = {"acts.md": acts_page(), "refusals.md": refusals_page(), "law.md": law_page()}
    for module in state_modules():
        for name, table in tables_of(module):
            made[f"states/{module.__name__.split('.')[-2]}{name}.mmd"] = diagram(table)
    return made


def write(docs: Path) -> list[Path]:
    """Write every made page below *docs*; which ones changed."""
    changed = []
    for name, text in pages().items():
        path = docs / name
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            changed.append(path)
    return changed


def acts() -> list[type[Act]]:
    """Every act of the product, by its kind; those of tests and of the bench are not ours."""
    load_rooms()
    ours = (act for _, act in sorted(KINDS.items()) if act.__module__.startswith(_OURS))
    return [act for act in ours if not act.__module__.startswith("web.bench")]


def refusals() -> list[type[Refusal]]:
    """Every refusal of the product, by its code."""
    load_rooms()
    return [kind for _, kind in sorted(CODES.items()) if kind.__module__.startswith(_OURS)]


def state_modules() -> Iterator[ModuleType]:
    """Every room's `states`."""
    root = Path(bidding.__file__).parent
    for path in sorted(root.glob("*/states.py")):
        yield importlib.import_module(f"bidding.{path.parent.name}.states")


def tables_of(module: ModuleType) -> Iterator[tuple[str, Table]]:
    """A room's transition tables; the name is empty for the room's first."""
    for name, value in sorted(vars(module).items()):
        if name.endswith(("TRANSITIONS", "_ANSWERS")) and isinstance(value, Mapping):
            own = name.removesuffix("TRANSITIONS").strip("_").lower().replace("_", "-")
            yield (f"-{own}" if own else ""), value


def acts_page() -> str:
    """A page with every act: kind, who may hear it, what it carries and what it means."""
    rows = [f"| `{act.kind}` | {act.audience} | {_fields(act)} | {_sentence(act)} |" for act in acts()]
    head = "# Acts\n\nEverything that can happen, as the ledger records it.\n\n"
    return (
        _HEAD + head + "| kind | heard by | facts | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def refusals_page() -> str:
    """A page with every refusal: code, status, rule, ground, who can remove the cause, and the texts."""
    rows = [f"| {' | '.join(_refusal_cells(one))} |" for one in refusals()]
    head = "# Refusals\n\nEvery lawful no. Remedies are in the answer itself.\n\n"
    table = "| code | status | rule | ground | who | 原因 | cause |\n|---|---|---|---|---|---|---|\n"
    return _HEAD + head + table + "\n".join(rows) + "\n"


def law_page() -> str:
    """The rooms' tables of law on one page, after how we read what needed a decision."""
    pieces = sorted((Path(__file__).parent.parent / "docs" / "law").glob("*.md"))
    return _HEAD + "\n".join(piece.read_text(encoding="utf-8") for piece in pieces)


def _refusal_cells(one: type[Refusal]) -> tuple[str, ...]:
    status = str(int(status_of(one)))
    return (f"`{one.code}`", status, one.rule, one.article, one.who.value, one.zh, one.en)


def diagram(table: Table) -> str:
    """A Mermaid state diagram of a transition table."""
    first = next(iter(table))
    lines = ["stateDiagram-v2", f"    [*] --> {first.value}"]
    for state, ways in table.items():
        lines += [f"    {state.value} --> {to.value}: {act.kind}" for act, to in ways.items()]
        if not ways:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join(lines) + "\n"


def _fields(act: type[Act]) -> str:
    own: dict[str, Any] = getattr(act, "__dataclass_fields__", {})
    return ", ".join(f"`{name}`" for name in own) or "—"


def _sentence(thing: type) -> str:
    return (thing.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ").replace("|", "/")


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "docs")
