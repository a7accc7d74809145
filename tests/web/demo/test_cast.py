"""The invented people have identifiers that check out, and nobody has two."""

from datetime import date

from bidding.party.identifiers import id_number_fault, is_organisation_code_odd, uscc_fault
from bidding.party.kinds import ROLES
from web.demo import cast

TODAY = date(2026, 11, 23)


def test_every_organisation_and_person_passes_the_checks_of_registration():
    assert [uscc_fault(firm.uscc) for firm in cast.FIRMS] == [None] * len(cast.FIRMS)
    assert not any(is_organisation_code_odd(firm.uscc) for firm in cast.FIRMS)
    people = [cast.FIRST, *cast.everyone()]
    assert [id_number_fault(one.id_number, today=TODAY) for one in people] == [None] * len(people)


def test_nobody_shares_an_identifier_and_everyone_is_plainly_invented():
    people = [cast.FIRST, *cast.everyone()]
    for values in (
        [firm.uscc for firm in cast.FIRMS],
        [firm.name for firm in cast.FIRMS],
        [one.id_number for one in people],
        [one.name for one in people],
        [one.key for one in people],
    ):
        assert len(set(values)) == len(values)
    assert all(name.startswith("示例") for name in [*(f.name for f in cast.FIRMS), *(p.name for p in people)])


def test_everyone_holds_only_roles_that_their_organisation_can_give():
    kinds = {firm.key: firm.kind for firm in cast.FIRMS}
    for one in (cast.FIRST, *cast.everyone()):
        assert one.roles <= ROLES[kinds[one.firm]], one


def test_the_committee_comes_from_three_organisations_and_holds_no_layer():
    assert len({one.firm for one in cast.MEMBERS}) == 3
    assert not {one.key for one in cast.MEMBERS} & set(cast.LAYERS)
