"""The keys: bidders first, the committee for one who lost its own, the layers last."""

import asyncio

from web.client import post_shares, release_bid, release_layer
from web.demo.bidding import Desk
from web.demo.cast import LAYERS
from web.demo.hall import advance
from web.demo.notice import THRESHOLD
from web.demo.offers import STANDING, Fate, of
from web.demo.play import Play

_HELD_BACK = (Fate.LOST, Fate.HOLDS_BACK)
_PAUSE = 2.0


async def releases(play: Play, desk: Desk) -> None:
    """Most release; between them the supervisor pauses, and every countdown stands still."""
    tell = play.tell
    tell.chapter("投标人在线解密", "Bidders release their keys")
    await advance(play, "投标人解密", "To the bidders' keys")
    coming = [one.key for one in STANDING if one.fate not in _HELD_BACK]
    await _wrong_key(play, desk)
    for key in coming[:2]:
        await _release(play, desk, key)
    await _pause(play, desk, coming[2])
    for key in coming[2:]:
        await _release(play, desk, key)
    lost = of(Fate.LOST)
    await asyncio.to_thread(desk.packed[lost.key].key_file.unlink)
    tell.line(f"{play.cast[lost.key].name} 的密钥文件丢失", f"{lost.key} has lost its key file")
    held = of(Fate.HOLDS_BACK)
    tell.line(f"{play.cast[held.key].name} 始终不解密", f"{held.key} never releases")
    await play.spectator.until("window.closed", lambda one: one.body["window"] == "release")


async def _release(play: Play, desk: Desk, key: str) -> None:
    identity = await asyncio.to_thread(desk.packed[key].identity)
    answer = await release_bid(play.cast[key].call, play.tender_id, identity)
    name = play.cast[key].name
    play.tell.line(f"{name} 释放密钥", f"{key} released its key", await play.evidence(answer))
    await play.rest()


async def _wrong_key(play: Play, desk: Desk) -> None:
    other = await asyncio.to_thread(desk.packed["bidder-1"].identity)
    refused = await play.refusal("bidder-2", "POST", play.hall("/key"), {"identity": other})
    play.tell.refused(refused, "wrong-key", "用别家的密钥解密", "A key of another bid")


async def _pause(play: Play, desk: Desk, waiting: str) -> None:
    tell = play.tell
    order = {"reason": "示例：核实一项举报", "document_no": "示例监〔2026〕1号"}
    await play.act("supervisor", "/pause", "监督部门暂停开标", "The supervisor pauses", order)
    before = await _left(play)
    identity = await asyncio.to_thread(desk.packed[waiting].identity)
    refused = await play.refusal(waiting, "POST", play.hall("/key"), {"identity": identity})
    tell.refused(refused, "opening-out-of-order", "暂停期间解密", "A key while all stands still")
    await asyncio.sleep(_PAUSE)
    after = await _left(play)
    tell.check(before == after, f"暂停期间倒计时冻结在 {after} 秒", f"The countdown stands at {after} s")
    await play.act(
        "supervisor", "/resume", "监督部门恢复开标", "The supervisor resumes", {"reason": "示例：核实完毕"}
    )


async def _left(play: Play) -> int:
    seen = await play.cast["host"].get(play.hall())
    return next(int(one["left_s"]) for one in seen["hall"]["windows"] if one["kind"] == "release")


async def committee(play: Play, desk: Desk) -> None:
    """By rule: three of five open what its bidder lost; what was dealt in bad faith opens for nobody."""
    play.tell.chapter("委员会份额解密", "The committee's shares")
    for number in range(1, THRESHOLD + 1):
        await _share(play, f"member-{number}")
    await _recovered(play, desk, of(Fate.LOST).key)
    await _revoked(play, desk, of(Fate.HOLDS_BACK).key)


async def _share(play: Play, key: str) -> None:
    member = play.cast[key]
    posted = await post_shares(member.call, play.tender_id, play.keys[key])
    taken = [one for one in posted if not one.fault]
    who = f"{member.firm.name} {member.name}"
    play.tell.line(f"{who} 提交 {len(taken)} 个份额", f"{key}: {len(taken)} shares")
    await play.rest()


async def _recovered(play: Play, desk: Desk, key: str) -> None:
    bid_id = desk.receipts[key]["bid_id"]
    entry = await play.spectator.until("key.fallback-combined", lambda one: one.body["bid_id"] == bid_id)
    members = entry.body["members"]
    play.tell.check(
        len(members) == THRESHOLD,
        f"{play.cast[key].name} 的密钥由 3/5 份额恢复",
        f"{key}: its key is recovered from {THRESHOLD} of 5 shares",
        f"public#{entry.seq} {members}",
    )


async def _revoked(play: Play, desk: Desk, key: str) -> None:
    bid_id = desk.receipts[key]["bid_id"]
    entry = await play.spectator.until("bid.unopened-revoked", lambda one: one.body["bid_id"] == bid_id)
    cause = entry.body["cause"]
    play.tell.check(
        cause == "fallback-insufficient",
        f"{play.cast[key].name} 视为撤销投标文件",
        f"{key}: counts as revoked (撤销)",
        f"public#{entry.seq} {cause}",
    )


async def layers(play: Play) -> None:
    """The holders of the notice come last, in their order; then every bid opens."""
    tell, last = play.tell, LAYERS[-1]
    tell.chapter("密钥层与开启", "The layers, and all bids open")
    await advance(play, "密钥层解密", "To the layers")
    refused = await play.refusal(last, "POST", play.hall("/layers"), {"identity": play.keys[last]})
    tell.refused(refused, "layer-out-of-turn", "后一层先释放", "The second layer before the first")
    for key in LAYERS:
        answer = await release_layer(play.cast[key].call, play.tender_id, play.keys[key])
        name = f"{play.cast[key].firm.name} {play.cast[key].name}"
        tell.line(f"{name} 释放密钥层", f"{key} releases its layer", await play.evidence(answer))
        await play.rest()
    await _decided(play)


async def _decided(play: Play) -> None:
    entry = await play.spectator.until("opening.decryption-ended")
    opened, revoked, fault = (entry.body[name] for name in ("opened", "revoked", "system_fault"))
    play.tell.check(
        (opened, revoked, fault) == (7, 1, 0),
        f"解密结束：开启 {opened}，撤销 {revoked}，系统原因 {fault}",
        f"Decryption ended: {opened} opened, {revoked} revoked, {fault} failed by fault",
        f"public#{entry.seq}",
    )
    kinds = {one.kind for one in await play.spectator.afresh()}
    play.tell.check(
        not kinds & {"bid.announced", "key.sheet-published"},
        "解密完毕，唱标之前无人看到报价",
        "All is open, and no price is told before the announcement",
    )
