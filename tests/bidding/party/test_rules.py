"""The law about parties, rule by rule."""

from datetime import date

import pytest

from bidding.party import rules
from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from bidding.refusals.party import (
    AffiliateBids,
    CertificateIsRevoked,
    CertificateNamesAnother,
    DealCodeInvalid,
    IDNumberInvalid,
    KindsCollide,
    NameEmpty,
    NotAMember,
    NotYourOwn,
    PowerOfAttorneyMissing,
    RoleBeyondKind,
    RoleNotAppointable,
    USCCInvalid,
)
from tests.conftest import NOON, TICK

TODAY = date(2026, 11, 23)


def test_a_wrong_code_is_refused_with_what_is_wrong_in_both_languages():
    rules.refuse_bad_uscc(uscc="91330703MA2ABCDE14")
    with pytest.raises(USCCInvalid) as refused:
        rules.refuse_bad_uscc(uscc="91330703MA2ABCDE1")
    assert "17" in refused.value.texts()["zh"]["cause"]
    assert "17" in refused.value.texts()["en"]["cause"]


def test_a_wrong_id_number_is_refused_and_never_repeated():
    rules.refuse_bad_id_number(id_number="330703199003070018", today=TODAY)
    with pytest.raises(IDNumberInvalid) as refused:
        rules.refuse_bad_id_number(id_number="330703199003070010", today=TODAY)
    assert "3307" not in str(refused.value.texts()) + str(refused.value.facts())


def test_a_wrong_deal_code_is_refused():
    rules.refuse_bad_deal_code(deal_code="A0191330100799655058B20260115000001O")
    with pytest.raises(DealCodeInvalid):
        rules.refuse_bad_deal_code(deal_code="A0191330100799655058B20260115000002O")


@pytest.mark.parametrize("name", ["示例甲建设有限公司", "Ñandú & Söhne", "مثال", "𠮷野家", "A"])
def test_names_of_every_script_are_names(name):
    rules.refuse_empty_name(name=name)


@pytest.mark.parametrize("name", ["", "  ", "\u3000", "甲\n乙", "甲\u202e乙", "\u200b", "甲\x00"])
def test_what_cannot_be_seen_is_no_name(name):
    with pytest.raises(NameEmpty):
        rules.refuse_empty_name(name=name)


def test_an_affiliate_of_the_operator_does_not_bid():
    rules.refuse_affiliate_bidder(is_operator_affiliate=False, organisation="示例甲")
    with pytest.raises(AffiliateBids) as refused:
        rules.refuse_affiliate_bidder(is_operator_affiliate=True, organisation="示例甲")
    assert refused.value.rule == "E-10"


@pytest.mark.parametrize("kinds", [[Kind.SUPERVISOR], [Kind.CENTRE], [Kind.BIDDER, Kind.PROCURING_ENTITY]])
def test_kinds_that_go_together_pass(kinds):
    rules.refuse_colliding_kinds(kinds=kinds)


@pytest.mark.parametrize("kinds", [[Kind.SUPERVISOR, Kind.BIDDER], [Kind.CENTRE, Kind.SUPERVISOR]])
def test_the_venue_and_the_supervisor_are_nothing_else(kinds):
    with pytest.raises(KindsCollide):
        rules.refuse_colliding_kinds(kinds=kinds)


def test_an_organisation_gives_the_roles_of_all_its_kinds_and_no_other():
    both = [Kind.BIDDER, Kind.AGENCY]
    rules.refuse_role_beyond_kind(kinds=both, roles=[Role.BIDDER, Role.AGENCY_HOST])
    with pytest.raises(RoleBeyondKind):
        rules.refuse_role_beyond_kind(kinds=both, roles=[Role.BIDDER, Role.CENTRE_OPS])
    with pytest.raises(RoleBeyondKind):
        rules.refuse_role_beyond_kind(kinds=[], roles=[Role.BIDDER])


def test_only_a_member_acts_for_an_organisation():
    rules.refuse_non_member(is_member=True, person_id="p", organisation_id="o")
    with pytest.raises(NotAMember):
        rules.refuse_non_member(is_member=False, person_id="p", organisation_id="o")


def test_a_bidder_speaks_for_itself_and_in_writing():
    rules.refuse_speaking_for_another(organisation_id="o", own_organisation_id="o")
    rules.refuse_unwritten_delegation(power_of_attorney_sha256="ab" * 32)
    with pytest.raises(NotYourOwn):
        rules.refuse_speaking_for_another(organisation_id="o", own_organisation_id="p")
    with pytest.raises(PowerOfAttorneyMissing):
        rules.refuse_unwritten_delegation(power_of_attorney_sha256=None)


@pytest.mark.parametrize("role", sorted(set(Role) - rules.AT_THE_DESK))
def test_the_desk_gives_no_role_that_is_not_its_own(role):
    with pytest.raises(RoleNotAppointable):
        rules.refuse_role_of_another_giver(role=role)


@pytest.mark.parametrize("role", sorted(rules.AT_THE_DESK))
def test_the_desk_gives_its_own_roles(role):
    rules.refuse_role_of_another_giver(role=role)


@pytest.mark.parametrize(
    ("named_uscc", "named_person", "is_code_needed", "passes"),
    [
        ("U", None, True, True),
        ("V", None, True, False),
        ("V", None, False, False),
        (None, None, True, False),
        (None, "示例张三", False, True),
        ("U", "示例张三", False, True),
        ("U", "示例张", False, True),
        ("U", "示例张三丰", False, False),
        ("U", "", False, False),
        ("U", "示例李四", False, False),
    ],
)
def test_a_certificate_speaks_for_whom_it_names(named_uscc, named_person, is_code_needed, passes):
    facts = {"named_uscc": named_uscc, "named_person": named_person, "is_code_needed": is_code_needed}
    if passes:
        rules.refuse_another_holder(**facts, uscc="U", person="示例张三")
        return
    with pytest.raises(CertificateNamesAnother):
        rules.refuse_another_holder(**facts, uscc="U", person="示例张三")


@pytest.mark.parametrize(("revoked_at", "is_good"), [(None, True), (NOON + TICK, True), (NOON, False)])
def test_a_certificate_counts_until_the_instant_of_its_revocation(revoked_at, is_good):
    if is_good:
        rules.refuse_revoked_certificate(revoked_at=revoked_at, at=NOON)
        return
    with pytest.raises(CertificateIsRevoked):
        rules.refuse_revoked_certificate(revoked_at=revoked_at, at=NOON)
