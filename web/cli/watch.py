"""`qifeng watch`: the opening hall in a terminal, over the same socket that every page listens to."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from web.cli.caller import Caller, run
from web.cli.errors import guarded
from web.cli.hall import Hall
from web.cli.options import HERE, Ca, Cert, CertSecret, TenderId, Url
from web.cli.output import note, show
from web.cli.words import MODE, t
from web.client import Client, Feed

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Plain = Annotated[bool, typer.Option("--plain", help=t("逐行输出，不画界面", "lines instead of a screen"))]
Seconds = Annotated[
    float | None, typer.Option("--seconds", help=t("若干秒后结束", "leave after so many seconds"))
]
Until = Annotated[
    str | None, typer.Option("--until", help=t("遇到该事项即结束", "leave once an act of this kind is heard"))
]

_FRAMES = 4  # a second


@app.command(help=t("在终端观看开标大厅；按 q 退出。", "Watch an opening hall; q leaves."))
@guarded
def watch(
    tender: TenderId, *, plain: Plain = False, seconds: Seconds = None, until: Until = None,
    url: Url = HERE, cert: Cert = None, cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    drawn = sys.stdout.isatty() and not plain and not MODE.json
    work = _watch(Caller(url, cert, cert_passphrase_file, ca), tender, until, drawn=drawn)
    with contextlib.suppress(TimeoutError):
        run(asyncio.wait_for(work, seconds) if seconds else work)


async def _watch(caller: Caller, tender: str, until: str | None, *, drawn: bool) -> None:
    async with caller.anyone() as client:
        hall = Hall(await client.get(f"/api/tenders/{tender}/opening"))
        async with Feed(client, [(tender, "public")]) as feed:
            follow = _follow(client, feed, hall, tender, until, drawn=drawn)
            await (_on_screen(hall, feed, follow) if drawn else follow)


async def _follow(
    client: Client, feed: Feed, hall: Hall, tender: str, until: str | None, *, drawn: bool
) -> None:
    """Hear every entry; look into the hall again once nothing more is waiting."""
    if not drawn:
        note(hall.headline())
    while True:
        heard = await feed.next()
        hall.hear(heard)
        if not drawn:
            show({"seq": heard.seq, "kind": heard.kind, "at": heard.at, "body": heard.body}, hall.log[-1])
        if heard.kind == until:
            return
        if drawn and feed.is_caught_up:
            hall.look((await client.get(f"/api/tenders/{tender}/opening"))["hall"])


async def _on_screen(hall: Hall, feed: Feed, follow: object) -> None:
    from rich.console import Console
    from rich.live import Live

    listening = asyncio.ensure_future(follow)  # type: ignore[call-overload]
    with _keys() as pressed, Live(console=Console(), screen=True, auto_refresh=False) as live:
        while not listening.done() and not pressed.is_set():
            live.update(hall.picture(is_live=feed.is_live), refresh=True)
            await asyncio.wait([listening], timeout=1 / _FRAMES)
    if listening.done():
        listening.result()
    listening.cancel()


@contextlib.contextmanager
def _keys() -> Iterator[asyncio.Event]:
    """An event that q (or Ctrl-C) sets, while the terminal hands keys over one by one."""
    pressed = asyncio.Event()
    if not sys.stdin.isatty():
        yield pressed
        return
    import termios
    import tty

    handle, loop = sys.stdin.fileno(), asyncio.get_running_loop()
    before = termios.tcgetattr(handle)

    def read() -> None:
        if sys.stdin.read(1) in {"q", "Q", "\x03", ""}:
            pressed.set()

    tty.setcbreak(handle)
    loop.add_reader(handle, read)
    try:
        yield pressed
    finally:
        loop.remove_reader(handle)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
