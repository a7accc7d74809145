"""`python -m tests.web.public.shoot`: pictures of every public page into docs/screens/.

`--axe axe.min.js` also judges each page in both languages and both sizes; `--serve PORT` only serves.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from crypto.ledger.engine import Database
from tests.schema import create_schema
from tests.web.public.browser import DESKTOP, PHONE, Tab, a_tab
from tests.web.public.world import VIEW, World, a_world
from web.app import application

SCREENS = Path(__file__).parents[3] / "docs" / "screens"
AXE = """axe.run(document, {runOnly: [
"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"
]}).then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).slice(0, 4).join()}`))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def addresses(world: World) -> dict[str, str]:
    """Every kind of page by its name."""
    pages = {f"tender-{name}": f"/tenders/{id_}" for name, id_ in world.shown.items()}
    return {
        "notices": "/", "nothing-found": "/?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E9%A1%B9%E7%9B%AE", **pages,
        "events": f"/tenders/{world.shown['published']}/events",
        "record": f"/tenders/{world.shown['published']}/record",
        "record-crowded": f"/tenders/{world.shown['crowded']}/record",
        "log": "/log", "verify": "/verify", "absent": "/nowhere",
    }  # fmt: skip


KEPT = (
    "notices", "tender-bidding", "tender-decrypting", "tender-announcing", "tender-published",
    "tender-failed", "record", "log", "verify",
)  # fmt: skip


@asynccontextmanager
async def served(world: World, port: int = 0) -> AsyncIterator[str]:
    """The platform at VIEW, its clock going on from there; its address."""
    begun = datetime.now(UTC)

    async def clock(_session: AsyncSession) -> datetime:
        return VIEW + (datetime.now(UTC) - begun)

    runner = web.AppRunner(application(replace(world.app, clock=clock)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def a_district() -> AsyncIterator[World]:
    """A world in a folder that goes away."""
    home = Path(tempfile.mkdtemp(prefix="qifeng-look-"))
    db = Database(f"sqlite+aiosqlite:///{home}/q.db")
    try:
        await create_schema(db)
        world = await a_world(db, home)
        yield world
        world.vault.close()
    finally:
        await db.dispose()
        shutil.rmtree(home, ignore_errors=True)


async def shoot(
    tab: Tab, origin: str, world: World, out: Path, names: tuple[str, ...], *, whole: bool
) -> None:
    """A picture of each page of *names*: desktop in Chinese, phone in Chinese, desktop in English."""
    for name, path in addresses(world).items():
        if names and name not in names:
            continue
        english = path + ("&" if "?" in path else "?") + "lang=en"
        views = (("desktop", DESKTOP, path), ("phone", PHONE, path), ("en", DESKTOP, english))
        for kind, size, where in views:
            await tab.open(origin + where, size)
            await tab.picture(out / f"{name}-{kind}.png", whole=whole or size is PHONE, limit=1700)


async def shoot_verdict(tab: Tab, origin: str, world: World, out: Path) -> None:
    """A receipt that was handed in, and one that was tampered with, as the page answers."""
    tampered = world.receipt.replace("index ", "index 1", 1)
    for name, receipt in (("verify-pass", world.receipt), ("verify-fail", tampered)):
        await tab.open(origin + "/verify")
        await tab.run(f"document.querySelector('#text').value = {json.dumps(receipt)}")
        await tab.run("document.querySelector('main form').submit()")
        await tab.drawn()
        await tab.picture(out / f"{name}-desktop.png")


async def judge(tab: Tab, origin: str, world: World, axe: str) -> list[str]:
    """What axe-core finds, and pages that scroll sideways."""
    await tab.send("Page.setBypassCSP", enabled=True)
    found = []
    for name, path in addresses(world).items():
        for size in (DESKTOP, PHONE, (320, 640, 1)):
            for lang in ("", "lang=en"):
                await tab.open(origin + path + (("&" if "?" in path else "?") + lang if lang else ""), size)
                wide = await tab.run(SIDEWAYS)
                found += [f"{name} {size[0]} {lang}: {wide} px sideways"] if wide > 0 else []
                if size[0] != 320:
                    await tab.run(axe)
                    found += [f"{name} {size[0]} {lang}: {one}" for one in await tab.run(AXE)]
    return found


async def main() -> int:
    """Do what was asked for; 1 where a page was found wanting."""
    asked = _parser().parse_args()
    out = asked.out or SCREENS
    out.mkdir(parents=True, exist_ok=True)
    async with a_district() as world, served(world, asked.serve or 0) as origin:
        if asked.serve:
            print(origin, world.shown, flush=True)
            await asyncio.Event().wait()
        profile = Path(tempfile.mkdtemp(prefix="qifeng-chromium-"))
        async with a_tab(profile) as tab:
            await shoot(tab, origin, world, out, tuple(asked.only) or KEPT, whole=asked.whole)
            await shoot_verdict(tab, origin, world, out)
            found = await judge(tab, origin, world, asked.axe.read_text()) if asked.axe else []
            found += [f"console: {one}" for one in tab.complaints if "/nowhere" not in one]
        shutil.rmtree(profile, ignore_errors=True)
    print("\n".join(found) or "nothing to mend")
    return int(bool(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="where the pictures go; docs/screens")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages; those that are kept")
    parser.add_argument("--whole", action="store_true", help="the whole page, not the first screen")
    parser.add_argument("--axe", type=Path, help="axe.min.js of axe-core")
    parser.add_argument("--serve", type=int, help="only serve, at this port")
    return parser


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
