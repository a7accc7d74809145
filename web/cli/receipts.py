"""Receipts on disk: kept whole, checked against the folder they are for, and told in a few lines."""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from crypto.envelope.statement import STATEMENT
from crypto.errors import ProofInvalid
from crypto.receipts import VerifiedReceipt, verify_receipt
from crypto.trust import Trust
from web.cli.words import t
from web.client import Client


async def trust_of(client: Client, path: Path | None) -> Trust:
    """The trust file at *path*, or the one that the platform itself shows."""
    if path is not None:
        return Trust.load(path)
    return Trust.loads((await client.read("/log/trust")).decode())


def keep(told: Mapping[str, Any], path: Path) -> Path:
    """Write the platform's answer to *path*, and its proof beside it, durable before this returns."""
    _write(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    if told["proof"] is not None:
        _write(proof_path(path), told["proof"])
    return path


def proof_path(path: Path) -> Path:
    """Where the bare proof stands beside a kept receipt."""
    return path.with_name(path.name.removesuffix(".receipt.json") + ".tlog-proof")


def kept_text(path: Path) -> str:
    """The proof or promise in *path*: our own JSON, a bare `.tlog-proof`, or a promise.

    Raises ProofInvalid where the file is none of these.
    """
    text = path.read_text(encoding="utf-8")
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if isinstance(told, dict) and "what_happens_next" in told:
        found = told.get("proof") or told.get("promise")
        if not isinstance(found, str):
            raise ProofInvalid("the receipt holds neither a proof nor a promise")
        return found
    return text


def check(told: Mapping[str, Any], trust: Trust, folder: Path | None = None) -> VerifiedReceipt:
    """Verify the proof or promise in *told*, and that it is of the statement in *folder*.

    Raises NoteInvalid, ProofInvalid.
    """
    proven = verify_receipt(told["proof"] or told["promise"], trust)
    body = proven.entry["body"]
    if proven.text != told["entry"]:
        raise ProofInvalid("the proof is of another entry than the receipt shows")
    if folder is not None:
        own = sha256((folder / STATEMENT).read_bytes()).hexdigest()
        if body["statement_sha256"] != own:
            raise ProofInvalid("the receipt is for another statement than the one in the folder")
    return proven


def lines(told: Mapping[str, Any]) -> list[str]:
    """The receipt for a person."""
    standing = (
        t("已入日志", "in the log") if told["proof"] else t("平台承诺（待入日志）", "the platform's promise")
    )
    return [
        f"{t('事项', 'Act')}: {told['kind']}  {t('轮次', 'round')} {told['round']}",
        f"{t('平台时间', 'Received')}: {told['received_at']}",
        f"{t('声明摘要', 'Statement')}: {told['statement_sha256']}",
        f"{t('证明', 'Proof')}: {standing}  #{told['seq']}",
    ]


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
