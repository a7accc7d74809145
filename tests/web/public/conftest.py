"""The district of `world`, made once: every public page of it, in both languages, as it was answered."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import aiohttp
import pytest

from tests.web.public.shoot import a_district, addresses, served


@dataclass(frozen=True)
class Answered:
    """One page: its status, its text, and how many bytes went over the wire."""

    status: int
    text: str
    wire: int


@dataclass(frozen=True)
class District:
    """All pages by (name, language), and the tenders by what they show."""

    pages: dict[tuple[str, str], Answered]
    shown: dict[str, str]

    def text(self, name: str, lang: str = "zh") -> str:
        return self.pages[name, lang].text


@pytest.fixture(scope="session")
def district() -> District:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_visited())).result()


async def _visited() -> District:
    async with a_district() as world, served(world) as origin:
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        async with aiohttp.ClientSession(headers=headers, auto_decompress=False) as session:
            pages = {
                (name, lang): await _page(session, origin + path + _language(path, lang))
                for name, path in addresses(world).items()
                for lang in ("zh", "en")
            }
        return District(pages, world.shown)


def _language(path: str, lang: str) -> str:
    return "" if lang == "zh" else ("&" if "?" in path else "?") + "lang=en"


async def _page(session: aiohttp.ClientSession, url: str) -> Answered:
    async with session.get(url) as answer:
        raw = await answer.read()
        whole = gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw
        return Answered(answer.status, whole.decode(), len(raw))
