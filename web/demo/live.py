"""A district on a working day: one opening after the other, slowly, with sign-ins for onlookers."""

import asyncio
import contextlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import count

from rich.table import Table

from web.client import ClientError
from web.demo import bidding, notice
from web.demo.bidding import Desk
from web.demo.home import Home
from web.demo.play import Pace, Play
from web.demo.story import begin, play_out
from web.demo.tell import Teller

UNHURRIED = Pace(release=120, fallback=60, answer=45, reveal=60, large=8, beat=4.0)
_BETWEEN = 30.0
_TITLES = (
    "示例镇村道路提升改造工程",
    "示例镇小学操场改造工程",
    "示例街道老旧管网改造工程",
    "示例镇文化礼堂修缮工程",
)
_COMING = ("示例镇灌溉渠道整修工程", "示例镇敬老院消防改造工程")
_SEATS: Mapping[str, tuple[str, str]] = {
    "ops": ("中心业务", "centre operations"),
    "entity": ("招标人", "procuring entity"),
    "host": ("招标代理（主持人）", "agency, host"),
    "recorder": ("记录人", "recorder"),
    "witness": ("开标见证", "opening witness"),
    "supervisor": ("行政监督", "supervisor"),
    "layer-1": ("密钥层保管人", "layer holder"),
    "member-1": ("密钥委员会成员", "committee member"),
    "bidder-1": ("投标人", "bidder"),
}


async def run_live(home: Home, tell: Teller, pace: Pace) -> None:
    """Play tenders until cancelled; a round that somebody else's hand breaks off is followed by the next."""
    async with AsyncExitStack() as stack:
        play = await begin(home, tell, pace, stack)
        invite(home, tell)
        desk = Desk()
        await bidding.prepare(play, desk)
        await _seed(play)
        for number in count(1):
            tell.anew()
            await _round(Play(home=home, tell=tell, cast=play.cast, pace=pace), desk, number)
            tell.line(
                f"{_BETWEEN:.0f} 秒后开始下一个项目；Ctrl-C 结束", f"Next in {_BETWEEN:.0f} s; Ctrl-C ends"
            )
            await asyncio.sleep(_BETWEEN)


async def _round(play: Play, desk: Desk, number: int) -> None:
    title = f"{_TITLES[(number - 1) % len(_TITLES)]}({number})"
    try:
        await play_out(play, desk, lot=f"QF-{number:04d}", title=title)
    except (ClientError, TimeoutError) as error:
        play.tell.check(False, f"本场中断：{error}", f"This opening broke off: {error}")


async def _seed(play: Play) -> None:
    """Tenders that close tomorrow, so that the district has more than one notice."""
    for number, title in enumerate(_COMING, 1):
        coming = Play(home=play.home, tell=play.tell, cast=play.cast, pace=play.pace, keys=play.keys)
        await notice.draft(coming, lot=f"QF-9{number:03d}", title=title)
        await notice.hold_ceremony(coming)
        coming.pace = replace(coming.pace, lead=int(timedelta(days=number).total_seconds()))
        await notice.publish(coming, title)


def invite(home: Home, tell: Teller) -> None:
    """Where to look, and with which certificates."""
    tell.chapter("打开这些地址", "Open these addresses")
    for path, zh, en in _ADDRESSES:
        tell.line(f"{home.url}{path}  {zh}", f"{home.url}{path}  {en}")
    tell.line(
        f"python3 run.py qifeng watch 标段 --url {home.url}  在终端观看开标",
        f"python3 run.py qifeng watch TENDER --url {home.url}  watch the hall in a terminal",
    )
    table = Table(
        title=tell.t("各角色登录证书（PKCS#12，口令在旁边的 .passphrase 文件）", "Sign-ins by role")
    )
    for column in (tell.t("角色", "role"), tell.t("证书", "certificate"), tell.t("口令", "passphrase")):
        table.add_column(column, overflow="fold")
    for key, words in _SEATS.items():
        file = home.path / "people" / f"{key}.p12"
        with contextlib.suppress(FileNotFoundError):
            table.add_row(tell.t(*words), str(file), file.with_suffix(".passphrase").read_text().strip())
    tell.console.print(table)


_ADDRESSES = (
    ("/", "公告与项目", "notices and tenders"),
    ("/log", "透明日志", "the transparency log"),
    ("/verify", "核验回执", "check a receipt"),
    ("/api/openapi.json", "接口说明（OpenAPI 3.1）", "the API description"),
)
