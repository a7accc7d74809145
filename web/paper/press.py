"""Printing and signing in a worker thread: the event loop only waits."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from crypto.errors import DocumentInvalid, TimestampInvalid
from crypto.pdf import Level, Stamp, sign_pdf
from web.paper import words
from web.paper.blocks import Printed
from web.paper.fonts import REGULAR, path
from web.paper.house import House
from web.refusals import PaperUnsigned

if TYPE_CHECKING:
    from web.app import App

Make = Callable[[House], Printed]

# The fonts' tables of subsets are shared by all documents, and two pages at once win nothing under one GIL.
_ONE_AT_A_TIME = Lock()


def house_of(app: "App") -> House:
    """Who prints here."""
    site = app.settings.site
    return House(name=site.name, operator=site.operator, origin=site.origin)


async def pressed(app: "App", make: Make, *, reason: str) -> bytes:
    """What *make* prints, signed by the platform for the long term (PAdES B-LTA) with a visible stamp.

    Raises FontsAbsent, and PaperUnsigned where it could not be signed or stamped.
    """
    async with app.db.reading() as session:
        now = await app.clock(session)
    loop = asyncio.get_running_loop()

    def stamped(asked: bytes) -> bytes:
        return asyncio.run_coroutine_threadsafe(app.timestamps.respond(asked), loop).result()

    printed = await asyncio.to_thread(_print, make, house_of(app))
    try:
        return await asyncio.to_thread(_sign, app, printed, now, stamped, reason)
    except (DocumentInvalid, TimestampInvalid) as error:
        raise PaperUnsigned from error


def _print(make: Make, house: House) -> Printed:
    with _ONE_AT_A_TIME:
        return make(house)


def _sign(
    app: "App", printed: Printed, now: datetime, stamped: Callable[[bytes], bytes], reason: str
) -> bytes:
    issuers = (app.authority.issuing.certificate,) if app.authority else ()
    return sign_pdf(
        printed.pdf, app.platform, now=now, level=Level.B_LTA, stamp=_stamp(app, printed, now), tsa=stamped,
        trust=app.trust, certificates=issuers, reason=reason, location=app.settings.site.operator,
    )  # fmt: skip


def _stamp(app: "App", printed: Printed, now: datetime) -> Stamp:
    lines = (app.settings.site.operator, "电子签名 Electronic signature", words.instant(now))
    return Stamp(lines=lines, box=printed.box, page=printed.page, font=path(REGULAR), font_size=10)
