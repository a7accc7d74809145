"""When a document may be read."""

from collections.abc import Collection

from bidding.party.roles import Role
from bidding.refusals.paper import RecordUnpublished


def refuse_unpublished(*, is_published: bool, roles: Collection[Role]) -> None:
    """E-18, e-bidding Measures art. 32: the record becomes public when the opening has ended.

    Until then those who took part, on either side of the desk, and the supervisor may read it.
    """
    if not is_published and not set(roles) - {Role.PUBLIC}:
        raise RecordUnpublished
