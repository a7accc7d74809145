"""Who holds the keys, and the ceremony that shows that each key is in its holder's hands and works."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from bidding.acts.tender import HolderKeyGiven, HoldersNamed, LivenessAsked, LivenessFallsDue, LivenessProven
from bidding.party import queries as parties
from bidding.party.roles import Actor, Role
from bidding.party.service.appointments import NewAppointment, seat
from bidding.refusals.tender import (
    LivenessUnasked,
    LivenessWrong,
    NotAHolder,
    RecipientMalformed,
    TenderOutOfOrder,
)
from bidding.tender import queries, rules
from bidding.tender.check import rule_set_of
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.service.moves import move, rewrite
from bidding.tender.states import BEFORE_DEADLINE, TenderState
from bidding.tender.tables import KeyProof, Tender
from bidding.tender.terms import Committee, Layer, ShareHolder, Terms
from crypto.age import is_recipient
from crypto.keys import liveness_challenge, new_nonce
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

ANSWER_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class HolderName:
    """A person of an organisation that is to hold a key."""

    organisation_id: str
    person_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Holders:
    """The layers from the outermost in, and the committee with its threshold, if any."""

    layers: tuple[HolderName, ...]
    threshold: int = 0
    members: tuple[HolderName, ...] = ()


async def name_holders(unit: Unit, tender_id: str, order: Holders) -> Tender:
    """Name who holds the keys of a draft; keys that a person gave already are kept.

    Raises TenderOutOfOrder after publication, ThresholdTooLow, HoldsBoth, NotAMember.
    """
    tender = await lock_tender(unit, tender_id)
    terms = _with_holders(terms_of(tender), order)
    if terms.committee:
        rules.refuse_threshold_too_low(m=terms.committee.m, n=len(terms.committee.members))
        rules.refuse_holds_both(layers=terms.layers, members=terms.committee.members)
    named = terms.plain()
    act = HoldersNamed(tender_id=tender.id, layers=tuple(named["layers"]), committee=named["committee"])
    await move(unit, tender, act)
    rewrite(tender, terms)
    await _seat_all(unit, tender, terms)
    return tender


def _with_holders(terms: Terms, order: Holders) -> Terms:
    given = {one.person_id: one.recipient for one in rules.holders_of(terms)}
    layers = tuple(
        Layer(order=number, recipient=given.get(one.person_id, ""), **vars(one))
        for number, one in enumerate(order.layers, 1)
    )
    members = tuple(
        ShareHolder(number=number, recipient=given.get(one.person_id, ""), **vars(one))
        for number, one in enumerate(order.members, 1)
    )
    return replace(
        terms, layers=layers, committee=Committee(m=order.threshold, members=members) if members else None
    )


async def _seat_all(unit: Unit, tender: Tender, terms: Terms) -> None:
    seated = await parties.appointments_at_desk(unit.session, tender.id, now=await unit.now())
    known = {(one.person_id, one.role) for one in seated}
    for one in rules.holders_of(terms):
        role = Role.LAYER_HOLDER if isinstance(one, Layer) else Role.SHARE_HOLDER
        if (one.person_id, role) not in known:
            await seat(
                unit,
                NewAppointment(
                    tender_id=tender.id,
                    organisation_id=one.organisation_id,
                    person_id=one.person_id,
                    role=role,
                ),
            )


async def give_key(unit: Unit, tender_id: str, recipient: str, *, actor: Actor) -> Tender:
    """Hand in the age recipient that bids will be sealed to, or replace it before publication.

    Raises TenderOutOfOrder, NotAHolder, RecipientMalformed.
    """
    tender = await lock_tender(unit, tender_id)
    terms = terms_of(tender)
    _refuse_no_holder(terms, actor)
    if not is_recipient(recipient):
        raise RecipientMalformed
    act = HolderKeyGiven(tender_id=tender.id, person_id=actor.person_id, recipient=recipient)
    await move(unit, tender, act)
    rewrite(tender, _with_key(terms, actor.person_id, recipient))
    return tender


def _with_key(terms: Terms, person_id: str, recipient: str) -> Terms:
    layers = tuple(
        replace(one, recipient=recipient) if one.person_id == person_id else one for one in terms.layers
    )
    if terms.committee is None:
        return replace(terms, layers=layers)
    members = tuple(
        replace(one, recipient=recipient) if one.person_id == person_id else one
        for one in terms.committee.members
    )
    return replace(terms, layers=layers, committee=replace(terms.committee, members=members))


async def ask_liveness(unit: Unit, tender_id: str, *, actor: Actor) -> KeyProof:
    """Make a small age file to the actor's recipient; only its key can tell what is in it.

    Raises NotAHolder, and TenderOutOfOrder once the deadline has fallen.
    """
    tender = await lock_tender(unit, tender_id)
    recipient = _recipient_of(tender, actor)
    nonce, now = new_nonce(), await unit.now()
    proof = KeyProof(
        id=new_id(), tender_id=tender.id, person_id=actor.person_id, recipient=recipient,
        nonce_sha256=_sha256(nonce.hex().encode()), challenge=liveness_challenge(recipient, nonce),
        asked_at=now, expires_at=now + ANSWER_WITHIN,
    )  # fmt: skip
    unit.session.add(proof)
    await unit.record(
        LivenessAsked(
            tender_id=tender.id, person_id=actor.person_id, recipient=recipient,
            challenge_sha256=_sha256(proof.challenge), expires_at=proof.expires_at,
        )
    )  # fmt: skip
    return proof


async def prove_liveness(unit: Unit, tender_id: str, proof_id: str, nonce: str, *, actor: Actor) -> KeyProof:
    """Take the answer to a question of liveness. Raises LivenessUnasked, LivenessWrong, NotAHolder."""
    tender = await lock_tender(unit, tender_id)
    recipient, now = _recipient_of(tender, actor), await unit.now()
    asked = select(KeyProof).where(KeyProof.id == proof_id, KeyProof.tender_id == tender.id)
    proof = (await unit.session.execute(asked.with_for_update())).scalar_one_or_none()
    if proof is None or proof.recipient != recipient or proof.proven_at or now > proof.expires_at:
        raise LivenessUnasked
    if not hmac.compare_digest(_sha256(nonce.encode()), proof.nonce_sha256):
        raise LivenessWrong
    proof.proven_at = now
    act = LivenessProven(
        tender_id=tender.id, person_id=actor.person_id, recipient=recipient,
        challenge_sha256=_sha256(proof.challenge),
    )  # fmt: skip
    await unit.record(act)
    return proof


async def liveness_falls_due(unit: Unit, tender_id: str) -> None:
    """Shortly before the deadline name, once, the holders who have not proven their keys again."""
    tender = await lock_tender(unit, tender_id)
    if tender.state is not TenderState.BIDDING or tender.liveness_checked_at:
        return
    tender.liveness_checked_at = now = await unit.now()
    terms, proofs = terms_of(tender), await queries.proofs(unit.session, tender.id)
    since = now - timedelta(days=rule_set_of(terms).liveness_again_days)
    silent = [one for one in rules.holders_of(terms) if proofs.get(one.recipient, since) <= since]
    if silent:
        people = tuple(one.person_id for one in silent)
        await unit.record(LivenessFallsDue(tender_id=tender.id, people=people))


def _recipient_of(tender: Tender, actor: Actor) -> str:
    if tender.state not in BEFORE_DEADLINE:
        raise TenderOutOfOrder(state=tender.state.value, attempted=LivenessAsked.kind)
    terms = terms_of(tender)
    _refuse_no_holder(terms, actor)
    found = next(one.recipient for one in rules.holders_of(terms) if one.person_id == actor.person_id)
    if not found:
        raise RecipientMalformed
    return found


def _refuse_no_holder(terms: Terms, actor: Actor) -> None:
    if actor.person_id not in {one.person_id for one in rules.holders_of(terms)}:
        raise NotAHolder


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
