"""The opening record and its sheets as signed PDF files."""

from aiohttp import web

from bidding.paper import Paper
from bidding.paper.queries import Filed, Shelf, shelf_of
from bidding.paper.rules import refuse_unpublished
from bidding.party.roles import Role
from bidding.refusals.paper import PaperAbsent
from bidding.tender.queries import get_public
from web.call import Call
from web.endpoint import endpoint
from web.opening_calls import version_of
from web.paper.filing import content_of, current
from web.views.records import RecordList, record_list

ANYONE = frozenset({Role.PUBLIC})
PDF = "application/pdf"


@endpoint("GET", "/api/tenders/{tender_id}/records", act="record.read", roles=ANYONE, returns=RecordList,
          tag="record", summary="开标记录版本与签名文件",
          summary_en="Versions of the record, and the signed files")  # fmt: skip
async def list_records(call: Call) -> RecordList:
    return record_list(call.path["tender_id"], await _shelf(call))


@endpoint("GET", "/api/tenders/{tender_id}/records/{version}", act="record.read", roles=ANYONE, media=PDF,
          tag="record", summary="开标记录表（PDF，已签名）",
          summary_en="A version of the record as a signed PDF")  # fmt: skip
async def read_record(call: Call) -> web.Response:
    return await _paper(call, Paper.RECORD)


@endpoint("GET", "/api/tenders/{tender_id}/records/{version}/sign-in", act="record.read", roles=ANYONE,
          media=PDF, tag="record", summary="投标人签到表（PDF，已签名）",
          summary_en="The sign-in sheet as a signed PDF")  # fmt: skip
async def read_sign_in(call: Call) -> web.Response:
    return await _paper(call, Paper.SIGN_IN)


@endpoint("GET", "/api/tenders/{tender_id}/records/{version}/submissions", act="record.read", roles=ANYONE,
          media=PDF, tag="record", summary="投标文件递交时间签字表（PDF，已签名）",
          summary_en="The sheet of submission times as a signed PDF")  # fmt: skip
async def read_submissions(call: Call) -> web.Response:
    return await _paper(call, Paper.SUBMISSIONS)


@endpoint("GET", "/api/tenders/{tender_id}/failure", act="record.read", roles=ANYONE, media=PDF,
          tag="record", summary="流标记录（PDF，已签名）",
          summary_en="The record of a failed opening as a signed PDF")  # fmt: skip
async def read_failure(call: Call) -> web.Response:
    async with call.reading() as session:
        await get_public(session, call.path["tender_id"])
    return await _file(call, await current(call.app, call.path["tender_id"], Paper.FAILURE, 0))


@endpoint("GET", "/api/tenders/{tender_id}/papers/{sha256}", act="record.read", roles=ANYONE, media=PDF,
          tag="record", summary="按指纹取签名文件", summary_en="A signed file by its SHA-256")  # fmt: skip
async def read_paper(call: Call) -> web.Response:
    shelf = await _shelf(call)
    for one in shelf.filed:
        if one.file_sha256 == call.path["sha256"]:
            return await _file(call, one)
    raise PaperAbsent(paper=call.path["sha256"][:64])


async def _shelf(call: Call) -> Shelf:
    """The shelf, if the caller may see it yet; a failed opening has nothing to hide."""
    async with call.reading() as session:
        await get_public(session, call.path["tender_id"])
        shelf = await shelf_of(session, call.path["tender_id"])
    everywhere = call.actor.roles & {Role.SUPERVISOR, Role.CENTRE_OPS}
    is_open = shelf.is_published or shelf.failure is not None
    refuse_unpublished(is_published=is_open, roles=call.actor.tender_roles | everywhere)
    return shelf


async def _paper(call: Call, paper: Paper) -> web.Response:
    await _shelf(call)
    return await _file(call, await current(call.app, call.path["tender_id"], paper, version_of(call)))


async def _file(call: Call, filed: Filed) -> web.Response:
    name = f"{filed.paper}-{filed.version}.pdf"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "no-cache",
        "ETag": f'"{filed.file_sha256}"',
    }
    return web.Response(body=await content_of(call.app, filed), content_type=PDF, headers=headers)
