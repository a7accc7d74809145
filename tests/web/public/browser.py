"""A headless Chromium over its DevTools protocol: pages at any size, pictures of them, scripts in them."""

import asyncio
import base64
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--hide-scrollbars",
    "--force-color-profile=srgb", "--lang=zh-CN",
)  # fmt: skip
DESKTOP, PHONE = (1440, 900, 1), (390, 844, 2)


class Tab:
    """One page; `send` is a command of the protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._ids = socket, itertools.count(1)
        self.complaints: list[str] = []

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            told = await self._socket.receive_json(timeout=60)
            if told.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}:
                self.complaints.append(str(told["params"]))
            if told.get("id") == number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                return dict(told["result"])

    async def open(self, url: str, size: tuple[int, int, int] = DESKTOP) -> None:
        """Go to *url* in a window of *size* (width, height, dots per pixel) and wait until it is drawn."""
        width, height, scale = size
        await self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                        deviceScaleFactor=scale, mobile=width < 600)  # fmt: skip
        await self.send("Page.navigate", url=url)
        await self.drawn()

    async def drawn(self) -> None:
        """Wait until the page that is on its way is there."""
        for _ in range(100):
            await asyncio.sleep(0.1)
            if await self.run("document.readyState + location.protocol") == "completehttp:":
                await asyncio.sleep(0.3)
                return
        raise TimeoutError

    async def run(self, script: str) -> Any:
        """The value of *script*, awaited."""
        told = await self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(told["exceptionDetails"])
        return told["result"].get("value")

    async def picture(self, path: Path, *, whole: bool = False, limit: int = 4000) -> None:
        """A PNG of what is seen, or of the *whole* page down to *limit* pixels."""
        clip: dict[str, Any] = {}
        if whole:
            size = (await self.send("Page.getLayoutMetrics"))["cssContentSize"]
            box = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], limit), "scale": 1}
            clip = {"clip": box, "captureBeyondViewport": True}
        told = await self.send("Page.captureScreenshot", format="png", **clip)
        path.write_bytes(base64.b64decode(told["data"]))

    async def print(self, path: Path) -> None:
        """The page as A4 sheets in a PDF."""
        told = await self.send("Page.printToPDF", preferCSSPageSize=True)
        path.write_bytes(base64.b64decode(told["data"]))


@asynccontextmanager
async def a_tab(profile: Path) -> AsyncIterator[Tab]:
    """A browser of its own with an empty *profile*, ended afterwards."""
    assert CHROMIUM, "no Chromium here"
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(await _address(session, profile), max_msg_size=0) as socket,
        ):
            tab = Tab(socket)
            for domain in ("Page", "Runtime", "Log"):
                await tab.send(f"{domain}.enable")
            yield tab
            with contextlib.suppress(Exception):
                await tab.send("Browser.close")
    finally:
        with contextlib.suppress(ProcessLookupError):
            browser.terminate()
        await browser.wait()


async def _address(session: aiohttp.ClientSession, profile: Path) -> str:
    for _ in range(200):
        await asyncio.sleep(0.1)
        with contextlib.suppress(OSError, ValueError, StopIteration):
            port = int((profile / "DevToolsActivePort").read_text(encoding="utf-8").splitlines()[0])
            pages = await (await session.get(f"http://127.0.0.1:{port}/json")).json()
            return str(next(one["webSocketDebuggerUrl"] for one in pages if one["type"] == "page"))
    raise TimeoutError
