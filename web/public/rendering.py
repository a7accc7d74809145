"""Templates to HTML: two languages, Beijing time, money in yuan; nothing unescaped."""

from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.call import Call
from web.public import sentences, words, writing
from web.public.packing import packed

HERE = Path(__file__).parent
ASSETS = HERE / "assets"


def page(call: Call, template: str, *, status: int = 200, **shown: Any) -> web.Response:
    """The template as an answer, in the language that was asked for or the site's own."""
    asked = getattr(call.query, "lang", "")
    site, kept = call.app.settings.site, {**call.request.query}
    text = render(template, language=asked or site.language, path=call.request.path, site=site,
                  kept=kept, **shown)  # fmt: skip
    return html(text, status=status, request=call.request)


def html(text: str, *, status: int = 200, request: web.Request | None = None) -> web.Response:
    """HTML that browsers ask for anew each time: a deadline may have moved."""
    return packed(text.encode(), kind="text/html", cache="no-cache", status=status, request=request)


def render(
    template: str, *, language: str, path: str, site: Any, kept: dict[str, str] | None = None, **shown: Any
) -> str:
    """The template in *language*; *kept* is the query that the other language's address keeps."""
    chosen = "en" if language == "en" else "zh"
    found = environment().get_template(template)
    return found.render(
        lang="en" if chosen == "en" else "zh-CN", path=path, site=site, address=address,
        to=partial(_to, chosen if chosen != site.language else ""),
        other=_to("zh" if chosen == "en" else "en", path, **_without_language(kept or {})),
        **_speaking(chosen), **shown,
    )  # fmt: skip


def _speaking(chosen: str) -> dict[str, Any]:
    """`t(zh, en)` chooses, `word(table, key)` names, `sentence(table, key)` explains, the rest write."""

    def t(zh: str, en: str) -> str:
        return en if chosen == "en" else zh

    def word(table: str, key: str) -> str:
        return words.say(getattr(words, table), key, chosen)

    def sentence(table: str, key: str) -> str:
        return words.say(getattr(sentences, table), key, chosen)

    return {
        "t": t,
        "word": word,
        "sentence": sentence,
        "when": partial(writing.when, language=chosen),
        "left": partial(writing.remaining, language=chosen),
        "cause": partial(words.cause, language=chosen),
        "finding": partial(words.finding, language=chosen),
        "told": partial(writing.told, language=chosen),
        "act_icon": words.icon,
        "bid_looks": words.bid_look,
        "word_looks": words.state_look,
    }


def _to(language: str, path: str, **query: str) -> str:
    """The address of a page, in the language that is being read."""
    asked = {name: value for name, value in query.items() if value}
    if language:
        asked["lang"] = language
    return f"{path}?{urlencode(asked)}" if asked else path


def _without_language(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != "lang"}


@cache
def environment() -> Environment:
    """Jinja with escaping on and undefined names refused."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "beijing": writing.beijing,
        "hour": writing.hour,
        "yuan": writing.yuan,
        "rate": writing.rate,
        "weight": writing.weight,
        "facts": writing.facts_of,
    }
    return made


@cache
def address(name: str) -> str:
    """The address of an asset, which changes with its content."""
    return f"/assets/{name}?v={sha256((ASSETS / name).read_bytes()).hexdigest()[:12]}"
