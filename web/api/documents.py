"""The files of the bidding documents: stored by the desk, read by those who took them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import web

from bidding.bid.vault import Part
from bidding.party.roles import Role
from bidding.refusals.tender import DocumentsUntaken, DocumentTooLarge
from bidding.tender import queries
from bidding.tender.service.documents import StoredFile, store_document
from bidding.tender.tables import Document
from crypto.ledger.ids import new_id
from web.call import Call
from web.endpoint import endpoint
from web.forms.tenders import FileName
from web.views.tenders import DocumentList, DocumentView, document_list, document_view

HOSTS = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
DESK = HOSTS | {Role.SUPERVISOR, Role.RECORDER, Role.OPENING_WITNESS, Role.LAYER_HOLDER, Role.SHARE_HOLDER}
LARGEST = 500 * 1024 * 1024
_PIECE = 1024 * 1024


@endpoint("GET", "/api/tenders/{tender_id}/documents", act="documents.read", roles=DESK | {Role.BIDDER},
          returns=DocumentList, tag="document", summary="招标文件列表",
          summary_en="The stored files of the documents; a bidder sees those the notice names")  # fmt: skip
async def list_documents(call: Call) -> DocumentList:
    async with call.reading() as session:
        rows = await queries.documents(session, call.path["tender_id"])
        if not call.actor.tender_roles & DESK:
            tender = await queries.get_public(session, call.path["tender_id"])
            named = {one["sha256"] for one in queries.terms_of(tender).documents}
            rows = [row for row in rows if row.sha256 in named]
    return document_list(rows)


@endpoint("POST", "/api/tenders/{tender_id}/documents", act="tender.document-stored", roles=HOSTS,
          query=FileName, returns=DocumentView, status=201, raw=True, max_body=LARGEST, tag="document",
          summary="上传招标文件", summary_en="Store a file; the body is the file itself")  # fmt: skip
async def upload_document(call: Call) -> DocumentView:
    key, digest = f"documents/{new_id()}", hashlib.sha256()
    size = await call.app.vault.put(key, _limited(call), digests=[digest])
    file = StoredFile(name=call.query.name, size=size, sha256=digest.hexdigest(), key=key)
    try:
        async with call.acting() as unit:
            row = await store_document(unit, call.path["tender_id"], file)
    except BaseException:
        await call.app.vault.delete([key])
        raise
    if row.key != key:  # the same file was there already
        await call.app.vault.delete([key])
    return document_view(row)


async def _limited(call: Call) -> AsyncIterator[bytes]:
    size = 0
    async for piece in call.request.content.iter_any():
        size += len(piece)
        if size > LARGEST:
            raise DocumentTooLarge(limit=LARGEST)
        yield piece


@endpoint("GET", "/api/tenders/{tender_id}/documents/{sha256}", act="documents.read",
          roles=DESK | {Role.BIDDER}, media="application/octet-stream", tag="document",
          summary="下载招标文件", summary_en="Read a file that one has taken")  # fmt: skip
async def download_document(call: Call) -> web.StreamResponse:
    tender_id, actor = call.path["tender_id"], call.actor
    async with call.reading() as session:
        if not actor.tender_roles & DESK:
            await queries.get_public(session, tender_id)
            if not await queries.has_taken(session, tender_id, actor.organisation_id):
                raise DocumentsUntaken
        row = await queries.document(session, tender_id, call.path["sha256"])
    return await _sent(call, row)


async def _sent(call: Call, row: Document) -> web.StreamResponse:
    name = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    response = web.StreamResponse(headers={"Content-Disposition": name, "Cache-Control": "private, no-store"})
    response.content_type, response.content_length = "application/octet-stream", row.size
    await response.prepare(call.request)
    with call.app.vault.reader([Part(key=row.key, start=0, size=row.size)]) as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            await response.write(piece)
    await response.write_eof()
    return response
