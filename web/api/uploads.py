"""Resumable uploads by tus 1.0 (creation, termination, checksum, expiration), seen by their owner alone."""

import asyncio
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from aiohttp import ClientError, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bidding.bid import uploads
from bidding.bid.queries import parts_of
from bidding.bid.receiver import Checksum, Piece, Receiver
from bidding.bid.rules import refuse_large_upload, refuse_out_of_step, refuse_taken
from bidding.bid.tables import Upload
from bidding.bid.uploads import UploadLimits, UploadOrder
from bidding.bid.vault import Vault
from bidding.party.roles import Role
from bidding.refusals import Refusal
from bidding.refusals.bid import BidUnencrypted, ChecksumMismatch, UploadBusy, UploadMalformed, UploadTooLarge
from web.call import Call
from web.endpoint import endpoint
from web.problems import MEDIA_TYPE, problem
from web.refusals import WrongMedia
from web.unit import unbroken
from web.views.bids import UploadList, upload_list
from web.wire import encode

VERSION = "1.0.0"
MEDIA = "application/offset+octet-stream"
UPLOADS = "/api/tenders/{tender_id}/uploads"
UPLOAD = UPLOADS + "/{upload_id}"
BIDDER = frozenset({Role.BIDDER})
OBJECT = re.compile(r"(sheet|docs|key-sheet|key-docs|share-[1-9][0-9]{0,2})\.age")
CHECKSUMS = {"sha256": 32, "sha1": 20}  # digest sizes in bytes; tus asks every server for sha1
_CHECKSUM_MISMATCH = 460  # tus 1.0, checksum extension
_BUSY = 503  # what tus clients try again by themselves
_LARGEST = 2**53
_LOST = (TimeoutError, ConnectionError, ClientError, HttpProcessingError, web.RequestPayloadError)


@endpoint("OPTIONS", UPLOADS, act="upload.read", roles={Role.PUBLIC}, status=204, raw=True, tag="upload",
          summary="断点续传能力", summary_en="What of tus 1.0 is offered")  # fmt: skip
async def offer_uploads(call: Call) -> web.Response:
    return _answer(204, **{
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,termination,checksum,expiration",
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        "Tus-Max-Size": str(call.app.settings.storage.max_bid_bytes),
    })  # fmt: skip


@endpoint("POST", UPLOADS, act="upload.begun", roles=BIDDER, status=201, raw=True, tag="upload",
          summary="建立上传任务", summary_en="Begin an upload")  # fmt: skip
async def begin_upload(call: Call) -> web.Response:
    _refuse_version(call)
    order = _order(call)
    async with call.acting() as unit:
        upload = await uploads.begin(unit, order, actor=call.actor, limits=_limits(call))
    return _answer(201, Location=f"{call.request.path}/{upload.id}", **_expiry(upload))


@endpoint("GET", UPLOADS, act="upload.read", roles=BIDDER, returns=UploadList, tag="upload",
          summary="本单位的上传任务", summary_en="My uploads that no bid has taken")  # fmt: skip
async def list_uploads(call: Call) -> UploadList:
    async with call.reading() as session:
        rows = await uploads.untaken(session, call.path["tender_id"], call.actor.organisation_id)
    return upload_list(rows)


@endpoint("HEAD", UPLOAD, act="upload.read", roles=BIDDER, raw=True, tag="upload",
          summary="查询上传进度", summary_en="Where an upload stands")  # fmt: skip
async def tell_upload(call: Call) -> web.Response:
    _refuse_version(call)
    upload = await _own(call)
    standing = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return _answer(200, **standing, **_expiry(upload))


@endpoint("PATCH", UPLOAD, act="upload.advanced", roles=BIDDER, status=204, raw=True, tag="upload",
          summary="续传数据块", summary_en="Send the next bytes of an upload")  # fmt: skip
async def advance_upload(call: Call) -> web.Response:
    _refuse_version(call)
    _refuse_media(call)
    upload = await _own(call)
    refuse_taken(state=upload.state)
    refuse_out_of_step(received=upload.received, offset=_number(call, "Upload-Offset"))
    # A client that goes away ends its piece, not our bookkeeping: what arrived is kept for its return.
    return await unbroken(_take(call, upload))


@endpoint("DELETE", UPLOAD, act="upload.discarded", roles=BIDDER, status=204, raw=True, tag="upload",
          summary="放弃上传任务", summary_en="Give an upload up")  # fmt: skip
async def discard_upload(call: Call) -> web.Response:
    _refuse_version(call)
    async with call.acting() as unit:
        keys = await uploads.discard(unit, call.path["upload_id"], actor=call.actor)
    await call.app.vault.delete(keys)
    return _answer(204)


@lru_cache(maxsize=8)
def receiver_of(vault: Vault) -> Receiver:
    """The one receiver of a vault: its running digests and its slots are the process's own."""
    return Receiver(vault)


async def _own(call: Call) -> Upload:
    async with call.reading() as session:
        return await uploads.own(session, call.path["upload_id"], call.actor.organisation_id)


