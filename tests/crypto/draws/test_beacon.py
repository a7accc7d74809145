from dataclasses import replace

import pytest

from crypto.draws import BeaconKind, BeaconSource, Typed, enter, normalise
from crypto.errors import DrawInvalid
from tests.crypto.draws.makers import BALLS, NOON


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        (BeaconKind.LOTTERY_SET, "12 03 31 7 24 05 | 09", "3.5.7.9.12.24.31."),
        (BeaconKind.LOTTERY_DIGITS, "０７３１４", "0.7.3.1.4."),
        (BeaconKind.LOTTERY_DIGITS, "0 7 3 1 4", "0.7.3.1.4."),
        (BeaconKind.BALLS, "07、03;12", "7.3.12."),
        (BeaconKind.DICE, "6-1-6", "6.1.6."),
        (BeaconKind.INDEX_CLOSE, " 3,245.60 ", "3245.60"),
    ],
)
def test_one_value_has_one_spelling_however_it_is_typed(kind, typed, normal):
    assert normalise(kind, typed) == normal
    assert normalise(kind, normal) == normal


@pytest.mark.parametrize("typed", ["", "  ", "seven", "3,x", "3245.6", "3245,60"])
def test_what_is_not_a_value_is_refused(typed):
    with pytest.raises(DrawInvalid):
        normalise(BeaconKind.INDEX_CLOSE, typed)


def test_letters_do_not_slip_in_between_the_balls():
    with pytest.raises(DrawInvalid):
        normalise(BeaconKind.BALLS, "7 3 l2")


def test_two_parties_who_read_alike_make_a_beacon():
    beacon = enter(BALLS, Typed("agency", "7 3 12"), Typed("supervisor", "07.03.12."), at=NOON)
    assert (beacon.value, beacon.entered_by) == ("7.3.12.", ("agency", "supervisor"))
    beacon.check()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Typed("agency", "7 3 12"), Typed("agency", "7 3 12")),
        (Typed("agency", "7 3 12"), Typed("supervisor", "3 7 12")),
        (Typed("agency", "7 3 12"), Typed("supervisor", "7 3 1 2")),
    ],
)
def test_one_party_alone_or_two_who_differ_make_none(first, second):
    with pytest.raises(DrawInvalid):
        enter(BALLS, first, second, at=NOON)


@pytest.mark.parametrize(
    "change",
    [{"value": "7.03.12."}, {"entered_by": ()}, {"entered_by": ("a", "a")}, {"entered_by": ("a", "b", "c")}],
)
def test_a_beacon_that_was_tampered_with_does_not_check(change):
    beacon = enter(BALLS, Typed("agency", "7 3 12"), Typed("supervisor", "7 3 12"), at=NOON)
    with pytest.raises(DrawInvalid):
        replace(beacon, **change).check()


def test_a_typed_value_cannot_pose_as_drand():
    source = BeaconSource(BeaconKind.DRAND, "657413")
    beacon = replace(enter(BALLS, Typed("a", "1"), Typed("b", "1"), at=NOON), source=source)
    with pytest.raises(DrawInvalid):
        beacon.check()
