from datetime import timedelta

import pytest

from crypto import jcs
from crypto.draws import (
    BeaconKind,
    BeaconSource,
    Candidate,
    DrawSpec,
    Pick,
    commitment_to,
    drand,
    public,
    salted,
)
from crypto.errors import DrawInvalid
from tests.crypto.draws.makers import BALLS, NOON, make_spec


def test_a_spec_reads_back_from_what_was_logged():
    spec = make_spec()
    assert DrawSpec.from_json(jcs.parse(jcs.canonical(spec.to_json()))) == spec
    assert spec.digest() == jcs.digest(spec.to_json()).hex()


@pytest.mark.parametrize(
    "change",
    [
        {"draw_id": ""},
        {"draw_id": "D\x001"},
        {"parties": ()},
        {"parties": ("a", "a")},
        {"beacons": ()},
        {"beacons": (BALLS, BALLS)},
        {"picks": ()},
        {"picks": (Pick("x", 0, 5, "00"),)},
        {"picks": (Pick("x", 6, 5, "00"),)},
        {"picks": (Pick("x", 1, 5, "00"), Pick("x", 1, 5, "00"))},
        {"delta": timedelta(0)},
        {"t_reveal": NOON.replace(tzinfo=None)},
        {"restart_of": "D-0"},
        {"algorithm": "draw/v2"},
    ],
)
def test_a_spec_with_a_hole_in_it_is_refused(change):
    with pytest.raises(DrawInvalid):
        make_spec(**change)


def test_a_restart_names_the_draw_it_repeats_and_why():
    spec = make_spec(restart_of="D-0", restart_reason="摇珠机故障")
    assert spec.digest() != make_spec().digest()


def test_a_drand_round_is_the_first_after_the_pause_and_no_other():
    due = drand.first_round(NOON + timedelta(seconds=30))
    make_spec(beacons=(BeaconSource(BeaconKind.DRAND, str(due)),))
    for other in (due - 1, due + 1):
        with pytest.raises(DrawInvalid, match="first round"):
            make_spec(beacons=(BeaconSource(BeaconKind.DRAND, str(other)),))


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"picks": 3}, {"t_reveal": "noon"}, {"delta_us": 1.0}, {"delta_us": True}]
)
def test_what_is_not_a_spec_does_not_read(change):
    with pytest.raises(DrawInvalid):
        DrawSpec.from_json(make_spec().to_json() | change)


@pytest.mark.parametrize("value", [None, [], {}, "spec"])
def test_nonsense_is_no_spec(value):
    with pytest.raises(DrawInvalid):
        DrawSpec.from_json(value)


def test_a_list_is_committed_to_whatever_its_order_and_hidden_by_its_salts():
    listed = salted(["E2", "E1"])
    assert commitment_to(listed) == commitment_to(listed[::-1])
    assert commitment_to(listed) != commitment_to(salted(["E2", "E1"]))
    assert [one.id for one in public(["b", "a"])] == ["a", "b"]


@pytest.mark.parametrize("listed", [(), (Candidate("a", "00"), Candidate("a", "01"))])
def test_an_empty_list_or_a_name_twice_is_refused(listed):
    with pytest.raises(DrawInvalid):
        commitment_to(listed)
