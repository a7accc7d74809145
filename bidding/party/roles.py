"""The roles people act in, on the platform and on one tender (domain §2.1)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """One word each; a person may hold several."""

    PUBLIC = "public"
    BIDDER = "bidder"
    PROCURING_ENTITY = "procuring_entity"
    AGENCY_HOST = "agency_host"
    RECORDER = "recorder"
    OPENING_WITNESS = "opening_witness"
    LAYER_HOLDER = "layer_holder"
    SHARE_HOLDER = "share_holder"
    SUPERVISOR = "supervisor"
    CENTRE_OPS = "centre_ops"


OF_THE_DESK = frozenset(
    {
        Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS,
        Role.LAYER_HOLDER, Role.SHARE_HOLDER,
    }
)  # fmt: skip
"""On one tender these count only where they were given for it: another agency's host is nobody here."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who is asking: a person of an organisation, signed in with a certificate."""

    person_id: str
    organisation_id: str
    name: str
    organisation: str
    roles: frozenset[Role]
    certificate_sha256: str
    session_id: str = ""
    stepped_up_until: datetime | None = None
    step_up_purpose: str = ""
    tender_roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def label(self) -> str:
        """How the ledger names the actor: the organisation and the person by id, never by name."""
        return f"{self.organisation_id}/{self.person_id}"


NOBODY = Actor(
    person_id="", organisation_id="", name="", organisation="",
    roles=frozenset({Role.PUBLIC}), certificate_sha256="",
)  # fmt: skip
