"""Projects and drafts: what is to be tendered, before anyone outside the desk hears of it."""

from dataclasses import dataclass, replace

from sqlalchemy import exists, select

from bidding.acts.tender import DraftEdited, ProjectCreated, TenderDrafted
from bidding.party.roles import Actor, Role
from bidding.party.service.appointments import NewAppointment, seat
from bidding.refusals.tender import DraftStale, LotKnown, NotYourProject, ProjectAbsent, ProjectKnown
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.service.moves import move, rewrite
from bidding.tender.tables import Project, Tender
from bidding.tender.terms import Regime, Terms
from crypto.ledger import Unit
from crypto.ledger.ids import new_id


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """What a project is called and who is in charge of it."""

    code: str
    name: str
    regime: Regime
    is_mandatory: bool
    procuring_entity_id: str
    agency_id: str
    township: str


@dataclass(frozen=True, kw_only=True)
class NewTender:
    """A lot of a project with its first draft; the terms' ids are set when it is founded."""

    project_id: str
    lot_no: int
    lot_code: str
    terms: Terms


async def create_project(unit: Unit, order: NewProject, *, actor: Actor) -> Project:
    """Open a project. Raises NotYourProject, ProjectKnown."""
    _refuse_stranger(actor, order)
    known = select(exists().where(Project.code == order.code))
    if (await unit.session.execute(known)).scalar_one():
        raise ProjectKnown(project_code=order.code)
    project = Project(id=new_id(), created_at=await unit.now(), **vars(order))
    unit.session.add(project)
    await unit.record(
        ProjectCreated(
            project_id=project.id, code=project.code, name=project.name,
            procuring_entity_id=project.procuring_entity_id, agency_id=project.agency_id,
        )
    )  # fmt: skip
    return project


async def draft_tender(unit: Unit, order: NewTender, *, actor: Actor) -> Tender:
    """Found a lot with its first draft, and seat its procuring entity and agency at its desk.

    Raises ProjectAbsent, NotYourProject, LotKnown.
    """
    project = await unit.session.get(Project, order.project_id)
    if project is None:
        raise ProjectAbsent(project_id=order.project_id)
    _refuse_stranger(actor, project)
    await _refuse_known_lot(unit, order)
    return await found(unit, project, order, round_no=1, previous=None)


async def found(
    unit: Unit, project: Project, order: NewTender, *, round_no: int, previous: str | None
) -> Tender:
    """Write the row of a new draft, seat its desk and record it."""
    name = new_id()
    terms = replace(order.terms, tender_id=name, lot_code=order.lot_code)
    tender = Tender(
        id=name, project_id=project.id, lot_no=order.lot_no, lot_code=order.lot_code, round=round_no,
        previous_id=previous, procuring_entity_id=project.procuring_entity_id,
        agency_id=project.agency_id, created_at=await unit.now(),
    )  # fmt: skip
    rewrite(tender, terms)
    unit.session.add(tender)
    await unit.session.flush()
    for organisation, role in _desk(project):
        await seat(unit, NewAppointment(tender_id=name, organisation_id=organisation, role=role))
    act = TenderDrafted(
        tender_id=name, project_id=project.id, lot_code=order.lot_code, round=round_no,
        terms_sha256=terms.sha256,
    )  # fmt: skip
    await move(unit, tender, act)
    return tender


async def edit_draft(unit: Unit, tender_id: str, terms: Terms, *, revision: int) -> Tender:
    """Save the draft over revision *revision*; layers, committee and documents stay as their verbs set them.

    Raises TenderOutOfOrder once published, DraftStale if another revision was saved meanwhile.
    """
    tender = await lock_tender(unit, tender_id)
    if revision != tender.revision:
        raise DraftStale(newest=tender.revision)
    kept = terms_of(tender)
    terms = replace(
        terms, tender_id=tender.id, lot_code=tender.lot_code,
        layers=kept.layers, committee=kept.committee, documents=kept.documents,
    )  # fmt: skip
    await save_draft(unit, tender, terms)
    return tender


async def save_draft(unit: Unit, tender: Tender, terms: Terms) -> None:
    """Write the next revision of a draft and record it. Raises TenderOutOfOrder."""
    act = DraftEdited(tender_id=tender.id, revision=tender.revision + 1, terms_sha256=terms.sha256)
    tender.revision += 1
    rewrite(tender, terms)
    await move(unit, tender, act)


async def _refuse_known_lot(unit: Unit, order: NewTender) -> None:
    same = (Tender.project_id == order.project_id) & (Tender.lot_no == order.lot_no)
    known = select(exists().where((Tender.lot_code == order.lot_code) | same))
    if (await unit.session.execute(known)).scalar_one():
        raise LotKnown(lot_code=order.lot_code)


def _refuse_stranger(actor: Actor, project: Project | NewProject) -> None:
    if actor.organisation_id not in {project.procuring_entity_id, project.agency_id}:
        raise NotYourProject


def _desk(project: Project) -> list[tuple[str, Role]]:
    desk = [(project.procuring_entity_id, Role.PROCURING_ENTITY), (project.agency_id, Role.AGENCY_HOST)]
    return [(organisation, role) for organisation, role in desk if organisation]
