"""The opening sheet at the command line: read from a file, or asked for item by item."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from web.cli.errors import Code, Stop
from web.cli.output import note
from web.cli.words import MODE, t
from web.client.sheets import SheetDefective, check_sheet, fen_of_yuan, whole_of

_LARGEST = 1 << 20


def read_sheet(path: Path, fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sheet in *path*, checked. Raises SheetDefective, Stop."""
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise Stop(Code.INPUT, "开标一览表文件过大", "the sheet file is too large")
    try:
        values = json.loads(raw, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise Stop(Code.INPUT, f"不是 JSON: {error}", f"not JSON: {error}") from None
    return check_sheet(values, fields)


def ask_sheet(fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each item, typed in: amounts in yuan, asked again until they are well formed."""
    if not sys.stdin.isatty():
        raise Stop(
            Code.INPUT,
            "缺少开标一览表",
            "there is no opening sheet",
            remedy_zh="请给出 --sheet。",
            remedy_en="Give --sheet.",
        )
    return check_sheet({str(one["name"]): _ask(one) for one in fields}, fields)


def _ask(field: Mapping[str, Any]) -> Any:
    read, unit = _KINDS.get(str(field["kind"]), (str.strip, ("", "")))
    label = f"{field[MODE.lang]}{t(*unit)}"
    while True:
        typed = typer.prompt(label, default="", show_default=False, err=True)
        if not typed and not field.get("required", True):
            return None
        try:
            value = read(typed)
            check_sheet({field["name"]: value}, [field])
        except (ValueError, SheetDefective) as error:
            note(str(error))
        else:
            return value


_KINDS: dict[str, tuple[Callable[[str], Any], tuple[str, str]]] = {
    "fen": (fen_of_yuan, ("(元)", " (yuan)")),
    "rate": (whole_of, ("(万分之一)", " (1/10000)")),
    "days": (whole_of, ("(天)", " (days)")),
}


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an item stands in the file twice")
    return found
