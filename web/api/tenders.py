"""The desk: projects, drafts checked against the law, publication, and every change after it."""

from dataclasses import replace

from bidding.party import queries as parties
from bidding.party.roles import Role
from bidding.tender import queries
from bidding.tender.check import report
from bidding.tender.defaults import Schedule, schedule
from bidding.tender.queries import PAGE, terms_of
from bidding.tender.ruleset import NEWEST
from bidding.tender.service import calendars, changes, drafts, halts
from bidding.tender.service.publication import Publication, publish
from bidding.tender.tables import Tender
from bidding.tender.terms import Terms
from crypto.ledger import Unit
from web.call import Call
from web.endpoint import endpoint
from web.forms.tenders import (
    After,
    AmendNotice,
    ConfirmYear,
    CreateProject,
    DraftForm,
    DraftTender,
    EditDraft,
    HaltTender,
    MoveDeadline,
    OverrideDay,
    PublishNotice,
    ScheduleAsk,
)
from web.views.tenders import (
    CalendarView,
    NoticePage,
    ProjectList,
    ProjectView,
    Report,
    ScheduleView,
    TenderView,
    calendar_view,
    notice_page,
    project_list,
    project_view,
    report_view,
    schedule_view,
    tender_view,
)

HOSTS = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
HALTERS = HOSTS | {Role.SUPERVISOR}
OPS = frozenset({Role.CENTRE_OPS})


@endpoint("POST", "/api/projects", act="project.created", roles=HOSTS, body=CreateProject,
          returns=ProjectView, status=201, tag="tender", summary="新建项目",
          summary_en="Open a project")  # fmt: skip
async def create_project(call: Call, body: CreateProject) -> ProjectView:
    async with call.acting() as unit:
        return project_view(await drafts.create_project(unit, body.order(), actor=call.actor))


@endpoint("GET", "/api/projects", act="project.read", roles=HOSTS, returns=ProjectList, tag="tender",
          summary="我的项目", summary_en="My organisation's projects")  # fmt: skip
async def list_projects(call: Call) -> ProjectList:
    async with call.reading() as session:
        return project_list(await queries.projects_of(session, call.actor.organisation_id))


@endpoint("POST", "/api/tenders", act="tender.drafted", roles=HOSTS, body=DraftTender, returns=TenderView,
          status=201, tag="tender", summary="新建标段草稿",
          summary_en="Draft a lot; dates left out are proposed by the rules")  # fmt: skip
async def draft_tender(call: Call, body: DraftTender) -> TenderView:
    async with call.acting() as unit:
        order = body.order(await _terms(unit, body.draft))
        tender = await drafts.draft_tender(unit, order, actor=call.actor)
        return await _shown(unit, tender)


@endpoint("PUT", "/api/tenders/{tender_id}/draft", act="tender.draft-edited", roles=HOSTS, body=EditDraft,
          returns=TenderView, tag="tender", summary="修改草稿", summary_en="Save a draft")  # fmt: skip
async def edit_draft(call: Call, body: EditDraft) -> TenderView:
    async with call.acting() as unit:
        terms = await _terms(unit, body.draft)
        tender = await drafts.edit_draft(unit, call.path["tender_id"], terms, revision=body.revision)
        return await _shown(unit, tender)


async def _terms(unit: Unit, form: DraftForm) -> Terms:
    return form.terms(await _proposed(unit, form) if form.needs_dates() else None)


async def _proposed(unit: Unit, form: DraftForm) -> Schedule:
    return schedule(
        start=form.docs_from or await unit.now(), project_type=form.project_type, regime=form.regime,
        rule_set_version=NEWEST, calendar=await queries.calendar(unit.session),
    )  # fmt: skip


async def _shown(unit: Unit, tender: Tender) -> TenderView:
    return tender_view(tender, now=await unit.now())


@endpoint("GET", "/api/desk/tenders", act="tender.read", roles=HOSTS | {Role.SUPERVISOR, Role.LAYER_HOLDER},
          query=After, returns=NoticePage, tag="tender", summary="我经办的标段",
          summary_en="The tenders I was given a role on, drafts too")  # fmt: skip
