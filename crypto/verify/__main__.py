"""`python -m crypto.verify BUNDLE --trust trust.json`: every step on a line; exit 0 only if none failed.

Exit codes: 0 nothing failed, 1 a step failed, 2 the command itself is wrong.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from crypto.errors import CryptoError
from crypto.trust import Trust
from crypto.verify import Finding, Mine, failed, verify_bundle, verify_receipt_files
from crypto.verify.entries import instant


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verification that the command line asks for; the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.bundle is None and asked.receipt is None:
        parser.error("a bundle, or a receipt with --receipt")
    try:
        findings = _findings(asked)
    except (CryptoError, OSError, ValueError) as error:
        parser.error(str(error))
    _show(findings, lang=asked.lang, as_json=asked.json)
    return 1 if failed(findings) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crypto.verify", description=__doc__)
    parser.add_argument("bundle", nargs="?", type=Path, help="a bundle: a folder or a .zip")
    parser.add_argument("--trust", type=Path, help="the trust file, from someone you trust")
    parser.add_argument("--receipt", type=Path, help="verify this receipt of yours (B1 … B11)")
    parser.add_argument("--mine", type=Path, help="the folder of your sealed bid")
    parser.add_argument("--key", type=Path, help="your one-time key B, in the clear")
    parser.add_argument("--at", type=instant, help="judge signed documents at this instant (RFC 3339)")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--json", action="store_true", help="findings as JSON")
    return parser


def _findings(asked: argparse.Namespace) -> list[Finding]:
    trust = Trust.load(asked.trust) if asked.trust else None
    findings: list[Finding] = []
    if asked.receipt is not None:
        if trust is None:
            raise ValueError("a receipt is verified against a trust file: --trust")
        key = asked.key.read_text(encoding="utf-8") if asked.key else None
        text = asked.receipt.read_text(encoding="utf-8")
        mine = Mine(receipt=text, folder=asked.mine, identity=key)
        findings += verify_receipt_files(mine, trust, bundle=asked.bundle)
    if asked.bundle is not None:
        findings += verify_bundle(asked.bundle, trust, at=asked.at)
    return findings


def _show(findings: Sequence[Finding], *, lang: str, as_json: bool) -> None:
    if as_json:
        told = [asdict(one) for one in findings]
        whole = {"failed": failed(findings), "findings": told}
        sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
        return
    for one in findings:
        sys.stdout.write(one.line(lang) + "\n")


if __name__ == "__main__":
    sys.exit(main())
