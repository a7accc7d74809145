"""The opening up to the keys: discipline, list, identity, deposits, cap, and a coefficient by lot."""

import asyncio
from datetime import datetime
from typing import Any

from crypto import draws
from crypto.commitments import commitment
from web.demo.bidding import Desk
from web.demo.offers import STANDING
from web.demo.play import Play
from web.demo.tell import short, yuan

_SCRIPT = "开标纪律（示例）：开标过程全程留痕；任何人不得干扰解密；异议当场提出、当场答复。"
_DICE = "3 1 4 1 5 2 6"
_PARTIES = ("entity", "host", "supervisor")
_ROLES = {"entity": "procuring_entity", "host": "agency_host", "supervisor": "supervisor"}


async def start(play: Play) -> None:
    """The host begins and reads the discipline."""
    play.tell.chapter("开标", "The opening begins")
    await play.act("host", "/start", "主持人宣布开标", "The host begins")
    await play.act("host", "/discipline", "宣布开标纪律", "The discipline is read", {"text": _SCRIPT})
    await advance(play, "公布投标人名单", "To the list of bidders")


async def advance(play: Play, zh: str, en: str) -> None:
    """Go on to the next step."""
    await play.act("host", "/advance", f"→ {zh}", f"→ {en}")


async def roll(play: Play, desk: Desk) -> None:
    """The list opens the commitments of the deadline; then identity and deposits."""
    answer = await play.act("host", "/list", "公布投标人名单", "The list of bidders is public")
    listed = await play.spectator.until(
        "opening.bidder-list", lambda one: one.seq == answer["acts"][0]["seq"]
    )
    _check_list(play, desk, listed.body["bidders"])
    await advance(play, "核验身份", "To the check of identity")
    for line in listed.body["bidders"]:
        if line["status"] == "submitted":
            body = {"bidder_id": line["bidder_id"], "is_ok": True, "note": "示例：人证一致"}
            await play.cast["host"].post(play.hall("/identity-checks"), body)
    play.tell.line(f"核验 {len(STANDING)} 家委托代理人身份", f"{len(STANDING)} delegates are checked")
    await play.act("host", "/deposits", "逐家说明保证金", "Each deposit is stated")


def _check_list(play: Play, desk: Desk, lines: list[dict[str, Any]]) -> None:
    (bound,) = play.spectator.all("deadline.reached")
    opened = [commitment(bytes.fromhex(one["entry"]["blind"]), one["entry"]["text"]).hex() for one in lines]
    play.tell.check(
        sorted(opened) == bound.body["bids"], f"名单 {len(lines)} 家与截止时封存的承诺逐一相符",
        f"The {len(lines)} entries of the list are those that the deadline bound",
    )  # fmt: skip
    standing = {one["statement_sha256"] for one in lines if one["status"] == "submitted"}
    receipts = {desk.receipts[one.key]["statement_sha256"] for one in STANDING}
    play.tell.check(
        standing == receipts, f"有效投标 {len(standing)} 份，均与投标人手中回执一致",
        f"{len(standing)} bids stand, each as its bidder's receipt says",
    )  # fmt: skip


async def cap(play: Play) -> None:
    """The highest price that the notice allows."""
    await advance(play, "公布最高投标限价", "To the price cap")
    await play.act("host", "/cap", "公布最高投标限价", "The price cap is announced")
    seen = await play.cast["host"].get(play.hall())
    play.tell.line(
        f"最高投标限价 {yuan(seen['hall']['price_cap_fen'])}", f"cap {yuan(seen['hall']['price_cap_fen'])}"
    )


async def lot(play: Play) -> None:
    """The coefficient: three commit, three reveal, a beacon nobody chose, and anyone recomputes it."""
    tell = play.tell
    tell.chapter("抽取系数", "A coefficient is drawn by lot")
    await advance(play, "抽取系数", "To the draw")
    await play.act(
        "host", "/draw", "发布抽取规则", "The rules of the draw", {"reveal_seconds": play.pace.reveal}
    )
    drawn = await play.spectator.until("draw.specified")
    draw_id, secrets = drawn.body["draw_id"], {one: draws.new_share() for one in _PARTIES}
    for one in _PARTIES:
        body = {"commitment": draws.commit(draw_id, _ROLES[one], secrets[one])}
        await play.act(one, "/draw/commitments", f"{_ROLES[one]} 承诺", f"{_ROLES[one]} commits", body)
    await play.act("host", "/draw/close", "承诺截止", "The commitments are closed")
    for one in _PARTIES:
        body = {"secret": secrets[one].hex()}
        await play.act(one, "/draw/reveals", f"{_ROLES[one]} 揭示", f"{_ROLES[one]} reveals", body)
    await _beacon(play, draws.DrawSpec.from_json(drawn.body["spec"]))


async def _beacon(play: Play, spec: draws.DrawSpec) -> None:
    now = datetime.fromisoformat((await play.cast["host"].get("/api/time"))["now"])
    await asyncio.sleep(max(0.0, (spec.beacon_from - now).total_seconds()) + 0.1)
    for one in ("witness", "supervisor"):
        body = {"value": _DICE}
        await play.act(one, "/draw/beacon", f"{one} 录入掷骰结果", f"{one} types in the dice", body)
    entry = await play.spectator.until("draw.coefficient-drawn")
    (result,) = draws.recompute(draws.from_json(entry.body["transcript"]))
    play.tell.check(
        result.chosen[0] == entry.body["coefficient"], f"系数 {result.chosen[0]}，由旁观者重新算出",
        f"coefficient {result.chosen[0]}, worked out again by the spectator", short(entry.commitment),
    )  # fmt: skip
