"""What everyone may ask about tenders, signed in or not."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.party.roles import Role
from bidding.tender import queries
from bidding.tender.queries import Filter
from bidding.tender.states import PUBLIC_STATES, TenderState
from bidding.tender.tables import Tender
from web.call import Call
from web.endpoint import endpoint
from web.forms.tenders import AfterEntry, NoticeSearch
from web.refusals import FormDefect
from web.views.tenders import (
    CalendarView,
    Choices,
    ClarificationList,
    NoticePage,
    TenderView,
    Timeline,
    VersionList,
    calendar_view,
    choices,
    clarification_view,
    notice_page,
    tender_view,
    timeline,
    version_list,
)

PUBLIC = frozenset({Role.PUBLIC})
DESK = frozenset({
    Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS, Role.LAYER_HOLDER,
    Role.SHARE_HOLDER, Role.SUPERVISOR,
})  # fmt: skip
S = TenderState
STAGES = {
    "all": PUBLIC_STATES,
    "coming": frozenset({S.NOTICE_PUBLISHED}),
    "open": frozenset({S.BIDDING}),
    "paused": frozenset({S.OBJECTION_PAUSED, S.SUSPENDED}),
    "opening": frozenset({S.DEADLINE, S.OPENING}),
    "opened": frozenset({S.OPENED}),
    "ended": frozenset({S.FAILED, S.TERMINATED, S.RETENDERED}),
}


@endpoint("GET", "/api/notices", act="notices.read", roles=PUBLIC, query=NoticeSearch, returns=NoticePage,
          tag="notice", summary="公告列表", summary_en="Published tenders, filtered")  # fmt: skip
async def list_notices(call: Call) -> NoticePage:
    ask: NoticeSearch = call.query
    wanted = Filter(
        text=ask.text, category=ask.category, project_type=ask.project_type, township=ask.township,
        states=STAGES[ask.stage], since=ask.since, until=ask.until,
    )  # fmt: skip
    async with call.reading() as session:
        rows = await queries.published(session, wanted, after=_after(ask.after), limit=ask.limit)
        return notice_page(rows, limit=ask.limit, now=await call.app.clock(session))


def _after(text: str) -> tuple[datetime, str] | None:
    if not text:
        return None
    at, _, name = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        why = "not a place in the list"
        raise FormDefect(defects=[{"in": "query", "field": "after", "kind": "format", "why": why}])
    return moment, name


@endpoint("GET", "/api/deadlines", act="notices.read", roles=PUBLIC, returns=NoticePage, tag="notice",
          summary="即将截止的项目", summary_en="The tenders that close next")  # fmt: skip
async def list_deadlines(call: Call) -> NoticePage:
    async with call.reading() as session:
        now = await call.app.clock(session)
        rows = await queries.coming_deadlines(session, now=now)
    return notice_page(rows, limit=len(rows) + 1, now=now)


@endpoint("GET", "/api/tenders/{tender_id}", act="tender.read", roles=PUBLIC, returns=TenderView,
          tag="notice", summary="项目现状",
          summary_en="A tender as it stands; drafts are for their own desk")  # fmt: skip
async def read_tender(call: Call) -> TenderView:
    async with call.reading() as session:
        tender = await visible(call, session)
        return tender_view(tender, now=await call.app.clock(session))


async def visible(call: Call, session: AsyncSession) -> Tender:
    """The path's tender as this caller may know it. Raises TenderAbsent."""
    if call.actor.tender_roles & DESK:
        return await queries.get(session, call.path["tender_id"])
    return await queries.get_public(session, call.path["tender_id"])


@endpoint("GET", "/api/tenders/{tender_id}/notices", act="tender.read", roles=PUBLIC, returns=VersionList,
          tag="notice", summary="公告各版本", summary_en="All versions, chained by hash")  # fmt: skip
async def list_versions(call: Call) -> VersionList:
    async with call.reading() as session:
        tender = await visible(call, session)
        return version_list(await queries.versions(session, tender.id))


@endpoint("GET", "/api/tenders/{tender_id}/timeline", act="tender.read", roles=PUBLIC, query=AfterEntry,
          returns=Timeline, tag="notice", summary="项目时间轴",
          summary_en="What everyone may hear of a tender, in order")  # fmt: skip
async def read_timeline(call: Call) -> Timeline:
    async with call.reading() as session:
        tender = await visible(call, session)
        return timeline(await queries.timeline(session, tender.id, after=call.query.after))


@endpoint("GET", "/api/tenders/{tender_id}/clarifications", act="tender.read", roles=PUBLIC,
          returns=ClarificationList, tag="notice", summary="澄清与答疑",
          summary_en="Clarifications; a bidder sees which it has read")  # fmt: skip
async def list_clarifications(call: Call) -> ClarificationList:
    async with call.reading() as session:
        tender, read = await visible(call, session), None
        if Role.BIDDER in call.actor.tender_roles:
            read = await queries.read_by(session, tender.id, call.actor.organisation_id)
        rows = await queries.clarifications(session, tender.id)
    return ClarificationList(clarifications=[clarification_view(row, read) for row in rows])


@endpoint("GET", "/api/choices", act="choices.read", roles=PUBLIC, returns=Choices, tag="notice",
          summary="乡镇与项目类型", summary_en="Townships, project types and their usual sheets")  # fmt: skip
async def read_choices(call: Call) -> Choices:
    del call
    return choices()


@endpoint("GET", "/api/calendar", act="calendar.read", roles=PUBLIC, returns=CalendarView, tag="calendar",
          summary="节假日历", summary_en="Years confirmed and days entered against the seed")  # fmt: skip
async def read_calendar(call: Call) -> CalendarView:
    async with call.reading() as session:
        days = await queries.overrides(session)
        return calendar_view((await queries.calendar(session)).confirmed, days)
