"""Signing in with a certificate, confirming a legal act with it again, and signing out.

Nothing here is recorded in the ledger: before a deadline it would tell who is busy with a bid (E-08).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from sqlalchemy import delete, update

from bidding.party import queries
from bidding.party.roles import Actor
from bidding.party.service.certificates import enrolled, trusted
from bidding.party.service.people import member
from bidding.party.tables import AuthChallenge, AuthSession, Certificate
from bidding.refusals.party import AnswerInvalid, ChallengeLapsed, ChallengeUnknown, SessionAbsent
from crypto.certificates import TrustStore
from crypto.challenge import LOGIN, Challenge, issue_challenge, verify_answer
from crypto.errors import ChallengeExpired, SignatureInvalid
from crypto.ledger import Unit
from crypto.ledger.ids import new_id

SPAN = timedelta(hours=12)
"""A session ends at the latest this long after sign-in."""

STEP_UP = timedelta(minutes=5)
"""A confirmation of a legal act holds this long."""

_KEPT = timedelta(hours=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A signed challenge, with the certificate whose key signed it and its issuers."""

    nonce: str
    signature: bytes
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate] = ()
    device: str = ""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The session's row and its token, which is shown this once and kept nowhere."""

    session: AuthSession
    token: str = field(repr=False)


async def ask(unit: Unit, *, domain: str, purpose: str = LOGIN, actor: Actor | None = None) -> Challenge:
    """A question for *purpose*; one that is not `login` belongs to the actor's session.

    ValueError for a purpose of another form. Questions long lapsed are forgotten on the way.
    """
    now = await unit.now()
    challenge = issue_challenge(domain, purpose, now=now)
    await unit.session.execute(delete(AuthChallenge).where(AuthChallenge.expires_at < now - _KEPT))
    unit.session.add(
        AuthChallenge(
            nonce=challenge.nonce,
            domain=domain,
            purpose=purpose,
            issued_at=now,
            session_id=actor.session_id if actor else None,
            expires_at=challenge.expires_at,
        )
    )
    return challenge


async def sign_in(unit: Unit, answer: Answer, *, trust: TrustStore) -> SignedIn:
    """Open a session for whom the certificate speaks for, or refuse.

    Raises ChallengeUnknown, ChallengeLapsed, AnswerInvalid, CertificateUntrusted, CertificateIsRevoked,
    CertificateNotEnrolled, NotAMember.
    """
    challenge = await _use(unit, answer.nonce, purpose=LOGIN, session_id=None)
    now = await unit.now()
    # Trusted first, for its key must be of a kind we know; enrolled last, so that only
    # the holder of the key learns whether it is.
    trusted(trust, answer.certificate, answer.chain, at=now)
    _refuse_wrong_answer(challenge, answer.signature, answer.certificate, now)
    certificate = await enrolled(unit.session, answer.certificate, at=now)
    await member(unit, certificate.person_id, certificate.organisation_id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = _opened(certificate, sha256(token.encode()).digest(), answer.device, now)
    unit.session.add(row)
    await unit.session.flush()
    return SignedIn(session=row, token=token)


async def step_up(unit: Unit, *, actor: Actor, act: str, nonce: str, signature: bytes) -> datetime:
    """Confirm the legal act *act* with the session's own certificate; the instant until which it holds.

    Raises ChallengeUnknown, ChallengeLapsed, AnswerInvalid, SessionAbsent.
    """
    row = await _own(unit, actor, actor.session_id)
    await confirm(unit, actor=actor, purpose=f"step-up:{act}", nonce=nonce, signature=signature)
    row.stepped_up_until, row.step_up_purpose = await unit.now() + STEP_UP, act
    return row.stepped_up_until


async def confirm(unit: Unit, *, actor: Actor, purpose: str, nonce: str, signature: bytes) -> Challenge:
    """Check that the actor's certificate answered the question *purpose*, once; the question it answered.

    For `confirm:<sha256>` too: the caller keeps the question's message with the signature as evidence.
    Raises ChallengeUnknown, ChallengeLapsed, AnswerInvalid, SessionAbsent.
    """
    row = await _own(unit, actor, actor.session_id)
    challenge = await _use(unit, nonce, purpose=purpose, session_id=row.id)
    certificate = await queries.certificate(unit.session, row.certificate_id)
    _refuse_wrong_answer(
        challenge, signature, x509.load_der_x509_certificate(certificate.der), await unit.now()
    )
    return challenge


async def sign_out(unit: Unit, *, actor: Actor) -> None:
    """End the session that is being used."""
    await revoke_session(unit, actor.session_id, actor=actor)


async def revoke_session(unit: Unit, session_id: str, *, actor: Actor) -> None:
    """End one of the actor's own sessions. Raises SessionAbsent, for anyone else's too."""
    row = await _own(unit, actor, session_id)
    row.revoked_at = await unit.now()


async def see(unit: Unit, token_sha256: bytes) -> None:
    """Note that the session is in use."""
    seen = update(AuthSession).where(AuthSession.token_sha256 == token_sha256)
    await unit.session.execute(seen.values(last_seen=await unit.now()))


async def _own(unit: Unit, actor: Actor, session_id: str) -> AuthSession:
    row = await unit.session.get(AuthSession, session_id)
    if row is None or row.person_id != actor.person_id or row.revoked_at is not None:
        raise SessionAbsent(session_id=session_id)
    return row


async def _use(unit: Unit, nonce: str, *, purpose: str, session_id: str | None) -> Challenge:
    """Take the open question out of use, whoever comes second."""
    now = await unit.now()
    taken = update(AuthChallenge).where(
        AuthChallenge.nonce == nonce,
        AuthChallenge.purpose == purpose,
        AuthChallenge.session_id.is_(None) if session_id is None else AuthChallenge.session_id == session_id,
        AuthChallenge.used_at.is_(None),
    )
    row = (
        await unit.session.execute(taken.values(used_at=now).returning(AuthChallenge))
    ).scalar_one_or_none()
    if row is None:
        raise ChallengeUnknown
    return Challenge(
        domain=row.domain, purpose=row.purpose, nonce=row.nonce,
        issued_at=row.issued_at, expires_at=row.expires_at,
    )  # fmt: skip


def _refuse_wrong_answer(
    challenge: Challenge, signature: bytes, certificate: x509.Certificate, now: datetime
) -> None:
    try:
        verify_answer(challenge, signature, certificate, now=now)
    except ChallengeExpired:
        raise ChallengeLapsed from None
    except SignatureInvalid:
        raise AnswerInvalid from None


def _opened(certificate: Certificate, hashed: bytes, device: str, now: datetime) -> AuthSession:
    return AuthSession(
        id=new_id(), token_sha256=hashed, person_id=certificate.person_id,
        organisation_id=certificate.organisation_id, certificate_id=certificate.id,
        device=device[:200], created_at=now, last_seen=now, expires_at=now + SPAN,
    )  # fmt: skip
