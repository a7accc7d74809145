"""Shares, layers and the draw: those who hold a part of the chance or of the keys."""

from bidding.opening import service
from bidding.opening.service import BeaconEntry, LayerOrder, ShareRelease
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import (
    BeaconForm,
    Cause,
    DrawCommitment,
    DrawSecret,
    DrawTerms,
    FaultForm,
    KeyForm,
    ShareForm,
)
from web.opening_calls import asked_at, perform, perform_order
from web.views.openings import Acts

HOST = frozenset({Role.AGENCY_HOST})
SUPERVISOR = frozenset({Role.SUPERVISOR})
WITNESS_OR_SUPERVISOR = frozenset({Role.OPENING_WITNESS, Role.SUPERVISOR})
SHARE_HOLDER = frozenset({Role.SHARE_HOLDER})
LAYER_HOLDER = frozenset({Role.LAYER_HOLDER})
DRAW_PARTIES = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.SUPERVISOR, Role.BIDDER})
DESK = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.OPENING_WITNESS, Role.SUPERVISOR})


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/shares",
    act="key.share-posted",
    roles=SHARE_HOLDER,
    body=ShareForm,
    returns=Acts,
    tag="opening",
    summary="提交份额",
    summary_en="Post my share of a bid",
)
async def post_share(call: Call, body: ShareForm) -> Acts:
    order = ShareRelease(
        tender_id=call.path["tender_id"], bid_id=body.bid_id, share=body.share,
        asked_at=await asked_at(call),
    )  # fmt: skip
    return await perform_order(call, service.post_share, order, atrest=call.app.atrest)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/layers",
    act="key.layer-released",
    roles=LAYER_HOLDER,
    body=KeyForm,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="释放密钥层",
    summary_en="Release my layer",
)
async def release_layer(call: Call, body: KeyForm) -> Acts:
    order = LayerOrder(tender_id=call.path["tender_id"], identity=body.identity)
    return await perform_order(call, service.release_layer, order)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/layers/give-up",
    act="bid.unopened-system-fault",
    roles=SUPERVISOR,
    body=Cause,
    step_up=True,
    returns=Acts,
    tag="opening",
    summary="认定密钥层失效",
    summary_en="Find that a layer will not come",
)
async def give_up_layers(call: Call, body: Cause) -> Acts:
    return await perform(call, service.give_up_layers, actor=call.actor, cause=body.cause)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/faults",
    act="bid.unopened-system-fault",
    roles=WITNESS_OR_SUPERVISOR,
    body=FaultForm,
    returns=Acts,
    tag="opening",
    summary="认定非投标人原因",
    summary_en="Confirm that a fault is not the bidder's",
)
async def attribute_fault(call: Call, body: FaultForm) -> Acts:
    return await perform(
        call, service.attribute_fault, bidder_id=body.bidder_id, actor=call.actor, cause=body.cause
    )


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/few/confirmation",
    act="opening.few-decided",
    roles=SUPERVISOR,
    returns=Acts,
    tag="opening",
    summary="确认解密不足三家的处理",
    summary_en="Confirm what follows when fewer than three bids opened",
)
async def confirm_few(call: Call) -> Acts:
    return await perform(call, service.confirm_few, actor=call.actor)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/draw",
    act="draw.specified",
    roles=HOST,
    body=DrawTerms,
    returns=Acts,
    tag="opening",
    summary="发布抽取规则",
    summary_en="Fix the rules of the draw",
)
async def specify_draw(call: Call, body: DrawTerms) -> Acts:
    return await perform(call, service.specify_draw, reveal_seconds=body.reveal_seconds)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/draw/commitments",
    act="draw.committed",
    roles=DRAW_PARTIES,
    body=DrawCommitment,
    returns=Acts,
    tag="opening",
    summary="抽取承诺",
    summary_en="Commit to a secret",
)
async def commit_draw(call: Call, body: DrawCommitment) -> Acts:
    return await perform(call, service.commit_draw, actor=call.actor, commitment=body.commitment)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/draw/close",
    act="draw.commits-closed",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="承诺截止",
    summary_en="Close the commitments",
)
async def close_draw_commits(call: Call) -> Acts:
    return await perform(call, service.close_commits)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/draw/reveals",
    act="draw.revealed",
    roles=DRAW_PARTIES,
    body=DrawSecret,
    returns=Acts,
    tag="opening",
    summary="揭示",
    summary_en="Reveal the secret",
)
async def reveal_draw(call: Call, body: DrawSecret) -> Acts:
    return await perform(call, service.reveal_draw, actor=call.actor, secret=body.secret)


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/draw/beacon",
    act="draw.beacon-entered",
    roles=DESK,
    body=BeaconForm,
    returns=Acts,
    tag="opening",
    summary="录入公共随机源",
    summary_en="Type in the beacon",
)
async def enter_beacon(call: Call, body: BeaconForm) -> Acts:
    order = BeaconEntry(tender_id=call.path["tender_id"], value=body.value)
    return await perform_order(call, service.enter_beacon, order)
