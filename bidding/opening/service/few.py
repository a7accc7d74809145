"""Fewer than three bids opened: the host proposes, the supervisor confirms, the bidding document decides."""

from bidding.acts.opening import FewDecryptedDecided, FewDecryptedProposed
from bidding.opening import rules
from bidding.opening.hall import Hall, enter
from bidding.opening.service.deadline import fail
from bidding.opening.stages import Stage
from bidding.opening.states import OPENED
from bidding.party.roles import Actor
from bidding.refusals.opening import FewUndecided, StageUnfinished
from bidding.tender.terms import FewDecrypted
from crypto.ledger import Entry, Unit


async def propose_few(
    unit: Unit, tender_id: str, *, actor: Actor, decision: FewDecrypted, reason: str
) -> Entry:
    """The host proposes what the bidding document provides. Raises FewDecisionForeign."""
    hall, _ = await _few(unit, tender_id)
    rules.refuse_foreign_decision(policy=hall.terms.few_decrypted.value, decision=decision.value)
    hall.opening.few_proposed, hall.opening.few_proposed_by = decision.value, actor.label
    return await unit.record(
        FewDecryptedProposed(tender_id=tender_id, decision=decision.value, reason=reason)
    )


async def confirm_few(unit: Unit, tender_id: str, *, actor: Actor) -> Entry:
    """The supervisor confirms; the opening then fails, or goes on to the committee.

    Raises FewUndecided where nothing was proposed, SamePerson.
    """
    hall, opened = await _few(unit, tender_id)
    proposed, proposer = hall.opening.few_proposed, hall.opening.few_proposed_by
    if proposed is None or proposer is None:
        raise FewUndecided(opened=opened, minimum=rules.MINIMUM)
    rules.refuse_same_person(first=proposer, second=actor.label, attempted=FewDecryptedDecided.kind)
    hall.opening.few_decision = proposed
    entry = await unit.record(
        FewDecryptedDecided(tender_id=tender_id, decision=proposed, opened=opened, proposed_by=proposer)
    )
    if proposed == FewDecrypted.FAIL:
        await fail(hall, cause="too-few-decrypted", count=opened)
    return entry


async def _few(unit: Unit, tender_id: str) -> tuple[Hall, int]:
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.DECRYPT_LAYERS)
    opened = sum(bid.status in OPENED for bid in await hall.bids())
    if hall.opening.decryption_ended_at is None or opened >= rules.MINIMUM:
        raise StageUnfinished(stage=hall.opening.stage.value, missing="decryption")
    return hall, opened