async def list_desk_tenders(call: Call) -> NoticePage:
    async with call.reading() as session:
        now = await call.app.clock(session)
        mine = await parties.tenders_of(session, call.actor, now=now)
        rows = await queries.of_desk(session, list(mine), after=call.query.after[-36:])
    return notice_page(rows, limit=PAGE, now=now)


@endpoint("POST", "/api/tenders/check", act="tender.checked", roles=HOSTS, body=DraftForm, returns=Report,
          tag="tender", summary="检查未保存的草稿",
          summary_en="What the law says of a draft that was not saved")  # fmt: skip
async def check_draft(call: Call, body: DraftForm) -> Report:
    async with call.reading() as session:
        unit = Unit(session, by=call.actor.label, clock=call.app.clock)
        terms = await _terms(unit, body)
        given = await queries.circumstances(session, terms, now=await unit.now())
    return report_view(terms, report(terms, given))


@endpoint("GET", "/api/tenders/{tender_id}/check", act="tender.checked", roles=HALTERS, returns=Report,
          tag="tender", summary="发布前检查", summary_en="What the law says of the tender now")  # fmt: skip
async def check_tender(call: Call) -> Report:
    async with call.reading() as session:
        terms = terms_of(await queries.get(session, call.path["tender_id"]))
        given = await queries.circumstances(session, terms, now=await call.app.clock(session))
    return report_view(terms, report(terms, given))


@endpoint("GET", "/api/schedule", act="schedule.read", roles={Role.PUBLIC}, query=ScheduleAsk,
          returns=ScheduleView, tag="tender", summary="按规则推算日程",
          summary_en="The earliest lawful dates")  # fmt: skip
async def propose_schedule(call: Call) -> ScheduleView:
    ask: ScheduleAsk = call.query
    async with call.reading() as session:
        start = ask.start or await call.app.clock(session)
        known = await queries.calendar(session)
    dates = schedule(
        start=start, project_type=ask.project_type, regime=ask.regime, rule_set_version=NEWEST, calendar=known
    )
    return schedule_view(dates)


@endpoint("POST", "/api/tenders/{tender_id}/notice", act="notice.published", roles=HOSTS,
          body=PublishNotice, returns=TenderView, step_up=True, tag="tender", summary="发布公告",
          summary_en="Publish the notice: its terms are fixed by hash")  # fmt: skip
async def publish_notice(call: Call, body: PublishNotice) -> TenderView:
    order = Publication(tender_id=call.path["tender_id"], reasons=body.reasons)
    async with call.acting() as unit:
        return await _shown(unit, await publish(unit, order))


@endpoint("POST", "/api/tenders/{tender_id}/amendments", act="notice.amended", roles=HOSTS,
          body=AmendNotice, returns=TenderView, status=201, step_up=True, tag="tender",
          summary="发布变更", summary_en="Publish a new version of the terms")  # fmt: skip
async def amend_notice(call: Call, body: AmendNotice) -> TenderView:
    async with call.acting() as unit:
        terms = await _amended(call, unit, body)
        return await _shown(unit, await changes.amend(unit, body.order(call.path["tender_id"], terms)))


async def _amended(call: Call, unit: Unit, body: AmendNotice) -> Terms:
    tender_id = call.path["tender_id"]
    kept = terms_of(await queries.get(unit.session, tender_id))
    documents = kept.documents
    if body.documents is not None:
        rows = [await queries.document(unit.session, tender_id, one) for one in body.documents]
        documents = tuple({"name": one.name, "size": one.size, "sha256": one.sha256} for one in rows)
    dates = Schedule(**{name: getattr(kept, name) for name in Schedule.__dataclass_fields__})
    return replace(
        body.draft.terms(dates), layers=kept.layers, committee=kept.committee, documents=documents,
        rule_set_version=kept.rule_set_version,
    )  # fmt: skip


@endpoint("POST", "/api/tenders/{tender_id}/extensions", act="deadline.extended", roles=HOSTS,
          body=MoveDeadline, returns=TenderView, status=201, step_up=True, tag="tender",
          summary="延长投标截止时间", summary_en="Move the deadline later")  # fmt: skip
