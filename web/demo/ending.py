"""From the prices to the published record."""

import asyncio
import hashlib
from collections.abc import Iterable
from typing import Any

from web.demo.bidding import Desk
from web.demo.hall import advance
from web.demo.offers import STANDING, WAN, Fate, Offer, of, sheet
from web.demo.play import Play
from web.demo.tell import short, yuan

OPENED = [one for one in STANDING if one.fate is not Fate.HOLDS_BACK]
_SIGNING = {
    "entity": "procuring_entity", "host": "agency_host", "recorder": "recorder",
    "witness": "opening_witness", "supervisor": "supervisor",
}  # fmt: skip
_REMARK = "示例：投标人关于工期表述的意见已核对，开标一览表所载工期为 180 日历天，记录无误。"


def price_of(offer: Offer) -> int:
    """What the bidder's last round says."""
    return offer.price - (2 * WAN if offer.fate is Fate.REPLACED else 0)


async def prices(play: Play) -> None:
    """Each bidder sees its own items, and no other's; one says nothing."""
    tell = play.tell
    tell.chapter("确认报价", "Bidders confirm their prices")
    await advance(play, "确认报价", "To the confirmation of prices")
    seen = [await _own_items(play, one) for one in OPENED]
    tell.check(
        all(seen), f"{len(seen)} 家各自看到的报价与本方密封内容一致", "Each sees exactly what it sealed"
    )
    tell.check(not await _others(play), "他家报价此时不可见", "Nobody sees another's")
    await _all(play, "/price/confirmation", OPENED, but=Fate.SILENT)
    silent = play.cast[of(Fate.SILENT).key]
    entry = await play.spectator.until("price.deemed-confirmed")
    tell.check(
        entry.body["bidder_id"] == silent.organisation_id, f"{silent.name} 未答复，视为确认",
        f"{silent.part.key} said nothing: deemed confirmed", f"public#{entry.seq}",
    )  # fmt: skip


async def _own_items(play: Play, offer: Offer) -> bool:
    player = play.cast[offer.key]
    seen = (await player.get(play.hall()))["hall"]["bids"]
    items = next(one["items"] for one in seen if one["is_mine"])
    own = sheet(offer, player, price=price_of(offer))
    return all(own[name] == value for name, value in items.items())


async def _others(play: Play) -> list[Any]:
    seen = [
        (await play.cast[key].get(play.hall()))["hall"]["bids"] for key in ("bidder-1", "host", "supervisor")
    ]
    return [one for bids in seen for one in bids if one["items"] is not None and not one["is_mine"]]


async def _all(play: Play, tail: str, offers: Iterable[Offer], *, but: Fate) -> None:
    chosen = [one for one in offers if one.fate is not but]
    await asyncio.gather(*(play.cast[one.key].post(play.hall(tail)) for one in chosen))
    play.tell.line(f"{len(chosen)} 家答复", f"{len(chosen)} answers")


async def announce(play: Play, desk: Desk) -> None:
    """All prices are read out, with the keys that let anyone check them."""
    tell = play.tell
    tell.chapter("唱标", "The announcement")
    await advance(play, "唱标", "To the announcement")
    await play.act("host", "/announcements", "唱标：第一家", "The first bid is read out")
    await play.act("host", "/announcements/all", "唱标：其余各家", "All others are read out")
    bids = {desk.receipts[one.key]["bid_id"]: one for one in OPENED}
    await play.spectator.until(
        "key.sheet-published", lambda _: len(play.spectator.all("key.sheet-published")) == len(bids)
    )
    for entry in play.spectator.all("bid.announced"):
        offer = bids[entry.body["bid_id"]]
        said, notes = entry.body["items"]["bid_price"], ", ".join(entry.body["findings"])
        tell.check(
            said == price_of(offer), f"{play.cast[offer.key].name} {yuan(said)} {notes}",
            f"{offer.key} {yuan(said)} {notes}", f"public#{entry.seq} {short(entry.commitment)}",
        )  # fmt: skip
    await advance(play, "控制价分析", "To the analysis of prices")
    await play.act("host", "/analysis", "控制价分析", "What stands out among the prices")


