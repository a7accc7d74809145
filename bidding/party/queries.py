"""The questions about parties: who is signed in, in which roles, and who is who."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import ColumnElement, String, bindparam, cast, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bidding.party.kinds import OrganisationKind
from bidding.party.roles import OF_THE_DESK, Actor, Role
from bidding.party.tables import (
    Appointment,
    AuthSession,
    Certificate,
    Membership,
    Organisation,
    Person,
)
from bidding.refusals.party import CertificateAbsent, OrganisationAbsent, PersonAbsent
from crypto.certificates import Revocation
from crypto.ledger import Instant

IDLE = timedelta(hours=2)
"""A session ends when nothing was asked in it for this long: an opening can be watched in silence."""

_STANDING = frozenset({Role.SUPERVISOR, Role.CENTRE_OPS})
_PAGE = 50


async def actor_of(session: AsyncSession, token_sha256: bytes, *, now: datetime) -> Actor | None:
    """Who holds the token, in the platform's roles; None where it opens no session at *now*.

    A session lives until it expires, falls idle or is revoked, while its certificate is in force and
    its person acts for the organisation.
    """
    found = await signed_in(session, token_sha256, now=now)
    return found.actor if found else None


@dataclass(frozen=True)
class SignedIn:
    """Who holds a token, and the last sign of life that was written down."""

    actor: Actor
    last_seen: datetime


async def signed_in(session: AsyncSession, token_sha256: bytes, *, now: datetime) -> SignedIn | None:
    """As `actor_of`, with the last sign of life. Asked with every request: one statement, built once."""
    asked = {"token": token_sha256, "now": now, "idle": now - IDLE}
    row = (await session.execute(_SIGNED_IN, asked)).one_or_none()
    if row is None:
        return None
    actor = Actor(
        person_id=row.person_id, organisation_id=row.organisation_id, name=row.name,
        organisation=row.organisation, roles=frozenset({Role.PUBLIC, *map(Role, row.roles)}),
        certificate_sha256=row.fingerprint, session_id=row.id, stepped_up_until=row.stepped_up_until,
        step_up_purpose=row.step_up_purpose or "",
    )  # fmt: skip
    return SignedIn(actor, row.last_seen)


_NOW = bindparam("now", type_=Instant)
_SIGNED_IN = (
    select(
        AuthSession.id, AuthSession.last_seen, AuthSession.stepped_up_until, AuthSession.step_up_purpose,
        Person.id.label("person_id"), Person.name, Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation"), Membership.roles, Certificate.fingerprint,
    )
    .join(Person, Person.id == AuthSession.person_id)
    .join(Organisation, Organisation.id == AuthSession.organisation_id)
    .join(Membership, (Membership.person_id == Person.id) & (Membership.organisation_id == Organisation.id))
    .join(Certificate, Certificate.id == AuthSession.certificate_id)
    .where(AuthSession.token_sha256 == bindparam("token"), AuthSession.revoked_at.is_(None))
    .where(AuthSession.expires_at > _NOW, AuthSession.last_seen > bindparam("idle", type_=Instant))
    .where(Membership.ended_at.is_(None), Certificate.revoked_at.is_(None), Certificate.not_after >= _NOW)
)  # fmt: skip


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AuthSession.revoked_at.is_(None),
        AuthSession.expires_at > now,
        AuthSession.last_seen > now - IDLE,
    )


async def roles_on(session: AsyncSession, actor: Actor, tender_id: str, *, now: datetime) -> frozenset[Role]:
    """The actor's roles on one tender: what its organisation or itself was given there, at *now*.

    An organisation with the role of bidder may bid on every tender, except where it sits at the desk.
    Supervisors and centre operations stand to every tender as they stand to the platform.
    """
    asked = select(Appointment.role).where(
        Appointment.tender_id == tender_id,
        Appointment.organisation_id == actor.organisation_id,
        or_(Appointment.person_id.is_(None), Appointment.person_id == actor.person_id),
        *_in_force(now),
    )
    given = frozenset((await session.execute(asked)).scalars()) | (actor.roles & _STANDING)
    if not await _sits_at_desk(session, actor.organisation_id, tender_id, now):
        return given | (actor.roles & {Role.BIDDER})
    return given - {Role.BIDDER}


async def _sits_at_desk(session: AsyncSession, organisation_id: str, tender_id: str, now: datetime) -> bool:
    asked = exists().where(
        Appointment.tender_id == tender_id,
        Appointment.organisation_id == organisation_id,
        Appointment.role.in_(OF_THE_DESK),
        *_in_force(now),
    )
    return bool((await session.execute(select(asked))).scalar_one())


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Appointment.ended_at.is_(None),
        or_(Appointment.until.is_(None), Appointment.until >= now),
    )


async def tenders_of(session: AsyncSession, actor: Actor, *, now: datetime) -> Mapping[str, frozenset[Role]]:
    """The tenders on which the actor was given roles, with these roles; the desk's own list."""
    asked = select(Appointment.tender_id, Appointment.role).where(
        Appointment.organisation_id == actor.organisation_id,
        or_(Appointment.person_id.is_(None), Appointment.person_id == actor.person_id),
        *_in_force(now),
    )
    found: dict[str, frozenset[Role]] = {}
    for tender_id, role in await session.execute(asked):
        found[tender_id] = found.get(tender_id, frozenset()) | {role}
    return found


