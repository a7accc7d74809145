"""The layers of the notice: they come off last, in their order, and then every bid opens together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bidding.acts.opening import LayerKeyReleased
from bidding.opening import rules
from bidding.opening.hall import Hall, enter, span_of
from bidding.opening.service.outcomes import end_if_decided, withdraw_by_fault
from bidding.opening.stages import Stage
from bidding.opening.states import BidStatus
from bidding.opening.tables import LayerRelease
from bidding.opening.windows import WindowKind, is_open
from bidding.party.roles import Actor
from bidding.refusals.opening_keys import NotALayerHolder
from bidding.tender.terms import Layer
from crypto.age import recipient_of
from crypto.errors import KeyMalformed
from crypto.ledger import Unit


@dataclass(frozen=True, kw_only=True)
class LayerOrder:
    """A layer holder's identity ("AGE-SECRET-KEY-1…")."""

    tender_id: str
    identity: str


async def release_layer(unit: Unit, order: LayerOrder, *, actor: Actor) -> LayerRelease:
    """Take in and make public a layer's identity.

    Only when no bidder could still choose to release or not (S5), and in the order of the notice.
    Releasing again changes nothing. Raises NotALayerHolder, LayerTooEarly, LayerOutOfTurn,
    WrongLayerKey.
    """
    hall = await enter(unit, order.tender_id)
    released = {one.number: one for one in await _releases(hall)}
    layer = _layer(hall, actor, released)
    if layer.order in released:
        return released[layer.order]
    hall.refuse_not_running("key.layer-released")
    statuses = {bid.status for bid in await hall.bids()}
    rules.refuse_early_layer(stage=hall.opening.stage, statuses=statuses)
    due = min(one.order for one in hall.terms.layers if one.order not in released)
    rules.refuse_out_of_turn(order=layer.order, due=due)
    identity = order.identity.strip()
    rules.refuse_wrong_layer_key(order=layer.order, given=_recipient(identity), recipient=layer.recipient)
    return await _keep(hall, layer, identity, actor)


async def _keep(hall: Hall, layer: Layer, identity: str, actor: Actor) -> LayerRelease:
    row = LayerRelease(
        tender_id=hall.tender_id, number=layer.order, identity=identity,
        released_by=actor.label, released_at=hall.now,
    )  # fmt: skip
    hall.unit.session.add(row)
    act = LayerKeyReleased(
        tender_id=hall.tender_id, order=layer.order, recipient=layer.recipient, identity=identity
    )
    await hall.unit.record(act)
    await end_if_decided(hall)
    return row


def _layer(hall: Hall, actor: Actor, released: dict[int, LayerRelease]) -> Layer:
    mine = [
        layer
        for layer in hall.terms.layers
        if (layer.organisation_id, layer.person_id) == (actor.organisation_id, actor.person_id)
    ]
    if not mine:
        raise NotALayerHolder(tender_id=hall.tender_id)
    return next((layer for layer in mine if layer.order not in released), mine[-1])


def _recipient(identity: str) -> str | None:
    try:
        return recipient_of(identity)
    except KeyMalformed:
        return None


async def _releases(hall: Hall) -> Sequence[LayerRelease]:
    asked = select(LayerRelease).where(LayerRelease.tender_id == hall.tender_id)
    return (await hall.unit.session.execute(asked)).scalars().all()


async def give_up_layers(unit: Unit, tender_id: str, *, actor: Actor, cause: str) -> int:
    """The supervisor finds that a layer will not come: every bid still sealed counts as withdrawn (E-15).

    How many bids these were. Raises LayersNotMissing while the window stands or no layer is missing.
    """
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.DECRYPT_LAYERS)
    window = await hall.window(WindowKind.LAYERS)
    stands = window is not None and is_open(span_of(window), at=hall.now)
    missing = len(hall.terms.layers) - len(await _releases(hall))
    rules.refuse_layers_at_hand(tender_id=tender_id, missing=missing, is_window_open=stands)
    sealed = [bid for bid in await hall.bids() if bid.status is BidStatus.DECRYPT_QUEUED]
    for bid in sealed:
        await withdraw_by_fault(hall, bid, cause=cause, decided_by=actor.label)
    return len(sealed)
