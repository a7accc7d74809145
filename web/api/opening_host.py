"""The host's console: each button of the opening is one act."""

from bidding.opening import service
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import (
    AcceptanceRefusal,
    CloseForm,
    Discipline,
    Extension,
    FewForm,
    IdentityCheck,
    IncidentForm,
    PauseForm,
    ResumeForm,
)
from web.opening_calls import perform, window_kind
from web.views.openings import Acts

HOST = frozenset({Role.AGENCY_HOST})
HOST_OR_SUPERVISOR = frozenset({Role.AGENCY_HOST, Role.SUPERVISOR})


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/start",
    act="opening.started",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="开始开标",
    summary_en="Begin the opening",
)
async def start_opening(call: Call) -> Acts:
    return await perform(call, service.start)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/discipline",
    act="opening.discipline-read",
    roles=HOST,
    body=Discipline,
    returns=Acts,
    tag="opening",
    summary="宣布纪律",
    summary_en="The discipline was read out",
)
async def read_discipline(call: Call, body: Discipline) -> Acts:
    return await perform(call, service.read_discipline, text=body.text)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/advance",
    act="opening.stage-entered",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="进入下一步",
    summary_en="Go on to the next step",
)
async def advance_stage(call: Call) -> Acts:
    return await perform(call, service.advance)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/list",
    act="opening.bidder-list",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="公布投标人名单",
    summary_en="Publish the list of bidders",
)
async def publish_bidder_list(call: Call) -> Acts:
    return await perform(call, service.publish_list)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/acceptance-refusals",
    act="opening.acceptance-refused",
    roles=HOST,
    body=AcceptanceRefusal,
    returns=Acts,
    tag="opening",
    summary="拒收",
    summary_en="Refuse acceptance of a bid",
)
async def refuse_acceptance(call: Call, body: AcceptanceRefusal) -> Acts:
    return await perform(
        call, service.refuse_acceptance, bidder_id=body.bidder_id, cause=body.cause, reason=body.reason
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/identity-checks",
    act="opening.identity-checked",
    roles=HOST,
    body=IdentityCheck,
    returns=Acts,
    tag="opening",
    summary="核验身份",
    summary_en="Check a delegate",
)
async def check_identity(call: Call, body: IdentityCheck) -> Acts:
    return await perform(
        call, service.check_identity, bidder_id=body.bidder_id, is_ok=body.is_ok, note=body.note
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/deposits",
    act="opening.deposit-stated",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="查询保证金",
    summary_en="State the deposits",
)
async def state_deposits(call: Call) -> Acts:
    return await perform(call, service.state_deposits)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/cap",
    act="opening.cap-announced",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="公布最高投标限价",
    summary_en="Announce the price cap",
)
async def announce_cap(call: Call) -> Acts:
    return await perform(call, service.announce_cap)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/windows/{kind}/extension",
    act="window.extended",
    roles=HOST,
    body=Extension,
    returns=Acts,
    tag="opening",
    summary="延长时段",
    summary_en="Extend a window",
)
async def extend_window(call: Call, body: Extension) -> Acts:
    return await perform(
        call, service.extend, kind=window_kind(call), seconds=body.seconds, reason=body.reason
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/windows/{kind}/end",
    act="window.closed",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="提前结束时段",
    summary_en="End a window in which nobody can act any more",
)
async def end_window(call: Call) -> Acts:
    return await perform(call, service.close_early, kind=window_kind(call))


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/few",
    act="opening.few-proposed",
    roles=HOST,
    body=FewForm,
    returns=Acts,
    tag="opening",
    summary="解密不足三家的处理提议",
    summary_en="Propose what follows when fewer than three bids opened",
)
async def propose_few(call: Call, body: FewForm) -> Acts:
    return await perform(
        call, service.propose_few, actor=call.actor, decision=body.decision, reason=body.reason
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/announcements",
    act="bid.announced",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="唱标：下一家",
    summary_en="Read out the next bid",
)
async def announce_next_bid(call: Call) -> Acts:
    return await perform(call, service.announce_next, atrest=call.app.atrest)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/announcements/all",
    act="bid.announced",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="唱标：全部",
    summary_en="Read out every bid that is left",
)
async def announce_all_bids(call: Call) -> Acts:
    return await perform(call, service.announce_all, atrest=call.app.atrest)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/analysis",
    act="price.analysed",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="控制价分析",
    summary_en="Say what stands out among the prices",
)
async def analyse_prices(call: Call) -> Acts:
    return await perform(call, service.analyse_prices)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/close",
    act="opening.closed",
    roles=HOST,
    body=CloseForm,
    returns=Acts,
    tag="opening",
    summary="开标结束",
    summary_en="End the opening",
)
async def close_opening(call: Call, body: CloseForm) -> Acts:
    return await perform(call, service.close, note=body.note)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/pause",
    act="opening.paused",
    roles=HOST_OR_SUPERVISOR,
    body=PauseForm,
    returns=Acts,
    tag="opening",
    summary="暂停",
    summary_en="Pause; every countdown is frozen",
)
async def pause_opening(call: Call, body: PauseForm) -> Acts:
    return await perform(
        call,
        service.pause,
        actor=call.actor,
        reason=body.reason,
        document_no=body.document_no,
        resumes_at=body.resumes_at,
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/resume",
    act="opening.resumed",
    roles=HOST_OR_SUPERVISOR,
    body=ResumeForm,
    returns=Acts,
    tag="opening",
    summary="恢复",
    summary_en="Go on where it stood",
)
async def resume_opening(call: Call, body: ResumeForm) -> Acts:
    return await perform(call, service.resume, reason=body.reason)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/incidents",
    act="opening.incident",
    roles=HOST,
    body=IncidentForm,
    returns=Acts,
    tag="opening",
    summary="报告异常",
    summary_en="Report an incident to the supervisor",
)
async def report_incident(call: Call, body: IncidentForm) -> Acts:
    return await perform(
        call, service.report_incident, actor=call.actor, text=body.text, bidder_id=body.bidder_id
    )