async def appointments_at_desk(
    session: AsyncSession, tender_id: str, *, now: datetime
) -> Sequence[Appointment]:
    """Who sits at the tender's desk; never a bidder's delegate (E-08)."""
    asked = select(Appointment).where(
        Appointment.tender_id == tender_id, Appointment.role != Role.BIDDER, *_in_force(now)
    )
    return (await session.execute(asked.order_by(Appointment.id))).scalars().all()


async def delegates_of(
    session: AsyncSession, tender_id: str, organisation_id: str, *, now: datetime
) -> Sequence[Appointment]:
    """The delegates that one bidder named for a tender; nobody else may ask before the deadline (E-08)."""
    asked = select(Appointment).where(
        Appointment.tender_id == tender_id,
        Appointment.organisation_id == organisation_id,
        Appointment.role == Role.BIDDER,
        *_in_force(now),
    )
    return (await session.execute(asked.order_by(Appointment.id))).scalars().all()


async def organisation(session: AsyncSession, organisation_id: str) -> Organisation:
    """The organisation, or OrganisationAbsent."""
    found = await session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationAbsent(organisation_id=organisation_id)
    return found


async def person(session: AsyncSession, person_id: str) -> Person:
    """The person, or PersonAbsent."""
    found = await session.get(Person, person_id)
    if found is None:
        raise PersonAbsent(person_id=person_id)
    return found


async def certificate(session: AsyncSession, certificate_id: str) -> Certificate:
    """The certificate in use, or CertificateAbsent."""
    found = await session.get(Certificate, certificate_id)
    if found is None:
        raise CertificateAbsent(certificate=certificate_id)
    return found


@dataclass(frozen=True)
class OrganisationName:
    """What lists show of an organisation."""

    name: str
    uscc: str


async def organisation_names(session: AsyncSession, ids: Collection[str]) -> Mapping[str, OrganisationName]:
    """Names and codes by id; a list of bidders may ask for them after the deadline only (E-08)."""
    asked = select(Organisation.id, Organisation.name, Organisation.uscc).where(Organisation.id.in_(ids))
    return {row.id: OrganisationName(row.name, row.uscc) for row in await session.execute(asked)}


async def person_names(session: AsyncSession, ids: Collection[str]) -> Mapping[str, str]:
    """Names of people by id."""
    asked = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in await session.execute(asked)}


async def organisation_by_uscc(session: AsyncSession, uscc: str) -> Organisation | None:
    """The organisation of a normalised code, if it is registered."""
    return (await session.execute(select(Organisation).where(Organisation.uscc == uscc))).scalar_one_or_none()


async def person_by_index(session: AsyncSession, index: bytes) -> Person | None:
    """The person of a blind index (`service.people.index_of`), if registered."""
    asked = select(Person).where(Person.id_number_index == index)
    return (await session.execute(asked)).scalar_one_or_none()