async def objection(play: Play) -> None:
    """One objects and is answered on the spot; before that the opening cannot go on."""
    tell = play.tell
    tell.chapter("开标异议", "An objection")
    await advance(play, "开标异议", "To objections")
    objector = of(Fate.OBJECTS).key
    text = "示例异议：某投标人超过最高投标限价，请说明处理方式。"
    await play.act(objector, "/objections", "投标人当场提出异议", "A bidder objects", {"text": text})
    await _all(play, "/objections/none", OPENED, but=Fate.OBJECTS)
    raised = await play.spectator.until("opening.objection-raised")
    name = raised.body["objection_id"]
    await play.spectator.until("window.closed", lambda one: one.body["window"] == "objection")
    refused = await play.refusal("host", "POST", play.hall("/advance"))
    tell.refused(refused, "stage-unfinished", "异议未答复即进入下一步", "Going on without an answer")
    answer = {"text": "示例答复：超过限价的投标由评标委员会依法否决，开标环节不作评判。"}
    await play.act("entity", f"/objections/{name}/answer", "招标人当场答复", "Answered on the spot", answer)


async def record(play: Play) -> None:
    """Two versions: the first is disputed, the second answers; signed by all on duty."""
    tell = play.tell
    tell.chapter("开标记录", "The record")
    await advance(play, "开标记录", "To the record")
    await play.act(
        "recorder", "/record", "记录人生成开标记录第 1 版", "Version 1 is drawn up", {"remarks": ""}
    )
    await _read_record(play, 1)
    disputes = of(Fate.DISPUTES).key
    note = {"note": "示例：请核对本方工期"}
    await play.act(disputes, "/record/1/dispute", "投标人对记录有异议", "A bidder disputes it", note)
    await play.act("recorder", "/record", "生成第 2 版并作出说明", "Version 2 answers", {"remarks": _REMARK})
    await _read_record(play, 2)
    await _all(play, "/record/2/confirmation", OPENED, but=Fate.SILENT)
    entry = await play.spectator.until("record.deemed-confirmed", lambda one: one.body["version"] == 2)
    tell.line("一家逾期未答复，视为确认", "One said nothing: deemed confirmed", f"public#{entry.seq}")
    for who, role in _SIGNING.items():
        await play.act(who, "/record/2/signatures", f"{role} 签署", f"{role} signs", {"role": role})


async def _read_record(play: Play, version: int) -> None:
    """Wait for the signed PDF of the version, and read it as one of its bidders."""
    entry = await play.spectator.until(
        "paper.filed", lambda one: (one.body["paper"], one.body["version"]) == ("record", version)
    )
    read = await play.cast["bidder-1"].call.read(play.path(f"/records/{version}"))
    digest = hashlib.sha256(read).hexdigest()
    play.tell.check(
        digest == entry.body["file_sha256"], f"第 {version} 版签名 PDF，{len(read) / 1000:.0f} kB",
        f"Version {version} as a signed PDF, {len(read) / 1000:.0f} kB",
        f"public#{entry.seq} {short(digest)}",
    )  # fmt: skip


async def close(play: Play) -> None:
    """The end, and the record for everyone."""
    tell = play.tell
    tell.chapter("结束与公布", "The end, and publication")
    await advance(play, "数据上传评标", "To the evaluation's files")
    await play.act("host", "/files", "数据上传评标", "The bids are handed to the evaluation")
    await _files(play)
    await play.act("host", "/close", "开标结束", "The opening is closed", {})
    entry = await play.spectator.until("record.published")
    tell.line(
        "开标记录公布", "The record is public", f"public#{entry.seq} {short(entry.body['record_sha256'])}"
    )
    await same_picture(play)


async def _files(play: Play) -> None:
    """What was found in the bidders' files, which the desk alone reads."""
    bids = (await play.cast["host"].get(play.hall("/files")))["bids"]
    files, size = sum(one["files"] for one in bids), sum(one["bytes"] for one in bids)
    codes = sorted({code["code"] for one in bids for code in one["codes"]})
    play.tell.check(
        len(bids) == len(OPENED) and all(one["inspected_at"] for one in bids),
        f"移交前逐一检查 {len(bids)} 家共 {files} 个文件，{size / 1e6:.0f} MB",
        f"{files} files of {len(bids)} bids were looked into before, {size / 1e6:.0f} MB",
        ", ".join(codes),
    )


async def same_picture(play: Play) -> None:
    """Who heard every entry live and who reads them afterwards have the same picture."""
    afresh = await play.spectator.afresh()
    last = afresh[-1].seq
    await play.spectator.until(afresh[-1].kind, lambda one: one.seq >= last)
    heard = play.spectator.heard[: len(afresh)]
    play.tell.check(
        heard == afresh and [one.seq for one in heard] == list(range(1, last + 1)),
        f"旁观者实时听到 {last} 条，与事后重读逐条一致，无缺号",
        f"The spectator heard {last} entries live: the same as read afresh, without a gap",
    )  # fmt: skip
