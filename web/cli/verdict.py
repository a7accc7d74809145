"""Findings of a verification, printed line by line, and what they come to."""

from collections.abc import Sequence
from pathlib import Path

import typer

from crypto.trust import Trust
from crypto.verify import Finding, Mine, Outcome, failed, verify_receipt_files
from web.cli.errors import Code
from web.cli.options import key_passphrase
from web.cli.output import show
from web.cli.receipts import kept_text
from web.cli.words import MODE, t


def tell(findings: Sequence[Finding]) -> None:
    """Every finding, then the verdict; leaves with NOT_VERIFIED where a step failed."""
    broken = failed(findings)
    skipped = [one.step for one in findings if one.outcome is Outcome.SKIP]
    rows = [
        {"step": one.step, "outcome": one.outcome.value, "zh": one.zh, "en": one.en, "words": list(one.words)}
        for one in findings
    ]
    show(
        {"ok": not broken, "failed": broken, "skipped": skipped, "findings": rows},
        *_lines(findings, broken, skipped),
    )
    if broken:
        raise typer.Exit(Code.NOT_VERIFIED)


def _lines(findings: Sequence[Finding], broken: list[str], skipped: list[str]) -> list[str]:
    verdict = (
        t("全部通过", "Everything holds")
        if not broken
        else t("未通过", "Does not hold") + f": {', '.join(broken)}"
    )
    if skipped and not broken:
        verdict += t("(未检查的步骤", " (not checked") + f": {', '.join(skipped)})"
    return [*(one.line(MODE.lang) for one in findings), verdict]


def judge(
    file: Path, trust: Path, folder: Path | None, key: Path | None, bundle: Path | None
) -> list[Finding]:
    """The steps B1 … B11 over a bidder's own receipt and files, and later over the archive."""
    from crypto.keys import read_key_file

    identity = read_key_file(key, key_passphrase(None)).identity if key else None
    mine = Mine(receipt=kept_text(file), folder=folder, identity=identity)
    return verify_receipt_files(mine, Trust.load(trust), bundle=bundle)
