"""The record and its signatures, the answers to objections, and an end by document."""

from bidding.opening import service
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import ObjectionForm, Remarks, SignatureForm, TerminationForm
from web.opening_calls import perform, version_of
from web.views.openings import Acts

RECORDERS = frozenset({Role.AGENCY_HOST, Role.RECORDER})
ON_DUTY = frozenset(
    {
        Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS, Role.SUPERVISOR,
    }
)  # fmt: skip
ANSWERING = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
ENDING = frozenset({Role.PROCURING_ENTITY, Role.SUPERVISOR})


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/record",
    act="record.drawn",
    roles=RECORDERS,
    body=Remarks,
    status=201,
    returns=Acts,
    tag="opening",
    summary="生成开标记录表",
    summary_en="Draw up a version of the record",
)
async def draw_record(call: Call, body: Remarks) -> Acts:
    return await perform(call, service.draw_record, actor=call.actor, remarks=body.remarks)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/record/{version}/signatures",
    act="record.signed",
    roles=ON_DUTY,
    body=SignatureForm,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="签署开标记录表",
    summary_en="Sign this version of the record",
)
async def sign_record(call: Call, body: SignatureForm) -> Acts:
    return await perform(
        call, service.sign_record, version=version_of(call), role=body.role, actor=call.actor
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/objections/{objection_id}/answer",
    act="opening.objection-answered",
    roles=ANSWERING,
    body=ObjectionForm,
    returns=Acts,
    tag="opening",
    summary="答复异议",
    summary_en="Answer an objection on the spot",
)
async def answer_objection(call: Call, body: ObjectionForm) -> Acts:
    return await perform(
        call,
        service.answer_objection,
        objection_id=call.path["objection_id"],
        actor=call.actor,
        answer=body.text,
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/termination",
    act="opening.terminated",
    roles=ENDING,
    body=TerminationForm,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="终止开标",
    summary_en="End the opening for good, by document",
)
async def terminate_opening(call: Call, body: TerminationForm) -> Acts:
    return await perform(call, service.terminate, reason=body.reason, document_no=body.document_no)
