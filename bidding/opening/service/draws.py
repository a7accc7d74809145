"""The draw of a coefficient while every price is still sealed: specify, commit, reveal, beacon, result."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bidding.acts import public_stream
from bidding.acts.opening import (
    BeaconEntered,
    CoefficientDrawn,
    DrawCommitsClosed,
    DrawCommitted,
    DrawRevealed,
    DrawSpecified,
)
from bidding.opening.hall import Hall, enter
from bidding.opening.stages import Stage
from bidding.opening.states import STANDING
from bidding.opening.tables import Draw, DrawParty
from bidding.party.roles import Actor, Role
from bidding.refusals.opening_keys import (
    BeaconsDiffer,
    DrawOutOfOrder,
    DrawPartyUnknown,
    DrawSecretForeign,
)
from bidding.tender.terms import CoefficientSpec
from crypto import draws
from crypto.draws import drand
from crypto.errors import DrawInvalid
from crypto.jcs import digest
from crypto.ledger import Entry, Unit
from crypto.ledger.ids import new_id

DESK_PARTIES = (Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.SUPERVISOR)
SPECIFIED, REVEALING, TYPED, DRAWN = "specified", "revealing", "typed", "drawn"
DELTA = timedelta(seconds=5)
DRAND = "drand"


@dataclass(frozen=True, kw_only=True)
class BeaconEntry:
    """What one person read off the beacon: numbers, or for drand the round's signature (hex)."""

    tender_id: str
    value: str


async def specify_draw(unit: Unit, tender_id: str, *, reveal_seconds: int = 120) -> Draw:
    """D0: fix what is drawn, from what, by whom and by which beacon, before anything is known."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.COEFFICIENT_DRAW)
    await _refuse_state(hall, None)
    coefficient = _coefficient(hall)
    spec = _spec(hall, coefficient, await _parties(hall), seconds=reveal_seconds)
    row = Draw(
        tender_id=tender_id, draw_id=spec.draw_id, state=SPECIFIED, spec=spec.to_json(),
        spec_sha256=spec.digest(), reveals_until=spec.t_reveal,
    )  # fmt: skip
    unit.session.add(row)
    await unit.record(
        DrawSpecified(tender_id=tender_id, draw_id=spec.draw_id, spec=row.spec, spec_sha256=row.spec_sha256)
    )
    return row


def _coefficient(hall: Hall) -> CoefficientSpec:
    if hall.terms.coefficient is None:
        raise DrawOutOfOrder(state="none", attempted=DrawSpecified.kind)
    return hall.terms.coefficient


async def _parties(hall: Hall) -> tuple[str, ...]:
    bidders = (f"bidder-{bid.number}" for bid in await hall.bids() if bid.status in STANDING)
    return (*(role.value for role in DESK_PARTIES), *bidders)


def _spec(
    hall: Hall, coefficient: CoefficientSpec, parties: tuple[str, ...], *, seconds: int
) -> draws.DrawSpec:
    t_reveal = hall.now + timedelta(seconds=seconds)
    candidates = draws.public(coefficient.candidates)
    pick = draws.Pick(coefficient.label, 1, len(candidates), draws.commitment_to(candidates))
    return draws.DrawSpec(
        draw_id=new_id(), purpose="coefficient", picks=(pick,), parties=parties,
        beacons=(_beacon_source(hall, coefficient, t_reveal),), t_reveal=t_reveal, delta=DELTA,
    )  # fmt: skip


def _beacon_source(hall: Hall, coefficient: CoefficientSpec, t_reveal: datetime) -> draws.BeaconSource:
    if coefficient.beacon == DRAND:
        round_ = drand.first_round(t_reveal + DELTA)
        return draws.BeaconSource(draws.BeaconKind.DRAND, str(round_))
    return draws.BeaconSource(draws.BeaconKind.DICE, f"opening/{hall.tender_id}")


async def commit_draw(unit: Unit, tender_id: str, *, actor: Actor, commitment: str) -> Entry:
    """D1: a party commits to its 32 secret bytes (`crypto.draws.commit`). Raises DrawPartyUnknown."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.COEFFICIENT_DRAW)
    draw = await _refuse_state(hall, SPECIFIED)
    party = await _party(hall, draw, actor)
    if await unit.session.get(DrawParty, (tender_id, party)) is not None:
        raise DrawPartyUnknown(party=party)
    unit.session.add(DrawParty(tender_id=tender_id, party=party, commitment=commitment))
    return await unit.record(
        DrawCommitted(tender_id=tender_id, draw_id=draw.draw_id, party=party, commitment=commitment)
    )