async def extend_deadline(call: Call, body: MoveDeadline) -> TenderView:
    async with call.acting() as unit:
        tender_id = call.path["tender_id"]
        return await _shown(
            unit, await changes.extend_deadline(unit, tender_id, body.bid_deadline, reason=body.reason)
        )


@endpoint("POST", "/api/tenders/{tender_id}/rescheduling", act="tender.rescheduled", roles=HOSTS,
          body=MoveDeadline, returns=TenderView, status=201, step_up=True, tag="tender",
          summary="改期", summary_en="Give a tender that stands still a new deadline")  # fmt: skip
async def reschedule(call: Call, body: MoveDeadline) -> TenderView:
    async with call.acting() as unit:
        tender_id = call.path["tender_id"]
        return await _shown(
            unit, await changes.reschedule(unit, tender_id, body.bid_deadline, reason=body.reason)
        )


@endpoint("POST", "/api/tenders/{tender_id}/suspension", act="tender.suspended", roles=HALTERS,
          body=HaltTender, returns=TenderView, step_up=True, tag="tender", summary="中止招标",
          summary_en="Let the tender stand still")  # fmt: skip
async def suspend_tender(call: Call, body: HaltTender) -> TenderView:
    async with call.acting() as unit:
        order = body.order(call.path["tender_id"])
        return await _shown(unit, await halts.suspend(unit, order, actor=call.actor))


@endpoint("POST", "/api/tenders/{tender_id}/resumption", act="tender.resumed", roles=HALTERS,
          body=HaltTender, returns=TenderView, step_up=True, tag="tender", summary="恢复招标",
          summary_en="Let the tender go on")  # fmt: skip
async def resume_tender(call: Call, body: HaltTender) -> TenderView:
    async with call.acting() as unit:
        order = body.order(call.path["tender_id"])
        return await _shown(unit, await halts.resume(unit, order, actor=call.actor))


@endpoint("POST", "/api/tenders/{tender_id}/termination", act="tender.terminated", roles=HALTERS,
          body=HaltTender, returns=TenderView, step_up=True, tag="tender", summary="终止招标",
          summary_en="End the tender for good")  # fmt: skip
async def terminate_tender(call: Call, body: HaltTender) -> TenderView:
    async with call.acting() as unit:
        order = body.order(call.path["tender_id"])
        return await _shown(unit, await halts.terminate(unit, order, actor=call.actor))


@endpoint("POST", "/api/tenders/{tender_id}/retender", act="tender.retendered", roles=HOSTS,
          returns=TenderView, status=201, step_up=True, tag="tender", summary="重新招标",
          summary_en="Put a failed tender out again as a draft of the next round")  # fmt: skip
async def retender(call: Call) -> TenderView:
    async with call.acting() as unit:
        return await _shown(unit, await halts.retender(unit, call.path["tender_id"]))


@endpoint("PUT", "/api/calendar/days", act="calendar.day-overridden", roles=OPS, body=OverrideDay,
          returns=CalendarView, tag="calendar", summary="登记节假日或调休",
          summary_en="Make a day a holiday or a working day")  # fmt: skip
async def override_day(call: Call, body: OverrideDay) -> CalendarView:
    async with call.acting() as unit:
        await calendars.override_day(unit, body.day, is_workday=body.is_workday, name=body.name)
        return await _calendar(unit)


@endpoint("PUT", "/api/calendar/years", act="calendar.year-confirmed", roles=OPS, body=ConfirmYear,
          returns=CalendarView, tag="calendar", summary="确认年度日历",
          summary_en="Confirm a year against the State Council's notice")  # fmt: skip
async def confirm_year(call: Call, body: ConfirmYear) -> CalendarView:
    async with call.acting() as unit:
        await calendars.confirm_year(unit, body.year, document_no=body.document_no)
        return await _calendar(unit)


async def _calendar(unit: Unit) -> CalendarView:
    days = await queries.overrides(unit.session)
    return calendar_view((await queries.calendar(unit.session)).confirmed, days)
