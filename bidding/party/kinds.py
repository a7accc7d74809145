"""What an organisation can be on the platform, and which roles its people may then hold."""

from collections.abc import Mapping
from enum import StrEnum

from bidding.party.roles import Role


class OrganisationKind(StrEnum):
    """What an organisation is on the platform; it may be several."""

    BIDDER = "bidder"
    PROCURING_ENTITY = "procuring_entity"
    AGENCY = "agency"
    SUPERVISOR = "supervisor"
    CENTRE = "centre"


ALONE = frozenset({OrganisationKind.SUPERVISOR, OrganisationKind.CENTRE})
"""Kinds that exclude every other: who supervises or runs the venue is no party to a tender."""

ROLES: Mapping[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.BIDDER: frozenset({Role.BIDDER}),
    OrganisationKind.PROCURING_ENTITY: frozenset({Role.PROCURING_ENTITY, Role.LAYER_HOLDER, Role.RECORDER}),
    OrganisationKind.AGENCY: frozenset({Role.AGENCY_HOST, Role.LAYER_HOLDER, Role.RECORDER}),
    OrganisationKind.SUPERVISOR: frozenset({Role.SUPERVISOR, Role.LAYER_HOLDER, Role.OPENING_WITNESS}),
    OrganisationKind.CENTRE: frozenset({Role.CENTRE_OPS, Role.OPENING_WITNESS, Role.RECORDER}),
}
"""The roles that an organisation of a kind can give its people. Holders of shares come from anywhere."""
