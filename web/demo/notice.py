"""From the project to the published notice: documents, holders of keys, and the law asked beforehand."""

import asyncio
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from crypto.keys import read_identity_file, write_identity_file
from web.client import prove_alive
from web.demo.cast import AGENCY, LAYERS, MEMBERS, OWNER
from web.demo.papers import write_pdf
from web.demo.play import Play
from web.demo.tell import clock, short

TOWNSHIP = "330703103000"
ESTIMATE, CAP, DEPOSIT = 186_000_000, 180_000_000, 3_000_000
THRESHOLD = 3
CANDIDATES = ["0.95", "0.96", "0.97", "0.98", "0.99"]
DOCUMENT = "招标文件.pdf"
_WHY = "演示：依法不必须招标的镇级小额项目，期限从简。"


async def draft(play: Play, *, lot: str, title: str) -> None:
    """Project, draft, documents and the desk's people."""
    tell, host = play.tell, play.cast["host"]
    tell.chapter("起草招标公告", "The notice is drafted")
    project = await host.post("/api/projects", _project(play, lot, title))
    order = {"project_id": project["id"], "lot_no": 1, "lot_code": lot, "draft": _terms(play, title, None)}
    tender = await host.post("/api/tenders", order)
    play.tender_id = tender["id"]
    tell.line(f"标段 {lot}《{title}》", f"Lot {lot}", f"tender {play.tender_id}")
    document = await asyncio.to_thread(_document, play.home.folder("notice") / DOCUMENT, title)
    stored = await _store(play, document)
    tell.line(f"上传 {DOCUMENT}", "Bidding documents stored", f"sha256 {short(stored['sha256'])}")
    for key, role in (("witness", "opening_witness"), ("recorder", "recorder")):
        seat = {name: play.cast[key].seat[name] for name in ("organisation_id", "person_id")}
        await host.post(play.path("/appointments"), seat | {"role": role})


def _project(play: Play, lot: str, title: str) -> dict[str, Any]:
    return {
        "code": f"P-{lot}", "name": title, "regime": "LOCAL_SMALL", "is_mandatory": False,
        "procuring_entity_id": play.cast["entity"].organisation_id,
        "agency_id": play.cast["host"].organisation_id, "township": TOWNSHIP,
    }  # fmt: skip


def _terms(play: Play, title: str, start: datetime | None) -> dict[str, Any]:
    pace = play.pace
    windows = {
        "sign_in": max(20, pace.lead // 2), "release": pace.release, "fallback": pace.fallback,
        "layers": 120, "price_confirm": pace.answer, "objection": pace.answer,
        "record_confirm": pace.answer, "host_grace": 300,
    }  # fmt: skip
    terms: dict[str, Any] = {
        "title": title, "regime": "LOCAL_SMALL", "project_type": "construction", "is_mandatory": False,
        "procuring_entity": OWNER.name, "agency": AGENCY.name, "township": TOWNSHIP, "venue": "township",
        "estimate_fen": ESTIMATE, "price_cap_fen": CAP, "deposit_fen": DEPOSIT, "windows": windows,
        "coefficient": {"label": "K", "candidates": CANDIDATES, "beacon": "offline"},
        "absence_effect": "未签到不影响投标文件的解密与唱标。",
        "remedy": "投标人原因未解密的，视为撤销投标文件；非投标人原因的，视为撤回。",
        "max_bid_bytes": 2 * 1024**3,
    }  # fmt: skip
    return terms if start is None else terms | _dates(start, pace.lead)


def _dates(start: datetime, lead: int) -> dict[str, str]:
    deadline = (start + timedelta(seconds=lead)).replace(microsecond=0)
    dates = {
        "docs_from": start, "docs_until": deadline, "questions_until": deadline, "bid_deadline": deadline,
    }  # fmt: skip
    return {name: at.isoformat() for name, at in dates.items()}


def _document(path: Path, title: str) -> Path:
    lines = [
        f"{number}. 示例条款：投标文件在投标人本机加密，开标时由投标人在线解密。" for number in range(1, 60)
    ]
    return write_pdf(path, f"{title} 招标文件", lines)


async def _store(play: Play, path: Path) -> Any:
    body, query = await asyncio.to_thread(path.read_bytes), {"name": path.name}
    call = play.cast["host"].call
    async with call.request("POST", play.path("/documents"), params=query, data=body) as response:
        return await response.json()


async def hold_ceremony(play: Play) -> None:
    """Everyone who holds a key makes it, hands in its public half, and shows that it works."""
    tell = play.tell
    tell.chapter("密钥活性仪式", "Each key is shown to be alive")
    holders = [*LAYERS, *(one.key for one in MEMBERS)]
    order = {
        "layers": [play.cast[key].seat for key in LAYERS],
        "threshold": THRESHOLD,
        "members": [play.cast[one.key].seat for one in MEMBERS],
    }
    await play.cast["host"].call.call("PUT", play.path("/holders"), order)
    await _make_keys(play, [key for key in holders if key not in play.keys])
    for key in holders:
        proven = await prove_alive(play.cast[key].call, play.tender_id, play.keys[key])
        who = play.cast[key]
        tell.check(
            proven["proven_at"], f"{who.firm.name} {who.name} 的密钥可用", f"{key}: the key works",
            short(proven["recipient"]) + "…",
        )  # fmt: skip


async def _make_keys(play: Play, holders: list[str]) -> None:
    began = monotonic()
    made = await asyncio.gather(*(asyncio.to_thread(_make_key, play, key) for key in holders))
    play.keys |= dict(zip(holders, made, strict=True))
    play.pace = play.pace.fitted((monotonic() - began) / (2 * len(holders)) if holders else 0.0)


def _make_key(play: Play, key: str) -> str:
    passphrase = secrets.token_urlsafe(12)
    path = play.home.folder("keys-of-holders") / f"{play.tender_id[-6:]}-{key}.age"
    write_identity_file(path, passphrase)
    path.with_suffix(".passphrase").write_text(passphrase + "\n", encoding="utf-8")
    return read_identity_file(path, passphrase)


async def publish(play: Play, title: str) -> datetime:
    """Fix the dates, ask the law, publish; the deadline."""
    tell, host = play.tell, play.cast["host"]
    tell.chapter("发布招标公告", "The notice is published")
    now = datetime.fromisoformat((await host.get("/api/time"))["now"])
    tender = await host.get(play.path())
    draft = {"revision": tender["revision"], "draft": _terms(play, title, now)}
    await host.call.call("PUT", play.path("/draft"), draft)
    shown = await host.post(play.path("/notice"), {"reasons": await _reasons(play)})
    deadline = datetime.fromisoformat(shown["terms"]["bid_deadline"])
    tell.line(
        f"公告已发布，投标截止 {clock(deadline)}", f"Published; bids close at {clock(deadline)}",
        f"notice sha256 {short(shown['notice_sha256'])}",
    )  # fmt: skip
    page = f"{play.home.url}/tenders/{play.tender_id}"
    tell.line(f"公告页 {page}", f"Its page: {page}")
    return deadline


async def _reasons(play: Play) -> dict[str, str]:
    """What the law says of it, and the desk's reason for each finding that only warns."""
    report = await play.cast["host"].get(play.path("/check"))
    play.tell.check(report["is_publishable"], "发布前检查：无阻断项", "Nothing in the law stands in the way")
    for one in report["findings"]:
        zh, en = (f"{one['rule']} {one[lang]['cause']}" for lang in ("zh", "en"))
        play.tell.line(f"提示 {zh}", f"warns {en}", one["code"])
    return {one["code"]: _WHY for one in report["findings"]}
