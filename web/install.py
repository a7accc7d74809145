"""The first day: an empty platform gets the centre that runs it and the first person who may enter others.

There is no door for this over HTTP, for before it nobody could open one.
"""

from dataclasses import dataclass, field

from sqlalchemy import exists, select

from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.service import certificates, organisations, people
from bidding.party.service.certificates import NewCertificate
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson
from bidding.party.tables import Certificate, Organisation
from bidding.refusals.party import NoAuthorityHere
from crypto.certificates import Authority, Profile
from crypto.ledger import Unit
from web.app import App
from web.migrate import migrate
from web.unit import working

BY = "installation"
_ROLES = frozenset({Role.CENTRE_OPS})


class AlreadyInstalled(RuntimeError):
    """Somebody is registered here: whoever holds centre operations enters others over HTTP."""


@dataclass(frozen=True, kw_only=True)
class Founding:
    """The centre, its first person of centre operations, and that person's PKCS #10 request in PEM."""

    uscc: str
    name: str
    person: str
    id_number: str = field(repr=False)
    request: bytes
    days: int = 730


async def install(app: App, order: Founding) -> Certificate:
    """Bring the database to the newest schema and found the centre; its first certificate.

    One transaction, recorded like every other act, by "installation". Raises AlreadyInstalled,
    NoAuthorityHere where the platform has no certificate authority of its own, and what registering
    raises: USCCInvalid, IDNumberInvalid, NameEmpty, RequestUnproven.
    """
    if app.authority is None:
        raise NoAuthorityHere
    await migrate(app.db)
    async with working(app, by=BY) as unit:
        if (await unit.session.execute(select(exists().select_from(Organisation)))).scalar_one():
            raise AlreadyInstalled
        return await _found(unit, app, app.authority, order)


async def _found(unit: Unit, app: App, authority: Authority, order: Founding) -> Certificate:
    kinds = frozenset({OrganisationKind.CENTRE})
    centre = await organisations.register_organisation(
        unit, NewOrganisation(uscc=order.uscc, name=order.name, kinds=kinds)
    )
    first = NewPerson(name=order.person, id_number=order.id_number)
    person = await people.register_person(unit, first, atrest=app.atrest)
    await unit.session.flush()
    await people.join(unit, person.id, centre.id, roles=_ROLES)
    await unit.session.flush()
    asked = NewCertificate(
        organisation_id=centre.id, person_id=person.id, profile=Profile.STAFF, request=order.request,
        days=order.days,
    )  # fmt: skip
    return await certificates.issue_certificate(unit, asked, authority=authority, atrest=app.atrest)
