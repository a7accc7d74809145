"""What a bidder does in the hall. Requests count by the instant they arrive, not when they are served."""

from bidding.opening import service
from bidding.opening.service import KeyRelease
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import KeyForm, NoteForm, ObjectionForm, RevocationForm
from web.opening_calls import asked_at, perform, perform_order, version_of
from web.views.openings import Acts

BIDDER = frozenset({Role.BIDDER})


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/sign-in",
    act="opening.signed-in",
    roles=BIDDER,
    returns=Acts,
    tag="opening",
    summary="签到",
    summary_en="Sign in",
)
async def sign_in_bidder(call: Call) -> Acts:
    return await perform(call, service.sign_in, actor=call.actor)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/key",
    act="key.bidder-released",
    roles=BIDDER,
    body=KeyForm,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="投标人解密",
    summary_en="Release my layer key",
)
async def release_key(call: Call, body: KeyForm) -> Acts:
    order = KeyRelease(
        tender_id=call.path["tender_id"], identity=body.identity, asked_at=await asked_at(call)
    )
    return await perform_order(call, service.release, order, atrest=call.app.atrest)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/price/confirmation",
    act="price.confirmed",
    roles=BIDDER,
    returns=Acts,
    tag="opening",
    summary="确认报价",
    summary_en="Confirm my items",
)
async def confirm_price(call: Call) -> Acts:
    return await perform(call, service.confirm_price, actor=call.actor, asked_at=await asked_at(call))


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/price/dispute",
    act="price.disputed",
    roles=BIDDER,
    body=NoteForm,
    returns=Acts,
    tag="opening",
    summary="对报价有异议",
    summary_en="Dispute my items",
)
async def dispute_price(call: Call, body: NoteForm) -> Acts:
    return await perform(
        call, service.dispute_price, actor=call.actor, note=body.note, asked_at=await asked_at(call)
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/objections",
    act="opening.objection-raised",
    roles=BIDDER,
    body=ObjectionForm,
    returns=Acts,
    tag="opening",
    summary="提出异议",
    summary_en="Object on the spot",
)
async def raise_objection(call: Call, body: ObjectionForm) -> Acts:
    return await perform(
        call, service.raise_objection, actor=call.actor, text=body.text, asked_at=await asked_at(call)
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/objections/none",
    act="opening.no-objection",
    roles=BIDDER,
    returns=Acts,
    tag="opening",
    summary="无异议",
    summary_en="I have no objection",
)
async def state_no_objection(call: Call) -> Acts:
    return await perform(call, service.state_no_objection, actor=call.actor, asked_at=await asked_at(call))


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/record/{version}/confirmation",
    act="record.confirmed",
    roles=BIDDER,
    returns=Acts,
    tag="opening",
    summary="确认开标记录",
    summary_en="Confirm this version of the record",
)
async def confirm_record(call: Call) -> Acts:
    return await perform(
        call,
        service.confirm_record,
        version=version_of(call),
        actor=call.actor,
        asked_at=await asked_at(call),
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/record/{version}/dispute",
    act="record.disputed",
    roles=BIDDER,
    body=NoteForm,
    returns=Acts,
    tag="opening",
    summary="对开标记录有异议",
    summary_en="Dispute this version of the record",
)
async def dispute_record(call: Call, body: NoteForm) -> Acts:
    return await perform(
        call,
        service.dispute_record,
        version=version_of(call),
        actor=call.actor,
        note=body.note,
        asked_at=await asked_at(call),
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/revocation",
    act="opening.bid-revoked",
    roles=BIDDER,
    body=RevocationForm,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="撤销投标",
    summary_en="Revoke my bid after the deadline",
)
async def revoke_bid(call: Call, body: RevocationForm) -> Acts:
    return await perform(call, service.revoke, actor=call.actor, reason=body.reason)
