"""Rows of parties: organisations, people, who belongs where, certificates in use, challenges, sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bidding.party.roles import Role
from crypto.certificates import Profile
from crypto.ledger.ids import new_id
from crypto.ledger.tables import Base

_HASH = 32
_ID = 36


class Organisation(Base):
    """A legal person, known by its unified social credit code (GB 32100)."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    kinds: Mapped[list[Any]]
    is_operator_affiliate: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]


class Person(Base):
    """A natural person; the ID number and the telephone are sealed (PIPL art. 51)."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), index=True)
    id_number_sealed: Mapped[bytes]
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary(_HASH), unique=True)
    phone_sealed: Mapped[bytes | None]
    registered_at: Mapped[datetime]


class Membership(Base):
    """A person acts for an organisation, in these roles on the platform."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[Any]]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Appointment(Base):
    """A role on one tender, given to a person of an organisation or to all of it (`person_id` null)."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index(None, "tender_id", "organisation_id"),
        CheckConstraint("role <> 'bidder' OR person_id IS NOT NULL", "delegate_is_a_person"),
        CheckConstraint(
            "role <> 'bidder' OR power_of_attorney_sha256 IS NOT NULL", "delegate_has_power_of_attorney"
        ),
    )

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    # A plain name, not a foreign key: parties stand to the left of tenders.
    tender_id: Mapped[str] = mapped_column(String(_ID))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    power_of_attorney_sha256: Mapped[str | None] = mapped_column(String(64))
    appointed_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Certificate(Base):
    """A certificate in use: which person of which organisation signs with it."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL) = (revocation_reason IS NULL)", "revocation_has_instant_and_reason"
        ),
    )

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    serial: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(600))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    profile: Mapped[Profile]
    is_issued_here: Mapped[bool]
    der: Mapped[bytes]
    chain: Mapped[list[Any]]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    bound_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str | None] = mapped_column(String(40))


class AuthSession(Base):
    """Someone is signed in; only the hash of the token is kept."""

    __tablename__ = "auth_session"
    __table_args__ = (
        CheckConstraint(
            "(stepped_up_until IS NULL) = (step_up_purpose IS NULL)", "step_up_has_purpose_and_end"
        ),
    )

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True, default=new_id)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(_HASH), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), index=True)
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    last_seen: Mapped[datetime]
    expires_at: Mapped[datetime]
    stepped_up_until: Mapped[datetime | None]
    step_up_purpose: Mapped[str | None] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None]


class AuthChallenge(Base):
    """A question that was asked; its nonce counts once. Step-ups belong to the session they were asked in."""

    __tablename__ = "auth_challenge"

    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253))
    purpose: Mapped[str] = mapped_column(String(100))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("auth_session.id"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
