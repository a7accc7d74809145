"""Templates to HTML: two languages, Beijing time, money in yuan; nothing unescaped."""

import json
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.call import Call
from web.public import words

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
_BEIJING = ZoneInfo("Asia/Shanghai")
_FEN_IN_YUAN = 100


def page(call: Call, template: str, *, status: int = 200, **shown: Any) -> web.Response:
    """The template as an answer, in the language that was asked for or the site's own."""
    asked = getattr(call.query, "lang", "")
    text = render(template, language=asked or call.app.settings.site.language, path=call.request.path,
                  site=call.app.settings.site, **shown)  # fmt: skip
    return html(text, status=status)


def html(text: str, *, status: int = 200) -> web.Response:
    """HTML that browsers ask for anew each time: a deadline may have moved."""
    return web.Response(
        text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-cache"}
    )


def render(template: str, *, language: str, **shown: Any) -> str:
    """The template in *language*; `t(zh, en)` chooses, `word(table, key)` names."""
    chosen = "en" if language == "en" else "zh"

    def t(zh: str, en: str) -> str:
        return en if chosen == "en" else zh

    def word(table: str, key: str) -> str:
        return words.say(getattr(words, table), key, chosen)

    found = environment().get_template(template)
    return found.render(
        t=t, word=word, lang="en" if chosen == "en" else "zh-CN", style=style_address(), **shown
    )


@cache
def environment() -> Environment:
    """Jinja with escaping on and undefined names refused."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "beijing": beijing,
        "yuan": yuan,
        "facts": facts_of,
        "remaining": remaining,
        "rate": rate,
    }
    return made


@cache
def style_address() -> str:
    """The stylesheet's address, which changes with its content."""
    content = (ASSETS / "site.css").read_bytes()
    return f"/assets/site.css?v={sha256(content).hexdigest()[:12]}"


def beijing(at: datetime | str | None, *, seconds: bool = False) -> str:
    """An instant as Beijing time, the zone the law's deadlines are written in."""
    if at is None:
        return "—"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return instant.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def yuan(fen: int | None) -> str:
    """Whole fen as yuan with separators and two decimals, or a dash."""
    if fen is None:
        return "—"
    whole, rest = divmod(abs(fen), _FEN_IN_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def rate(parts: int | None) -> str:
    """Ten-thousandths as per cent."""
    if parts is None:
        return "—"
    whole, rest = divmod(abs(parts), 100)
    return f"{'-' if parts < 0 else ''}{whole}.{rest:02d}%"


def facts_of(entry: Any) -> dict[str, Any]:
    """The facts of a ledger entry."""
    return dict(json.loads(entry.text)["body"])


def remaining(until: datetime, now: datetime, language: str) -> str:
    """How long until an instant, in the two largest units; empty once it has passed."""
    left = until - now
    if left < timedelta(0):
        return ""
    hours, minutes = divmod(left.seconds // 60, 60)
    units = [(left.days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min")]
    start = next((place for place, (count, _, _) in enumerate(units) if count), 2)
    chosen = [unit for unit in units[start : start + 2] if unit[0] or unit is units[2]]
    return " ".join(f"{count} {zh if language.startswith('zh') else en}" for count, zh, en in chosen)
