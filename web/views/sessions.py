"""Sessions and challenges, as they go out."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bidding.party.roles import Actor, Role
from bidding.party.tables import AuthSession
from crypto.challenge import Challenge
from web.views import View


class ChallengeView(View):
    """What to sign: the UTF-8 bytes of `message`, exactly as they stand."""

    message: str
    nonce: str
    purpose: str
    expires_at: datetime


class TenderRoles(View):
    """The roles given to the actor on one tender."""

    tender_id: str
    roles: list[Role]


class ActorView(View):
    """Who is signed in."""

    person_id: str
    name: str
    organisation_id: str
    organisation: str
    roles: list[Role]
    tenders: list[TenderRoles]
    certificate_sha256: str
    session_id: str
    stepped_up_until: datetime | None
    step_up_purpose: str


class SignedInView(View):
    """A session was opened; `token` is there for bearers only, and shown this once."""

    session_id: str
    expires_at: datetime
    token: str | None


class SteppedUp(View):
    """Until when the confirmation of `act` holds, that instant included."""

    act: str
    until: datetime


class SessionView(View):
    """One of the caller's own sessions."""

    id: str
    device: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime
    is_current: bool


class SessionList(View):
    """The caller's live sessions, newest first."""

    sessions: list[SessionView]


def challenge_view(challenge: Challenge) -> ChallengeView:
    return ChallengeView(
        message=challenge.message().decode(),
        nonce=challenge.nonce,
        purpose=challenge.purpose,
        expires_at=challenge.expires_at,
    )


def actor_view(actor: Actor, tenders: Mapping[str, frozenset[Role]]) -> ActorView:
    return ActorView(
        person_id=actor.person_id,
        name=actor.name,
        organisation_id=actor.organisation_id,
        organisation=actor.organisation,
        roles=sorted(actor.roles),
        tenders=[TenderRoles(tender_id=id_, roles=sorted(roles)) for id_, roles in sorted(tenders.items())],
        certificate_sha256=actor.certificate_sha256,
        session_id=actor.session_id,
        stepped_up_until=actor.stepped_up_until,
        step_up_purpose=actor.step_up_purpose,
    )


def session_list(rows: Iterable[AuthSession], *, current: str) -> SessionList:
    return SessionList(sessions=[_session(row, current) for row in rows])


def _session(row: AuthSession, current: str) -> SessionView:
    return SessionView(
        id=row.id,
        device=row.device,
        created_at=row.created_at,
        last_seen=row.last_seen,
        expires_at=row.expires_at,
        is_current=row.id == current,
    )
