"""Looking into the hall: the list of openings, the hall as the caller may see it, the record, the shares."""

from datetime import timedelta

from aiohttp import web

from bidding.opening import queries
from bidding.opening.record import record_of
from bidding.opening.states import OpeningState
from bidding.opening.view import Audience, hall
from bidding.party.roles import Actor, Role
from bidding.refusals.opening import OpeningAbsent
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import OpeningsQuery
from web.opening_calls import version_of
from web.unit import DESK
from web.views.openings import HallAnswer, OpeningList, RecordAnswer, ShareTasks

EVERYONE = frozenset({Role.PUBLIC})
SHARE_HOLDER = frozenset({Role.SHARE_HOLDER})
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=7)
_OCTETS = "application/octet-stream"


@endpoint(
    "GET",
    "/api/openings",
    act="opening.read",
    roles=EVERYONE,
    query=OpeningsQuery,
    returns=OpeningList,
    tag="opening",
    summary="开标会列表",
    summary_en="Openings by deadline",
)
async def list_openings(call: Call) -> OpeningList:
    async with call.reading() as session:
        now = await call.app.clock(session)
        since, until = call.query.since or now - _BEFORE, call.query.until or now + _AFTER
        found = await queries.openings(session, since=since, until=until)
    return OpeningList(now=now, openings=found)


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening",
    act="opening.read",
    roles=EVERYONE,
    returns=HallAnswer,
    tag="opening",
    summary="开标大厅",
    summary_en="The hall, as the caller may see it now",
)
async def read_hall(call: Call) -> HallAnswer:
    audience = audience_of(call.actor)
    mine = call.actor.organisation_id if audience is Audience.BIDDER else None
    async with call.reading() as session:
        now = await call.app.clock(session)
        seen = await hall(session, call.path["tender_id"], audience=audience, now=now, bidder_id=mine)
    return HallAnswer(hall=seen)


def audience_of(actor: Actor) -> Audience:
    """How the actor looks into the hall: from the desk, as a bidder, or from the public gallery."""
    if (actor.tender_roles | (actor.roles & {Role.SUPERVISOR})) & DESK:
        return Audience.DESK
    return Audience.BIDDER if Role.BIDDER in actor.tender_roles else Audience.PUBLIC


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening/record",
    act="record.read",
    roles=EVERYONE,
    returns=RecordAnswer,
    tag="opening",
    summary="开标记录表",
    summary_en="The newest version of the record",
)
async def read_record(call: Call) -> RecordAnswer:
    return await _record(call, None)


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening/record/{version}",
    act="record.read",
    roles=EVERYONE,
    returns=RecordAnswer,
    tag="opening",
    summary="开标记录表某一版",
    summary_en="One version of the record",
)
async def read_record_version(call: Call) -> RecordAnswer:
    return await _record(call, version_of(call))


async def _record(call: Call, version: int | None) -> RecordAnswer:
    """Before it is published (E-18) the record is for those who are in the hall."""
    async with call.reading() as session:
        opening = await queries.opening_of(session, call.path["tender_id"])
        is_public = opening.state is OpeningState.PUBLISHED
        if audience_of(call.actor) is Audience.PUBLIC and not is_public:
            raise OpeningAbsent(tender_id=call.path["tender_id"])
        return RecordAnswer(record=await record_of(session, call.path["tender_id"], version))


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening/shares",
    act="share.read",
    roles=SHARE_HOLDER,
    returns=ShareTasks,
    tag="opening",
    summary="待提交的份额",
    summary_en="The shares that are asked of me",
)
async def list_shares(call: Call) -> ShareTasks:
    async with call.reading() as session:
        return ShareTasks(shares=await queries.share_tasks(session, call.path["tender_id"], call.actor))


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening/shares/{bid_id}",
    act="share.read",
    roles=SHARE_HOLDER,
    media=_OCTETS,
    tag="opening",
    summary="我的份额文件",
    summary_en="My share of one bid, as an age file",
)
async def read_share(call: Call) -> web.Response:
    async with call.reading() as session:
        stored = await queries.share_object(session, call.path["tender_id"], call.path["bid_id"], call.actor)
    with call.app.vault.reader(stored.parts) as file:
        content = file.read()
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=content, content_type=_OCTETS, headers=headers)
