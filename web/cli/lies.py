"""Known lies told about an archive, each of which the verifier must find out."""

import tempfile
from pathlib import Path
from typing import Any

import typer

from crypto.trust import Trust
from crypto.verify import failed, verify_bundle
from crypto.verify.bad import BAD, Bad, NotApplicable, make_bad
from web.cli.errors import Code, Stop
from web.cli.output import show
from web.cli.words import MODE, t


def try_lies(bundle: Path, trust: Trust | None) -> None:
    """Spoil a copy of the folder *bundle* in every known way; leaves with NOT_VERIFIED where one passes."""
    if not bundle.is_dir():
        raise Stop(
            Code.INPUT, "请先解压档案", "unpack the archive first",
            remedy_zh="造假试验需要文件夹形式的档案。", remedy_en="The lies are told about a folder.",
        )  # fmt: skip
    rows = [row for bad in BAD if (row := _try(bundle, bad, trust)) is not None]
    missed = [row["name"] for row in rows if row["step"] not in row["failed"]]
    show({"ok": not missed, "missed": missed, "lies": rows}, *map(_line, rows), _verdict(missed))
    if missed:
        raise typer.Exit(Code.NOT_VERIFIED)


def _try(bundle: Path, bad: Bad, trust: Trust | None) -> dict[str, Any] | None:
    """What came of one lie; None where it cannot be told about this archive."""
    with tempfile.TemporaryDirectory(prefix="qifeng-bad-") as home:
        try:
            spoiled = make_bad(bundle, Path(home) / "bundle", bad)
        except NotApplicable:
            return None
        found = failed(verify_bundle(spoiled, trust))
    return {"name": bad.name, "step": bad.step, "failed": found, "zh": bad.zh, "en": bad.en}


def _line(row: dict[str, Any]) -> str:
    return f"{row['step']:<4} {', '.join(row['failed']) or '-':<16} {row['name']}: {row[MODE.lang]}"


def _verdict(missed: list[str]) -> str:
    if missed:
        return t("未识破", "Not found out") + f": {', '.join(missed)}"
    return t("全部识破", "Every lie was found out")
