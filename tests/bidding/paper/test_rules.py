import pytest

from bidding.paper.rules import refuse_unpublished
from bidding.party.roles import Role
from bidding.refusals.paper import RecordUnpublished


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.PUBLIC})])
def test_the_public_waits_for_the_publication(roles):
    with pytest.raises(RecordUnpublished):
        refuse_unpublished(is_published=False, roles=roles)
    refuse_unpublished(is_published=True, roles=roles)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_whoever_took_part_reads_the_record_before(role):
    refuse_unpublished(is_published=False, roles={Role.PUBLIC, role})
