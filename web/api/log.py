"""The transparency log, as outsiders read it (c2sp.org/tlog-tiles) and witness it (c2sp.org/tlog-witness)."""

from aiohttp import web
from pydantic import Field

from bidding.party.roles import Role
from crypto.errors import NoteInvalid
from crypto.ledger.log_queries import (
    NotInLog,
    ask_for,
    checkpoint,
    consistency,
    inclusion,
    keep_cosignature,
    tile,
)
from crypto.vkeys import VerifierKey
from web.call import Call
from web.endpoint import endpoint
from web.forms import Form, Query
from web.refusals import NoSuchPage
from web.views.log import LogKeys, LogProofView

ANYONE = frozenset({Role.PUBLIC})
_FOREVER = "public, max-age=31536000, immutable"
_SOON = "public, max-age=1"


class Cosign(Form):
    """A witness's answer: the size of the checkpoint, and its signature line under it."""

    size: int = Field(ge=0, le=2**53)
    line: str = Field(min_length=1, max_length=1000)


class Sizes(Query):
    """Two sizes of the log; `old` 0 is the empty tree."""

    old: int = Field(ge=0, le=2**53)
    new: int = Field(ge=0, le=2**53)


class Place(Query):
    """A leaf and the size of the tree that it is proved in."""

    index: int = Field(ge=0, le=2**53)
    size: int = Field(ge=1, le=2**53)


@endpoint(
    "GET",
    "/log/checkpoint",
    act="log.read",
    roles=ANYONE,
    media="text/plain",
    tag="log",
    summary="日志检查点",
    summary_en="The newest signed checkpoint with its cosignatures",
)
async def read_checkpoint(call: Call) -> web.Response:
    async with call.reading() as session:
        try:
            note = (await checkpoint(session)).note
        except NotInLog:
            raise NoSuchPage from None
    return _text(str(note), _SOON)


@endpoint(
    "GET",
    "/log/checkpoint/{size}",
    act="log.read",
    roles=ANYONE,
    media="text/plain",
    tag="log",
    summary="历史检查点",
    summary_en="The checkpoint of that many leaves",
)
async def read_old_checkpoint(call: Call) -> web.Response:
    async with call.reading() as session:
        try:
            note = (await checkpoint(session, _number(call.path["size"]))).note
        except NotInLog:
            raise NoSuchPage from None
    return _text(str(note), _SOON)


@endpoint(
    "GET",
    "/log/tile/{tile:.+}",
    act="log.read",
    roles=ANYONE,
    media="application/octet-stream",
    tag="log",
    summary="日志瓦片",
    summary_en="A tile of hashes, or of entries, at its C2SP path",
)
async def read_tile(call: Call) -> web.Response:
    async with call.reading() as session:
        try:
            content = await tile(session, f"tile/{call.path['tile']}")
        except NotInLog:
            raise NoSuchPage from None
    return web.Response(
        body=content, content_type="application/octet-stream", headers={"Cache-Control": _FOREVER}
    )


@endpoint(
    "GET",
    "/log/consistency",
    act="log.read",
    roles=ANYONE,
    query=Sizes,
    returns=LogProofView,
    tag="log",
    summary="一致性证明",
    summary_en="Why the tree of `new` leaves continues the one of `old`",
)
async def read_consistency(call: Call) -> LogProofView:
    async with call.reading() as session:
        try:
            path = await consistency(session, call.query.old, call.query.new)
        except (NotInLog, ValueError):
            raise NoSuchPage from None
    return LogProofView(path=[one.hex() for one in path])


@endpoint(
    "GET",
    "/log/inclusion",
    act="log.read",
    roles=ANYONE,
    query=Place,
    returns=LogProofView,
    tag="log",
    summary="包含证明",
    summary_en="Why the leaf at `index` is in the tree of `size` leaves",
)
async def read_inclusion(call: Call) -> LogProofView:
    async with call.reading() as session:
        try:
            await checkpoint(session, call.query.size)
            path = await inclusion(session, call.query.index, call.query.size)
        except (NotInLog, ValueError):
            raise NoSuchPage from None
    return LogProofView(path=[one.hex() for one in path])


@endpoint(
    "GET",
    "/log/keys",
    act="log.read",
    roles=ANYONE,
    returns=LogKeys,
    tag="log",
    summary="日志与见证方公钥",
    summary_en="Whose signatures are on this log's checkpoints",
)
async def read_log_keys(call: Call) -> LogKeys:
    log = call.app.settings.log
    return LogKeys(
        name=log.name, vkey=str(call.app.log_signer.vkey), witnesses=list(log.witnesses), quorum=log.quorum
    )


@endpoint(
    "GET",
    "/log/trust",
    act="log.read",
    roles=ANYONE,
    media="application/json",
    raw=True,
    tag="log",
    summary="验证信任文件",
    summary_en="The trust file of the offline verifier; get it from someone you trust as well",
)
async def read_trust(call: Call) -> web.Response:
    return web.Response(text=call.app.trust_file.dumps(), content_type="application/json")


@endpoint(
    "GET",
    "/log/witness/{old}",
    act="log.read",
    roles=ANYONE,
    media="text/plain",
    tag="log",
    summary="见证请求",
    summary_en="What a witness that has seen `old` leaves is asked to cosign",
)
async def read_witness_request(call: Call) -> web.Response:
    async with call.reading() as session:
        try:
            asked = await ask_for(session, _number(call.path["old"]))
        except (NotInLog, ValueError):
            raise NoSuchPage from None
    return _text(str(asked), "no-store")


@endpoint(
    "POST",
    "/log/cosign/{witness}",
    act="log.cosign",
    roles=ANYONE,
    body=Cosign,
    tag="log",
    summary="提交见证签名",
    summary_en="Hand in a cosignature; only keys of the configured witnesses are kept",
)
async def keep_line(call: Call, body: Cosign) -> None:
    witness = _witness(call, call.path["witness"])
    async with call.acting() as unit:
        try:
            await keep_cosignature(unit.session, body.size, witness, body.line)
        except NotInLog:
            raise NoSuchPage from None


def _witness(call: Call, name: str) -> VerifierKey:
    for line in call.app.settings.log.witnesses:
        key = VerifierKey.parse(line)
        if key.name == name:
            return key
    raise NoteInvalid("not a witness of this log")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 16:  # noqa: PLR2004 -- below 2**53
        raise NoSuchPage
    return int(text)


def _text(text: str, cache: str) -> web.Response:
    return web.Response(
        body=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8", "Cache-Control": cache}
    )
