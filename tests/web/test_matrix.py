"""Every endpoint times every role: who is not in the row does not get in."""

import pytest

from bidding.party.roles import NOBODY, Actor, Role
from bidding.refusals import NotEntitled
from web.api import endpoints
from web.binding import EVERYWHERE, refuse_without_role
from web.refusals import RoleMissing, SignInNeeded

CLOSED = [row for row in endpoints() if not row.is_public]
PEOPLE = [role for role in Role if role is not Role.PUBLIC]


def someone(role, *, on_this_tender=True):
    held = frozenset({Role.PUBLIC, role})
    return Actor(
        person_id="p", organisation_id="o", name="某", organisation="示例单位", roles=held,
        certificate_sha256="", tender_roles=held if on_this_tender else frozenset({Role.PUBLIC}),
    )  # fmt: skip


def label(row):
    return f"{row.method} {row.path}"


@pytest.mark.parametrize("row", CLOSED, ids=label)
def test_every_role_that_is_not_in_the_row_is_refused_and_every_one_in_it_passes(row):
    for role in PEOPLE:
        if role in row.roles:
            refuse_without_role(row, someone(role))
        else:
            with pytest.raises(RoleMissing):
                refuse_without_role(row, someone(role))


@pytest.mark.parametrize("row", CLOSED, ids=label)
def test_nobody_is_asked_to_sign_in_first(row):
    with pytest.raises(SignInNeeded):
        refuse_without_role(row, NOBODY)


@pytest.mark.parametrize("row", [row for row in CLOSED if "{tender_id}" in row.path], ids=label)
def test_a_role_on_another_tender_counts_for_nothing_here(row):
    for role in set(row.roles) - EVERYWHERE:
        with pytest.raises(RoleMissing):
            refuse_without_role(row, someone(role, on_this_tender=False))


@pytest.mark.parametrize("row", [row for row in CLOSED if not row.is_safe], ids=label)
def test_a_supervisor_changes_nothing_that_is_not_a_supervisors_own_act(row):
    if Role.SUPERVISOR not in row.roles:
        with pytest.raises(NotEntitled):
            refuse_without_role(row, someone(Role.SUPERVISOR))


def test_what_the_public_may_write_is_a_short_known_list():
    written = {label(row) for row in endpoints() if row.is_public and not row.is_safe}
    assert written <= PUBLIC_WRITES, written - PUBLIC_WRITES


PUBLIC_WRITES = {
    "POST /verify",
    "POST /log/cosign/{witness}",
    "POST /api/session/challenge",
    "POST /api/session",
    "DELETE /api/session",
    # Anyone who is signed in, in whatever role; nobody else.
    "POST /api/session/step-up/challenge",
    "POST /api/session/step-up",
    "DELETE /api/sessions/{session_id}",
}


def test_no_two_rows_have_the_same_address_and_method():
    seen = [label(row) for row in endpoints()]
    assert len(seen) == len(set(seen))
