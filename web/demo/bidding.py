"""While bids are taken: documents, a question, deposits, sealing, uploads, receipts, and refusals."""

import asyncio
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any

from web.client import Refused, Submission, submit, upload_folder
from web.client.uploads import begin_upload, upload_file
from web.demo import tricks
from web.demo.notice import DEPOSIT
from web.demo.offers import OFFERS, STANDING, WAN, Fate, Offer, Packed, of, pack, write_files
from web.demo.play import Play
from web.demo.player import Player
from web.demo.tell import clock, short

_AT_ONCE = 3
_SECRET = (
    "bid.",
    "bidder.",
    "deposit.",
    "question.",
    "documents.taken",
    "opening.signed-in",
    "clarification.read",
)


@dataclass
class Desk:
    """What the bidders have on their own disks, by their keys."""

    files: dict[str, list[Path]] = field(default_factory=dict)
    packed: dict[str, Packed] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)


async def prepare(play: Play, desk: Desk) -> None:
    """Write everyone's files before the clock runs."""
    tell = play.tell
    tell.chapter("投标人编制投标文件", "Bidders write their files")
    began = monotonic()
    folder = play.home.folder("files")
    for offer in OFFERS:
        desk.files[offer.key] = await asyncio.to_thread(
            write_files, offer, play.cast[offer.key], folder / offer.key, large=play.pace.large
        )
    sizes = [path.stat().st_size for files in desk.files.values() for path in files]
    tell.line(
        f"{len(sizes)} 个 PDF，共 {sum(sizes) / 1e6:.0f} MB，最大 {max(sizes) / 1e6:.0f} MB",
        f"{len(sizes)} PDF files, {sum(sizes) / 1e6:.0f} MB, the largest {max(sizes) / 1e6:.0f} MB",
        f"{monotonic() - began:.1f} s",
    )  # fmt: skip


async def talk(play: Play) -> None:
    """Documents are taken, a question is asked, its answer goes to everyone who took them."""
    play.tell.chapter("获取文件与澄清", "Documents are taken, a question is answered")
    for offer in OFFERS:
        await play.cast[offer.key].post(play.path("/takings"))
    await _read_document(play)
    asked = await _ask(play, play.cast["bidder-2"])
    answer = {
        "text": "示例答复：工期按日历天计算。", "questions": [asked], "affects_bid_preparation": False,
    }  # fmt: skip
    made = await play.cast["host"].post(play.path("/clarifications"), answer)
    for offer in OFFERS:
        await play.cast[offer.key].post(play.path(f"/clarifications/{made['id']}/receipt"))
    play.tell.line(f"澄清已发布，{len(OFFERS)} 家阅知", f"Clarified; {len(OFFERS)} receipts of reading")


async def _ask(play: Play, bidder: Player) -> str:
    """Ask; what the desk is shown of it has no trace of who asked."""
    asked = await bidder.post(play.path("/questions"), {"text": "示例问题：工期是否含法定节假日？"})
    told = json.dumps(await play.cast["host"].get(play.path("/questions")), ensure_ascii=False)
    firm = bidder.firm
    traces = (bidder.organisation_id, bidder.person_id, bidder.part.name, firm.name, firm.uscc)
    play.tell.check(
        asked["id"] in told and not any(one in told for one in traces),
        "招标代理看到提问内容，看不到提问人", "The desk sees the question, not who asked",
    )  # fmt: skip
    return str(asked["id"])


async def _read_document(play: Play) -> None:
    bidder = play.cast["bidder-1"]
    (named,) = (await bidder.get(play.path("/documents")))["documents"]
    body = await bidder.call.read(play.path(f"/documents/{named['sha256']}"))
    same = hashlib.sha256(body).hexdigest() == named["sha256"]
    play.tell.check(
        same,
        f"{len(OFFERS)} 家获取招标文件，指纹一致",
        "Everyone took the documents; hash holds",
        short(named["sha256"]),
    )