async def _party(hall: Hall, draw: Draw, actor: Actor) -> str:
    held = actor.roles | actor.tender_roles
    mine = next((role.value for role in DESK_PARTIES if role in held), None)
    if mine is None:
        mine = f"bidder-{(await hall.own_bid(actor)).number}"
    if mine not in draw.spec["parties"]:
        raise DrawPartyUnknown(party=mine)
    return mine


async def close_commits(unit: Unit, tender_id: str) -> Entry:
    """D2: no further party; what was committed is bound by the hash of all commitments."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.COEFFICIENT_DRAW)
    draw = await _refuse_state(hall, SPECIFIED)
    parties = await _committed(hall)
    if not parties or draw.reveals_until is None:
        raise DrawOutOfOrder(state=draw.state, attempted=DrawCommitsClosed.kind)
    draw.commits_sha256 = digest([[one.party, one.commitment] for one in parties]).hex()
    draw.state = REVEALING
    return await unit.record(
        DrawCommitsClosed(
            tender_id=tender_id, draw_id=draw.draw_id, commits_sha256=draw.commits_sha256,
            reveals_until=draw.reveals_until,
        )
    )  # fmt: skip


async def reveal_draw(unit: Unit, tender_id: str, *, actor: Actor, secret: str) -> Entry:
    """D3: a party reveals what it committed to (hex). Raises DrawSecretForeign, DrawOutOfOrder."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.COEFFICIENT_DRAW)
    draw = await _refuse_state(hall, REVEALING)
    if draw.reveals_until is None or hall.now > draw.reveals_until:
        raise DrawOutOfOrder(state=draw.state, attempted=DrawRevealed.kind)
    party = await _party(hall, draw, actor)
    row = await unit.session.get(DrawParty, (tender_id, party))
    if row is None or row.secret is not None:
        raise DrawPartyUnknown(party=party)
    _refuse_foreign_secret(draw, row, secret)
    row.secret = secret
    return await unit.record(
        DrawRevealed(tender_id=tender_id, draw_id=draw.draw_id, party=party, secret=secret)
    )


def _refuse_foreign_secret(draw: Draw, row: DrawParty, secret: str) -> None:
    try:
        raw = bytes.fromhex(secret)
        draws.check_reveal(draw.draw_id, row.party, raw, commitment=row.commitment)
    except (DrawInvalid, ValueError):
        raise DrawSecretForeign(party=row.party) from None
    if raw.hex() != secret:
        raise DrawSecretForeign(party=row.party)


async def enter_beacon(unit: Unit, order: BeaconEntry, *, actor: Actor) -> Draw:
    """D4: a person types in the beacon after the reveals; the second one's typing decides the draw.

    drand needs one typing: its round is signed. Raises BeaconsDiffer, DrawOutOfOrder.
    """
    hall = await enter(unit, order.tender_id)
    hall.refuse_not_at(Stage.COEFFICIENT_DRAW)
    draw = await _refuse_state(hall, REVEALING, TYPED)
    spec = draws.DrawSpec.from_json(draw.spec)
    if hall.now < spec.beacon_from:
        raise DrawOutOfOrder(state=draw.state, attempted=BeaconEntered.kind)
    await _record_typing(hall, draw, order.value)
    if spec.beacons[0].kind is draws.BeaconKind.DRAND:
        await _finish(hall, draw, spec, _drand(spec, order.value))
    elif draw.state == REVEALING:
        draw.state, draw.first_value, draw.first_by = TYPED, order.value, actor.label
    else:
        await _finish(hall, draw, spec, _typed(hall, draw, spec, order.value, actor))
    return draw


