"""A receipt, checked step by step, each step a numbered line that says what was proved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.errors import CryptoError
from crypto.ledger import Entry
from crypto.receipts import Kept, Promise, Receipt, VerifiedReceipt, parse_receipt, verify_receipt
from crypto.trust import Trust
from web.public import words
from web.public.writing import beijing


@dataclass(frozen=True)
class Check:
    """One step: whether it held, what it means in both languages, and the facts."""

    number: int
    holds: bool
    zh: str
    en: str
    detail: str = ""


async def checks_of(session: AsyncSession, raw: str, trust: Trust) -> list[Check]:
    """The steps of checking *raw*, up to the first that fails.

    The last asks our own ledger; all before it are what the offline verifier does as well.
    """
    try:
        kept = parse_receipt(raw.strip() + "\n")
    except CryptoError as error:
        return [Check(1, False, "文件是一份回执", "The file is a receipt", str(error))]
    read = Check(1, True, "文件是一份回执", "The file is a receipt", _kind(kept))
    try:
        found = verify_receipt(kept, trust)
    except CryptoError as error:
        return [read, Check(2, False, "签名、证明与时间戳", "Signatures, proof and time stamp", str(error))]
    return [read, *_proved(found), await _known(session, found, 2 + len(_proved(found)))]


def _kind(kept: Kept) -> str:
    return {Receipt: "C2SP tlog-proof", Promise: "signed promise"}[type(kept)]


def _proved(found: VerifiedReceipt) -> list[Check]:
    said = f"{_named(found.entry['kind'])} · {_exact(found.entry['at'])} · #{found.entry['seq']}"
    lines = [("回执记载的事项", "What it records", said)]
    if found.leaf is not None:
        head = found.leaf.checkpoint
        lines.append(("日志的签名有效", "The log's signature holds", head.origin))
        lines.append(
            ("这条记录在日志之中", "The entry is in the log", f"{found.commitment.hex()} / {head.size}")
        )
    if found.promised_at is not None:
        lines.append(("平台的签名承诺有效", "The platform's promise holds", _exact(found.promised_at)))
    if found.stamped_at is not None:
        lines.append(("时间戳有效", "The time stamp holds", _exact(found.stamped_at)))
    return [Check(number, True, *line) for number, line in enumerate(lines, start=2)]


def _named(kind: str) -> str:
    zh, en = words.RECEIPTS.get(kind) or words.ACTS.get(kind) or ("", "")
    return f"{zh} {en} ({kind})" if zh else kind


def _exact(at: datetime | str) -> str:
    return f"{beijing(at, seconds=True)} (UTC+8)"


async def _known(session: AsyncSession, found: VerifiedReceipt, number: int) -> Check:
    asked = select(Entry.id).where(Entry.commitment == found.commitment)
    is_known = (await session.execute(asked)).first() is not None
    return Check(number, is_known, "与本平台的账本一致", "This platform's ledger says the same")