async def is_operator_affiliate(session: AsyncSession, organisation_id: str) -> bool:
    """Whether E-10 keeps the organisation from bidding here. Raises OrganisationAbsent."""
    return (await organisation(session, organisation_id)).is_operator_affiliate


async def organisations(
    session: AsyncSession,
    *,
    text: str = "",
    kind: OrganisationKind | None = None,
    after: str = "",
    limit: int = _PAGE,
) -> Sequence[Organisation]:
    """A page of organisations whose name or code contains *text*, by id; a next page is *after* the last."""
    asked = select(Organisation).where(Organisation.id > after).order_by(Organisation.id).limit(limit)
    if text:
        asked = asked.where(or_(_contains(Organisation.name, text), _contains(Organisation.uscc, text)))
    if kind:
        # A list of kinds is JSON text of a fixed few words, none of which contains another.
        asked = asked.where(cast(Organisation.kinds, String).contains(f'"{kind.value}"'))
    return (await session.execute(asked)).scalars().all()


async def people(
    session: AsyncSession, *, text: str = "", organisation_id: str = "", after: str = "", limit: int = _PAGE
) -> Sequence[Person]:
    """A page of people by name and organisation, by id; the next page is *after* the last."""
    asked = select(Person).where(Person.id > after).order_by(Person.id).limit(limit)
    if text:
        asked = asked.where(_contains(Person.name, text))
    if organisation_id:
        acts_for = exists().where(
            Membership.person_id == Person.id,
            Membership.organisation_id == organisation_id,
            Membership.ended_at.is_(None),
        )
        asked = asked.where(acts_for)
    return (await session.execute(asked)).scalars().all()


def _contains(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)


async def membership(session: AsyncSession, person_id: str, organisation_id: str) -> Membership | None:
    """How the person belongs to the organisation, ended or not."""
    asked = select(Membership).where(
        Membership.person_id == person_id, Membership.organisation_id == organisation_id
    )
    return (await session.execute(asked)).scalar_one_or_none()


async def memberships_of(session: AsyncSession, ids: Collection[str]) -> Sequence[Membership]:
    """For which organisations these people act now."""
    asked = select(Membership).where(Membership.person_id.in_(ids), Membership.ended_at.is_(None))
    return (await session.execute(asked.order_by(Membership.since))).scalars().all()


async def certificates(
    session: AsyncSession,
    *,
    organisation_id: str = "",
    person_id: str = "",
    after: str = "",
    limit: int = _PAGE,
) -> Sequence[Certificate]:
    """A page of certificates in use or revoked, by id."""
    asked = select(Certificate).where(Certificate.id > after).order_by(Certificate.id).limit(limit)
    if organisation_id:
        asked = asked.where(Certificate.organisation_id == organisation_id)
    if person_id:
        asked = asked.where(Certificate.person_id == person_id)
    return (await session.execute(asked)).scalars().all()


async def certificate_by_fingerprint(session: AsyncSession, fingerprint: str) -> Certificate | None:
    """The certificate in use with this SHA-256 (lower-case hex), revoked or not."""
    asked = select(Certificate).where(Certificate.fingerprint == fingerprint)
    return (await session.execute(asked)).scalar_one_or_none()


async def revocations(session: AsyncSession) -> Sequence[Revocation]:
    """Every certificate of the built-in authority that was revoked, for its list (RFC 5280 §5)."""
    asked = select(Certificate).where(Certificate.revoked_at.is_not(None), Certificate.is_issued_here)
    rows = (await session.execute(asked.order_by(Certificate.revoked_at))).scalars()
    return [Revocation(int(row.serial, 16), *_revoked(row)) for row in rows]


def _revoked(row: Certificate) -> tuple[datetime, x509.ReasonFlags]:
    if row.revoked_at is None or row.revocation_reason is None:
        raise ValueError(f"{row.serial} is not revoked")
    return row.revoked_at, x509.ReasonFlags(row.revocation_reason)


async def sessions_of(session: AsyncSession, person_id: str, *, now: datetime) -> Sequence[AuthSession]:
    """The person's live sessions, newest first."""
    asked = select(AuthSession).where(AuthSession.person_id == person_id, *_alive(now))
    return (await session.execute(asked.order_by(AuthSession.created_at.desc()))).scalars().all()
