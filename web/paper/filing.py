"""Papers are printed, signed, stored and then told of in the ledger, each content once."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import public_stream
from bidding.acts.paper import PaperFiled
from bidding.bid.vault import Part
from bidding.opening.record import record_of
from bidding.paper import OF_A_VERSION, Paper
from bidding.paper.queries import Filed, Shelf, shelf_of, vault_key
from bidding.refusals.paper import PaperAbsent
from bidding.tender.terms import unfold
from crypto.errors import LedgerBroken
from crypto.jcs import digest
from crypto.ledger.streams import lock
from web.unit import working

if TYPE_CHECKING:
    from web.app import App
    from web.paper.press import Make

BY = "platform/paper"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A paper as it would be printed now; `content_sha256` names exactly what it shows."""

    tender_id: str
    paper: Paper
    version: int
    content_sha256: str
    make: "Make"


async def settle(app: "App", tender_id: str) -> list[Filed]:
    """File what the tender's opening has come to and is not filed yet; the newest file of each paper.

    Raises FontsAbsent and PaperUnsigned: then nothing is told, and it can be tried again.
    """
    async with app.db.reading() as session:
        shelf = await shelf_of(session, tender_id)
    papers = OF_A_VERSION if shelf.newest else ()
    done = [await file_paper(app, tender_id, paper, shelf.newest) for paper in papers]
    return done + ([await file_paper(app, tender_id, Paper.FAILURE, 0)] if shelf.failure else [])


async def file_paper(app: "App", tender_id: str, paper: Paper, version: int) -> Filed:
    """The signed file of what *paper* shows now, made if need be. Raises PaperAbsent, and as `settle`."""
    async with app.db.reading() as session:
        shelf = await shelf_of(session, tender_id)
        draft = await drafted(session, tender_id, shelf, paper, version)
    known = shelf.showing(paper, version, draft.content_sha256)
    return known or await _make(app, draft)


async def current(app: "App", tender_id: str, paper: Paper, version: int) -> Filed:
    """The file to hand out: as drawn up while answers come in, as they stood at the close afterwards."""
    async with app.db.reading() as session:
        shelf = await shelf_of(session, tender_id)
    filed = shelf.showing(paper, version)
    if filed and not (shelf.is_closed and version == shelf.newest):
        return filed
    return await file_paper(app, tender_id, paper, version)


async def content_of(app: "App", filed: Filed) -> bytes:
    """The file's bytes, which are those that were told of. Raises LedgerBroken where they are not."""
    return await asyncio.to_thread(_read, app, filed)


def _read(app: "App", filed: Filed) -> bytes:
    with app.vault.reader([Part(key=filed.key, start=0, size=filed.size)]) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != filed.file_sha256:
        raise LedgerBroken(f"the file {filed.key} is not what the ledger says")
    return content


async def drafted(session: AsyncSession, tender_id: str, shelf: Shelf, paper: Paper, version: int) -> Draft:
    """What *paper* shows now. Raises PaperAbsent."""
    if paper is Paper.FAILURE:
        return await _failure(session, tender_id, shelf)
    if version not in {one.number for one in shelf.versions}:
        raise PaperAbsent(paper=paper.value, version=version)
    from web.paper.lists import sign_in_pdf, submissions_pdf
    from web.paper.record import record_pdf

    data = await record_of(session, tender_id, version)
    content: dict[str, Any] = {"paper": paper.value, "version": version, "record_sha256": data.sha256}
    if paper is Paper.RECORD:
        content |= {
            "is_closed": shelf.is_closed,
            "confirmations": unfold(data.confirmations),
            "signatures": unfold(data.signatures),
        }
    make = {
        Paper.RECORD: partial(record_pdf, data),
        Paper.SIGN_IN: partial(sign_in_pdf, data),
        Paper.SUBMISSIONS: partial(submissions_pdf, data),
    }[paper]
    return _draft(tender_id, paper, version, content, make)


async def _failure(session: AsyncSession, tender_id: str, shelf: Shelf) -> Draft:
    from web.paper.failure import failure_of, failure_pdf

    if shelf.failure is None:
        raise PaperAbsent(paper=Paper.FAILURE.value)
    data = await failure_of(session, tender_id, shelf.failure)
    content = {"paper": Paper.FAILURE.value, **unfold(data)}
    return _draft(tender_id, Paper.FAILURE, 0, content, partial(failure_pdf, data))


def _draft(tender_id: str, paper: Paper, version: int, content: Mapping[str, Any], make: "Make") -> Draft:
    return Draft(
        tender_id=tender_id, paper=paper, version=version, content_sha256=digest(content).hex(), make=make
    )


async def _make(app: "App", draft: Draft) -> Filed:
    from web.paper.press import pressed

    pdf = await pressed(app, draft.make, reason=f"{draft.paper.value} {draft.content_sha256}")
    sha256 = hashlib.sha256(pdf).hexdigest()
    key = vault_key(draft.tender_id, sha256)
    await app.vault.put_bytes(key, pdf)
    filed = await _tell(app, draft, sha256, len(pdf))
    if filed.file_sha256 != sha256:  # another replica was faster
        await app.vault.delete([key])
    return filed


async def _tell(app: "App", draft: Draft, sha256: str, size: int) -> Filed:
    async with working(app, by=BY) as unit:
        await lock(unit.session, public_stream(draft.tender_id))
        shelf = await shelf_of(unit.session, draft.tender_id)
        known = shelf.showing(draft.paper, draft.version, draft.content_sha256)
        if known:
            return known
        await unit.record(
            PaperFiled(
                tender_id=draft.tender_id, paper=draft.paper.value, version=draft.version,
                content_sha256=draft.content_sha256, file_sha256=sha256, size=size,
            )
        )  # fmt: skip
        return Filed(
            tender_id=draft.tender_id, paper=draft.paper, version=draft.version, at=await unit.now(),
            content_sha256=draft.content_sha256, file_sha256=sha256, size=size,
        )  # fmt: skip