async def _record_typing(hall: Hall, draw: Draw, value: str) -> None:
    await hall.unit.record(
        BeaconEntered(
            tender_id=hall.tender_id, draw_id=draw.draw_id, beacon=draw.spec["beacons"][0]["event"],
            value_sha256=digest([draw.draw_id, value]).hex(), nth=1 if draw.state == REVEALING else 2,
        )
    )  # fmt: skip


def _drand(spec: draws.DrawSpec, value: str) -> draws.Beacon:
    try:
        return draws.from_drand(int(spec.beacons[0].event), value)
    except DrawInvalid:
        raise BeaconsDiffer(beacon=spec.beacons[0].event) from None


def _typed(hall: Hall, draw: Draw, spec: draws.DrawSpec, value: str, actor: Actor) -> draws.Beacon:
    first = draws.Typed(draw.first_by or "", draw.first_value or "")
    try:
        second = draws.Typed(actor.label, value)
        return draws.enter(spec.beacons[0], first, second, at=hall.now)
    except DrawInvalid:
        raise BeaconsDiffer(beacon=spec.beacons[0].event) from None


async def _finish(hall: Hall, draw: Draw, spec: draws.DrawSpec, beacon: draws.Beacon) -> None:
    transcript = await _transcript(hall, draw, spec, beacon)
    (result,) = draws.recompute(transcript)
    draw.state, draw.transcript = DRAWN, draws.to_json(transcript)
    hall.opening.coefficient = result.chosen[0]
    await hall.unit.record(
        CoefficientDrawn(
            tender_id=hall.tender_id, draw_id=draw.draw_id, label=result.label,
            coefficient=result.chosen[0], transcript=draw.transcript,
        )
    )  # fmt: skip


async def _transcript(hall: Hall, draw: Draw, spec: draws.DrawSpec, beacon: draws.Beacon) -> draws.Transcript:
    when = await _instants(hall, draw)
    rows = await _committed(hall)
    return draws.Transcript(
        spec=spec,
        commitments=tuple(
            draws.Commitment(one.party, one.commitment, when[DrawCommitted.kind, one.party]) for one in rows
        ),
        checkpoint=draw.commits_sha256 or "",
        closed_at=when[DrawCommitsClosed.kind, ""],
        reveals=tuple(
            draws.Reveal(one.party, one.secret, when[DrawRevealed.kind, one.party])
            for one in rows
            if one.secret
        ),
        beacon=beacon,
        candidates={spec.picks[0].label: draws.public(_coefficient(hall).candidates)},
    )


async def _instants(hall: Hall, draw: Draw) -> dict[tuple[str, str], datetime]:
    """When each party committed and revealed, as the ledger says."""
    rows = await draw_entries(hall, draw)
    return {(entry.kind, json.loads(entry.text)["body"].get("party", "")): entry.at for entry in rows}


async def draw_entries(hall: Hall, draw: Draw) -> Sequence[Entry]:
    """The acts of this draw in the tender's public stream."""
    kinds = (DrawCommitted.kind, DrawCommitsClosed.kind, DrawRevealed.kind)
    asked = select(Entry).where(
        Entry.stream == public_stream(hall.tender_id),
        Entry.kind.in_(kinds),
        Entry.text.contains(draw.draw_id),
    )
    return (await hall.unit.session.execute(asked.order_by(Entry.seq))).scalars().all()


async def _committed(hall: Hall) -> Sequence[DrawParty]:
    asked = select(DrawParty).where(DrawParty.tender_id == hall.tender_id)
    return (await hall.unit.session.execute(asked.order_by(DrawParty.party))).scalars().all()


async def _refuse_state(hall: Hall, *states: str | None) -> Draw:
    draw = await hall.unit.session.get(Draw, hall.tender_id, populate_existing=True)
    state = draw.state if draw else None
    if state not in states:
        raise DrawOutOfOrder(state=state or "none", attempted=Stage.COEFFICIENT_DRAW.value)
    return draw  # type: ignore[return-value] # None is a state that only specify_draw asks for
