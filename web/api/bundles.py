"""The archive of an opening as one zip, which anyone verifies offline."""

import asyncio
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, finalize

from aiohttp import web

from bidding.acts import public_stream
from bidding.party.roles import Role
from crypto.ledger import head
from crypto.ledger.engine import Database
from crypto.verify.writing import zipped
from web.call import Call
from web.endpoint import endpoint
from web.export import PUBLIC, SUPERVISION, export, refuse_unfinished
from web.forms.bundles import BundleAsk
from web.refusals import RoleMissing

if TYPE_CHECKING:
    from web.app import App

WHOLE = frozenset({Role.SUPERVISOR, Role.PROCURING_ENTITY})
"""Who may have the supervision edition: it holds the bidders' keys."""

_KEPT = 8


@endpoint("GET", "/api/tenders/{tender_id}/bundle", act="bundle.read", roles={Role.PUBLIC}, query=BundleAsk,
          media="application/zip", tag="record", summary="开标档案包",
          summary_en="The archive of an opening, for offline verification")  # fmt: skip
async def read_bundle(call: Call) -> web.StreamResponse:
    _refuse_foreign(call)
    async with call.reading() as session:
        await refuse_unfinished(session, call.path["tender_id"])
    kept = await shelf_of(call.app).folder(call.app, call.path["tender_id"], call.query.edition)
    return await _send(call, kept)


def _refuse_foreign(call: Call) -> None:
    everywhere = call.actor.roles & {Role.SUPERVISOR}
    is_whole = call.query.edition == SUPERVISION
    if is_whole and not (call.actor.tender_roles | everywhere) & WHOLE:
        raise RoleMissing(needed=", ".join(sorted(WHOLE)))


async def _send(call: Call, kept: "Kept") -> web.StreamResponse:
    name = f"{call.path['tender_id']}-{call.query.edition}.zip"
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(call.request)
    pieces = zipped(kept.folder)
    while piece := await asyncio.to_thread(_next, pieces):
        await response.write(piece)
    await response.write_eof()
    return response


def _next(pieces: Iterator[bytes]) -> bytes:
    """The next piece that holds anything; nothing at the end."""
    return next((piece for piece in pieces if piece), b"")


class Kept:
    """A bundle in a folder of its own, which goes when nobody reads it any more."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="qifeng-bundle-"))
        self.folder = self.home / "bundle"
        finalize(self, shutil.rmtree, self.home, ignore_errors=True)


class Shelf:
    """Public editions that were asked for lately; made one at a time, and anew once more has happened.

    The supervision edition is made for each who asks and never kept: it holds keys.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Kept]] = OrderedDict()
        self._gate = asyncio.Lock()

    async def folder(self, app: "App", tender_id: str, edition: str) -> Kept:
        """The bundle of *edition*. Raises what `export` raises."""
        async with self._gate:
            if edition != PUBLIC:
                return await _made(app, tender_id, edition)
            async with app.db.reading() as session:
                newest = await head(session, public_stream(tender_id))
            known = self._kept.get(tender_id)
            kept = known[1] if known and known[0] == newest else await _made(app, tender_id, edition)
            self._keep(tender_id, newest, kept)
            return kept

    def _keep(self, tender_id: str, newest: int, kept: Kept) -> None:
        self._kept[tender_id] = (newest, kept)
        self._kept.move_to_end(tender_id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


async def _made(app: "App", tender_id: str, edition: str) -> Kept:
    kept = await asyncio.to_thread(Kept)
    await export(app, tender_id, edition, kept.folder)
    return kept


_SHELVES: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()


def shelf_of(app: "App") -> Shelf:
    """The one shelf of a platform."""
    return _SHELVES.setdefault(app.db, Shelf())
