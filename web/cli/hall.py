"""The hall as a terminal shows it: stage, clock, windows, list, and the newest lines of the log."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from web.cli.words import t
from web.client import Heard

CHINA = timedelta(hours=8)
_LINES = 14
_HASH = 12

STAGES = {
    "lobby": ("候标", "lobby"), "sign_in": ("签到", "sign-in"), "deadline": ("截标", "deadline"),
    "discipline": ("宣读纪律", "discipline"), "bidder_list": ("公布名单", "list"),
    "identity_check": ("身份核验", "identity"), "control_price": ("公布控制价", "price cap"),
    "coefficient_draw": ("系数抽取", "draw"), "decrypt_bidder": ("投标人解密", "bidders' keys"),
    "decrypt_committee": ("委员会后备", "committee"), "decrypt_layers": ("密钥层释放", "layer keys"),
    "price_confirm": ("报价确认", "confirmation"), "announce": ("唱标", "announcement"),
    "price_analysis": ("报价分析", "analysis"), "objection": ("异议", "objections"),
    "record": ("开标记录", "record"), "files_to_evaluation": ("移交评标", "hand-over"),
    "closed": ("结束", "closed"),
}  # fmt: skip
WINDOWS = {
    "sign_in": ("签到", "sign-in"), "release": ("投标人解密", "bidders' keys"),
    "fallback": ("委员会份额", "shares"), "layers": ("密钥层", "layers"),
    "price_confirm": ("报价确认", "confirmation"), "objection": ("异议", "objections"),
    "record_confirm": ("记录确认", "record"),
}  # fmt: skip


class Hall:
    """What is known of one hall: the platform's last picture of it, and what was heard since."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.log: deque[str] = deque(maxlen=500)
        self.look(answer["hall"])

    def look(self, hall: Mapping[str, Any]) -> None:
        """Take the platform's picture; its clock is the one that counts."""
        self.seen = dict(hall)
        self._ahead = _instant(hall["now"]) - datetime.now(UTC)

    @property
    def now(self) -> datetime:
        """The platform's instant."""
        return datetime.now(UTC) + self._ahead

    def hear(self, heard: Heard) -> None:
        """Put an entry into the log."""
        facts = "  ".join(
            f"{name}={_short(value)}" for name, value in heard.body.items() if _is_plain(name, value)
        )
        self.log.append(f"#{heard.seq:<4} {_clock(_instant(heard.at))}  {heard.kind}  {facts}")

    def headline(self) -> str:
        """The hall in one line."""
        hall = self.seen
        deadline = f"{t('截标', 'deadline')} {hall['deadline']}"
        return f"{hall['title']}  [{hall['lot_code']}]  {_stage(hall['stage'])}  {deadline}"

    def picture(self, *, is_live: bool) -> RenderableType:
        """The whole screen."""
        parts: list[RenderableType] = [self._head(is_live=is_live), self._path()]
        if self.seen["windows"]:
            parts.append(self._windows())
        parts.append(self._bids())
        parts.append(Panel(Text("\n".join(list(self.log)[-_LINES:])), title=t("日志", "log")))
        parts.append(Text(t("按 q 退出", "q leaves"), style="dim"))
        return Group(*parts)

    def _head(self, *, is_live: bool) -> RenderableType:
        hall, left = self.seen, _instant(self.seen["deadline"]) - self.now
        text = Text(f"{hall['title']}  {hall['lot_code']}\n", style="bold")
        text.append(
            f"{t('平台时间', 'platform time')} {_clock(self.now)}   "
            f"{t('截标', 'deadline')} {_clock(_instant(hall['deadline']))}"
        )
        text.append(
            f"   {t('剩余', 'left')} {_span(left)}"
            if left > timedelta()
            else f"   {t('已截标', 'deadline passed')}"
        )
        text.append(
            "   ● " + (t("实时", "live") if is_live else t("轮询", "polling")),
            style="green" if is_live else "yellow",
        )
        if hall["paused_at"]:
            text.append(f"\n{t('已暂停', 'paused')}: {hall['pause_reason']}", style="bold red")
        return Panel(text, title=t("不见面开标大厅", "opening hall"))

    def _path(self) -> RenderableType:
        text, stages = Text(), self.seen["stages"]
        at = stages.index(self.seen["stage"]) if self.seen["stage"] in stages else -1
        for place, stage in enumerate(stages):
            style = "reverse bold" if place == at else "green" if place < at else "dim"
            text.append(f" {_stage(stage)} ", style=style)
        return text

    def _windows(self) -> RenderableType:
        table = Table(expand=True)
        for name in (t("窗口", "window"), t("开启", "opens"), t("截止", "closes"), t("剩余", "left")):
            table.add_column(name)
        for one in self.seen["windows"]:
            table.add_row(
                t(*WINDOWS.get(one["kind"], (one["kind"],) * 2)),
                _clock(_instant(one["opens_at"])),
                *self._rest(one),
            )
        return table

    def _rest(self, window: Mapping[str, Any]) -> tuple[str, str]:
        if window["closed_at"]:
            return _clock(_instant(window["closed_at"])), t("已结束", "closed")
        if window["closes_at"] is None:
            return "-", t("暂停", "frozen") + f" {_span(timedelta(seconds=window['left_s']))}"
        closes = _instant(window["closes_at"])
        return _clock(closes), _span(max(closes - self.now, timedelta()))

    def _bids(self) -> RenderableType:
        if self.seen["bids"] is None:
            return Panel(
                t(
                    "截标前任何人都不知道投标人及其数量。",
                    "Before the list nobody knows who bids, or how many.",
                )
            )
        table = Table(expand=True)
        for name in (
            "#",
            t("投标人", "bidder"),
            t("状态", "status"),
            t("密钥", "key"),
            t("唱标", "announced"),
        ):
            table.add_column(name)
        for one in self.seen["bids"]:
            key = one["released_by"] or ("✓" if one["is_released"] else "")
            cells = (str(one["number"]), one["name"], one["status"], key, _items(one["items"]))
            table.add_row(*(Text(cell) for cell in cells))
        return table


def _items(items: Mapping[str, Any] | None) -> str:
    return "  ".join(
        f"{name}={value}" for name, value in (items or {}).items() if not name.endswith("_words")
    )


def _stage(stage: str) -> str:
    return t(*STAGES.get(stage, (stage, stage)))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC) + CHINA:%m-%d %H:%M:%S}"


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def _is_plain(name: str, value: Any) -> bool:
    return name != "tender_id" and isinstance(value, str | int) and value != ""


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 4 * _HASH else text[:_HASH] + "…"