async def pay(play: Play) -> None:
    """Two people of the centre enter the deposits; one bidder gave a guarantee, one paid nothing."""
    kinds = {of(Fate.PLAIN).key: "guarantee"}
    paying = [one for one in STANDING if one.fate is not Fate.SILENT]
    for offer in paying:
        fact = {
            "uscc": play.cast[offer.key].firm.uscc, "status": kinds.get(offer.key, "paid"),
            "amount_fen": DEPOSIT, "reference": f"示例流水-{offer.key}",
        }  # fmt: skip
        await play.cast["ops"].post(play.path("/deposits"), fact)
        await play.cast["ops-2"].post(play.path("/deposits/confirmation"), fact)
    play.tell.line(
        f"保证金 {len(paying)} 笔：一人录入，另一人复核",
        f"{len(paying)} deposits, entered and confirmed by two",
    )


async def hand_in(play: Play, desk: Desk, offers: Iterable[Offer]) -> None:
    """Seal, upload and submit; a few at a time, as many machines would."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(offer: Offer) -> None:
        async with gate:
            await _hand_in(play, desk, offer)

    await asyncio.gather(*(one(offer) for offer in offers))


async def _hand_in(play: Play, desk: Desk, offer: Offer, *, price: int | None = None) -> None:
    player, began = play.cast[offer.key], monotonic()
    packed = await pack(play, offer, desk.files[offer.key], price=price)
    if offer.fate is Fate.HOLDS_BACK:
        await asyncio.to_thread(tricks.spoil_shares, packed.folder, player.credential)
    sealed_in = monotonic() - began
    receipt = await submit(player.call, play.tender_id, packed.folder)
    desk.packed[offer.key], desk.receipts[offer.key] = packed, receipt
    megabytes = sum(one["size"] for one in receipt["objects"]) / 1e6
    number, handed_in = receipt["round"], monotonic() - began - sealed_in
    play.tell.check(
        receipt["proof"],
        f"{player.name} 第 {number} 轮 {megabytes:.1f} MB：密封 {sealed_in:.1f} s，递交 {handed_in:.1f} s",
        f"{offer.key} round {number}, {megabytes:.1f} MB: sealed in {sealed_in:.1f} s, "
        f"handed in in {handed_in:.1f} s",
        f"bidder#{receipt['seq']} {short(receipt['statement_sha256'])}",
    )


async def bids(play: Play, desk: Desk) -> None:
    """Eight bids that stand, one of them replaced; one withdrawn; one ready to come late."""
    play.tell.chapter("密封、上传、提交", "Sealing, uploads, submissions")
    await hand_in(play, desk, [*STANDING, of(Fate.WITHDRAWN)])
    replaced = of(Fate.REPLACED)
    await _hand_in(play, desk, replaced, price=replaced.price - 2 * WAN)
    await _withdraw(play)
    late = of(Fate.LATE)
    desk.packed[late.key] = await pack(play, late, desk.files[late.key])
    call = play.cast[late.key].call
    await upload_folder(call, Submission.of(desk.packed[late.key].folder, call, play.tender_id))


async def _withdraw(play: Play) -> None:
    player = play.cast[of(Fate.WITHDRAWN).key]
    taken = await player.call.call("DELETE", play.path("/bids/mine"), key=token_hex(16))
    play.tell.check(
        taken["kind"] == "bid.withdrawn", f"{player.name} 撤回投标文件",
        f"{player.part.key} withdrew its bid", f"bidder#{taken['seq']}",
    )  # fmt: skip


async def refusals(play: Play, desk: Desk) -> None:
    """What is no sealed bid of its own bidder is refused, and told so."""
    tell = play.tell
    tell.chapter("拒收", "Refusals")
    offer = of(Fate.UNENCRYPTED)
    refused = await _upload_plain(play, offer, desk.files[offer.key][0])
    tell.refused(refused, "bid-unencrypted", "未加密文件", "A file that is not encrypted")
    thief = play.cast[of(Fate.COPIED).key]
    source = desk.packed[of(Fate.PLAIN).key].folder
    copy = await asyncio.to_thread(tricks.copy_of, source, source.parent / "copy", thief.credential)
    refused = await _submitted(play, thief.call, copy)
    tell.refused(refused, "bid-bind-mismatch", "复制他人密文", "Another bidder's ciphertext")


async def _upload_plain(play: Play, offer: Offer, path: Path) -> Refused | None:
    call = play.cast[offer.key].call
    named = path.with_name("docs.age")
    await asyncio.to_thread(shutil.copy, path, named)
    try:
        upload = await begin_upload(call, play.tender_id, named)
        await upload_file(call, play.tender_id, named, upload)
    except Refused as refused:
        return refused
    return None


async def _submitted(play: Play, call: Any, folder: Path) -> Refused | None:
    try:
        await submit(call, play.tender_id, folder)
    except Refused as refused:
        return refused
    return None


async def sign_in(play: Play) -> None:
    """Before the deadline each bidder signs in to the hall; nobody else hears of it."""
    play.tell.chapter("签到", "Signing in to the hall")
    await play.spectator.until("opening.sign-in-opened")
    for offer in STANDING:
        await play.cast[offer.key].post(play.hall("/sign-in"))
    play.tell.line(f"{len(STANDING)} 家签到", f"{len(STANDING)} bidders signed in")


async def keep_secret(play: Play) -> None:
    """Until the deadline nobody learns who bids, or how many."""
    tell = play.tell
    kinds = {one.kind for one in play.spectator.heard}
    leaks = {kind for kind in kinds if kind.startswith(_SECRET)}
    tell.check(
        not leaks, "截止前公开流不含任何投标人信息",
        "Before the deadline the public stream tells of no bidder",
        f"{len(play.spectator.heard)}: {', '.join(sorted(kinds))}",
    )  # fmt: skip
    refused = await play.refusal("host", "GET", play.path("/takers"))
    tell.refused(refused, "takers-secret", "招标代理查询文件获取名单", "The desk asks who took the documents")


async def fall(play: Play, desk: Desk, deadline: datetime) -> Mapping[str, Any]:
    """Wait for the deadline; one bid comes a moment after it. The deadline's own act."""
    tell = play.tell
    tell.chapter("投标截止", "The deadline")
    await _sleep_past(play, deadline)
    late = of(Fate.LATE)
    refused = await _submitted(play, play.cast[late.key].call, desk.packed[late.key].folder)
    tell.refused(refused, "bid-late", "截止后一瞬的投标", "A bid a moment after the deadline")
    if refused and "received_at" in refused.facts:
        after = datetime.fromisoformat(refused.facts["received_at"]) - deadline
        tell.line(
            f"晚 {after.total_seconds() * 1000:.0f} 毫秒", f"{after.total_seconds() * 1000:.0f} ms late"
        )
    entry = await play.spectator.until("deadline.reached", seconds=60)
    tell.line(
        f"截止时间 {clock(deadline)}，截止条目 {clock(datetime.fromisoformat(entry.at))}",
        f"Deadline {clock(deadline)}, its act {clock(datetime.fromisoformat(entry.at))}",
        f"public#{entry.seq} {short(entry.commitment)} heads {len(entry.body['heads'])}",
    )  # fmt: skip
    return entry.body


async def _sleep_past(play: Play, deadline: datetime) -> None:
    """Sleep until the platform's own clock is a moment past the deadline."""
    while True:
        now = datetime.fromisoformat((await play.cast["host"].get("/api/time"))["now"])
        left = (deadline - now).total_seconds()
        if left < 0:
            return
        await asyncio.sleep(min(max(left + 0.001, 0.001), 5.0))