async def _take(call: Call, upload: Upload) -> web.Response:
    try:
        piece = await _receive(call, upload)
    except ChecksumMismatch as refusal:
        return _told(call, refusal, _CHECKSUM_MISMATCH)
    except UploadBusy as refusal:
        return _told(call, refusal, _BUSY, **{"Retry-After": "1"})
    return await _count_in(call, upload, piece)


async def _receive(call: Call, upload: Upload) -> Piece:
    limit = min(call.app.settings.storage.max_part_bytes, upload.size - upload.received)
    try:
        refuse_large_upload(size=call.request.content_length or 0, limit=limit)
        return await receiver_of(call.app.vault).receive(
            upload.id, _chunks(call), owner_id=upload.owner_id, start=upload.received, limit=limit,
            checksum=_checksum(call),
        )  # fmt: skip
    except (BidUnencrypted, UploadTooLarge) as refusal:
        async with call.acting():  # so that the bidder finds it in its record
            raise refusal  # noqa: TRY201 -- raised inside, it is written down


async def _count_in(call: Call, upload: Upload, piece: Piece) -> web.Response:
    receiver = receiver_of(call.app.vault)
    if piece.size == 0:
        await receiver.drop(piece)
        return _answer(204, **{"Upload-Offset": str(upload.received)}, **_expiry(upload))
    whole = await _whole_digest(call, upload, piece) if piece.end == upload.size else None
    try:
        async with call.acting() as unit:
            upload = await uploads.advance(unit, piece, actor=call.actor, limits=_limits(call), sha256=whole)
    except Refusal:
        await receiver.drop(piece)  # refused, so surely not counted; after a fault the sweep decides
        raise
    receiver.counted(piece)
    return _answer(204, **{"Upload-Offset": str(upload.received)}, **_expiry(upload))


async def _whole_digest(call: Call, upload: Upload, piece: Piece) -> str:
    """Before the transaction: nothing is hashed while locks are held."""
    async with call.reading() as session:
        parts = await parts_of(session, upload.id)
    return await receiver_of(call.app.vault).digest(piece, uploads.with_piece(parts, piece))


async def _chunks(call: Call) -> AsyncIterator[bytes]:
    # A connection that breaks or falls silent ends the piece; what arrived is kept and counted.
    idle, body = call.app.settings.server.upload_idle_seconds, call.request.content
    call.app.arriving.add(body)
    try:
        while chunk := await _chunk(body, idle):
            yield chunk
    finally:
        call.app.arriving.discard(body)


async def _chunk(body: StreamReader, idle: int) -> bytes:
    try:
        async with asyncio.timeout(idle):
            return await body.readany()
    except _LOST:
        return b""


def _limits(call: Call) -> UploadLimits:
    storage = call.app.settings.storage
    return UploadLimits(quota=2 * storage.max_bid_bytes, lifetime=timedelta(hours=storage.upload_hours))


def _order(call: Call) -> UploadOrder:
    told = _metadata(call.request.headers.get("Upload-Metadata", ""))
    name = told.get("name") or told.get("filename") or ""
    size = _number(call, "Upload-Length")
    if not OBJECT.fullmatch(name):
        raise UploadMalformed(defects=["Upload-Metadata: name"])
    if size < 1:
        raise UploadMalformed(defects=["Upload-Length"])
    return UploadOrder(tender_id=call.path["tender_id"], name=name, size=size)


def _metadata(header: str) -> dict[str, str]:
    told = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            told[name] = b64decode(encoded, validate=True).decode()
        except ValueError:
            raise UploadMalformed(defects=["Upload-Metadata"]) from None
    return told


def _number(call: Call, header: str) -> int:
    text = call.request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or int(text) >= _LARGEST:
        raise UploadMalformed(defects=[header])
    return int(text)


def _checksum(call: Call) -> Checksum | None:
    header = call.request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, encoded = header.partition(" ")
    try:
        digest = b64decode(encoded, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != CHECKSUMS.get(algorithm):
        raise UploadMalformed(defects=["Upload-Checksum"])
    return Checksum(algorithm, digest)


def _refuse_version(call: Call) -> None:
    if call.request.headers.get("Tus-Resumable") != VERSION:
        raise web.HTTPPreconditionFailed(headers={"Tus-Version": VERSION})


def _refuse_media(call: Call) -> None:
    if call.request.content_type != MEDIA:
        raise WrongMedia(expected=MEDIA)


def _expiry(upload: Upload) -> dict[str, str]:
    at: datetime | None = upload.expires_at
    return {} if at is None else {"Upload-Expires": format_datetime(at.astimezone(UTC), usegmt=True)}


def _told(call: Call, refusal: Refusal, status: int, **headers: str) -> web.Response:
    body = problem(refusal, request_id=call.request_id) | {"status": status}
    answer = _answer(status, **headers)
    answer.text, answer.content_type = encode(body), MEDIA_TYPE
    return answer


def _answer(status: int, **headers: str) -> web.Response:
    return web.Response(
        status=status, headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers}
    )
