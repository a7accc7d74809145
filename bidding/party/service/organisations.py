"""Organisations: enter, amend, state a tie to the operator."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from bidding.acts.party import AffiliationStated, OrganisationAmended, OrganisationRegistered
from bidding.party.identifiers import normal
from bidding.party.kinds import OrganisationKind
from bidding.party.rules import refuse_bad_uscc, refuse_colliding_kinds, refuse_empty_name
from bidding.party.service.rows import add_unique
from bidding.party.tables import Organisation
from bidding.refusals.party import OrganisationAbsent, OrganisationKnown
from crypto.ledger import Unit
from crypto.ledger.ids import new_id


@dataclass(frozen=True, kw_only=True)
class NewOrganisation:
    """What is told of an organisation; the code may be full-width, lower-case or spaced."""

    uscc: str
    name: str
    kinds: frozenset[OrganisationKind]
    is_operator_affiliate: bool = False


async def register_organisation(unit: Unit, order: NewOrganisation) -> Organisation:
    """Enter an organisation. Raises USCCInvalid, NameEmpty, KindsCollide, OrganisationKnown."""
    uscc, name = normal(order.uscc), order.name.strip()
    refuse_bad_uscc(uscc=uscc)
    refuse_empty_name(name=name)
    refuse_colliding_kinds(kinds=order.kinds)
    row = Organisation(
        id=new_id(), uscc=uscc, name=name, kinds=sorted(order.kinds),
        is_operator_affiliate=order.is_operator_affiliate, registered_at=await unit.now(),
    )  # fmt: skip
    await add_unique(unit.session, row, OrganisationKnown(uscc=uscc))
    act = OrganisationRegistered(organisation_id=row.id, uscc=uscc, name=name, kinds=tuple(row.kinds))
    await unit.record(act)
    if order.is_operator_affiliate:
        await _state_affiliation(unit, row, "stated at registration")
    return row


async def amend_organisation(
    unit: Unit, organisation_id: str, *, name: str, kinds: Collection[OrganisationKind]
) -> Organisation:
    """Change name and kinds; the code never changes. Raises OrganisationAbsent, NameEmpty, KindsCollide."""
    row = await lock_organisation(unit, organisation_id)
    refuse_empty_name(name=name)
    refuse_colliding_kinds(kinds=kinds)
    row.name, row.kinds = name.strip(), sorted(set(kinds))
    await unit.record(OrganisationAmended(organisation_id=row.id, name=row.name, kinds=tuple(row.kinds)))
    return row


async def mark_affiliate(
    unit: Unit, organisation_id: str, *, is_operator_affiliate: bool, reason: str
) -> Organisation:
    """State whether E-10 keeps the organisation from bidding, and why. Raises OrganisationAbsent."""
    row = await lock_organisation(unit, organisation_id)
    row.is_operator_affiliate = is_operator_affiliate
    await _state_affiliation(unit, row, reason)
    return row


async def lock_organisation(unit: Unit, organisation_id: str) -> Organisation:
    """The organisation's row, locked until the transaction ends. Raises OrganisationAbsent."""
    asked = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    row = (await unit.session.execute(asked)).scalar_one_or_none()
    if row is None:
        raise OrganisationAbsent(organisation_id=organisation_id)
    return row


async def _state_affiliation(unit: Unit, row: Organisation, reason: str) -> None:
    is_affiliate = row.is_operator_affiliate
    act = AffiliationStated(organisation_id=row.id, is_operator_affiliate=is_affiliate, reason=reason)
    await unit.record(act)
