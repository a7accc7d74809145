import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto import jcs
from crypto.draws import (
    Beacon,
    BeaconKind,
    BeaconSource,
    Commitment,
    Skip,
    Typed,
    check_reveal,
    commit,
    enter,
    from_json,
    new_share,
    permute,
    recompute,
    salted,
    seed_of,
    to_json,
)
from crypto.errors import DrawInvalid
from tests.crypto.draws.makers import (
    BALLS,
    COEFFICIENTS,
    EXPERTS,
    LOTTERY,
    NOON,
    PARTIES,
    TICK,
    make_spec,
    make_transcript,
    needs_drand,
    share,
)


def test_anyone_gets_the_same_result_from_the_transcript():
    transcript = make_transcript()
    experts, coefficient = recompute(transcript)
    again = recompute(from_json(jcs.parse(jcs.canonical(to_json(transcript)))))
    assert again == (experts, coefficient)
    assert experts.chosen == experts.order[:5]
    assert sorted(experts.order) == [one.id for one in EXPERTS]
    assert (
        coefficient.chosen
        == permute([one.id for one in COEFFICIENTS], seed=transcript.seed(), label="coef")[:1]
    )


def test_the_seed_is_spelled_out_for_other_hands():
    transcript = make_transcript()
    written = {
        "beacon_kind": "balls",
        "beacon_round": "摇珠 2026-03-02 12:01",
        "beacon_signature": "7.3.12.",
        "checkpoint": transcript.checkpoint,
        "reveals": [[party, share(party).hex()] for party in PARTIES],
        "spec": transcript.spec.digest(),
    }
    assert transcript.seed() == hashlib.sha256(jcs.canonical(written)).digest()


def test_a_party_that_stays_silent_is_absent_and_named():
    whole = make_transcript()
    partial = replace(whole, reveals=whole.reveals[:2])
    assert partial.absent() == ("supervisor",)
    assert recompute(partial) != recompute(whole)


def test_the_next_in_the_order_replaces_one_who_cannot_come():
    order = recompute(make_transcript())[0].order
    skip = Skip("experts", order[1], "与投标人有利害关系", "supervisor", NOON + timedelta(hours=1))
    result = recompute(make_transcript(skips=(skip,)))[0]
    assert result.chosen == (order[0], *order[2:6])
    assert (result.skipped, result.order) == ((order[1],), order)


def test_the_last_instant_for_a_reveal_is_in_time():
    late = [replace(one, at=NOON) for one in make_transcript().reveals]
    assert recompute(make_transcript(reveals=tuple(late)))


def test_a_beacon_at_the_end_of_the_pause_is_not_too_early():
    whole = make_transcript()
    assert recompute(replace(whole, beacon=replace(whole.beacon, at=whole.spec.beacon_from)))


def test_a_fallback_beacon_needs_a_reason():
    beacon = enter(LOTTERY, Typed("a", "3 5"), Typed("b", "5 3"), at=NOON + timedelta(days=1))
    with pytest.raises(DrawInvalid, match="first beacon"):
        recompute(make_transcript(beacon=beacon))
    assert recompute(make_transcript(beacon=beacon, fallback_reason="摇珠机故障"))


@needs_drand
def test_a_drand_beacon_is_verified_inside_the_draw():
    round_ = 657413
    signature = (
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
    )
    shift = timedelta(days=-1000)  # the known round is of 2023
    from crypto.draws import drand, from_drand

    t_reveal = drand.time_of(round_) - timedelta(seconds=30)
    spec = make_spec(beacons=(BeaconSource(BeaconKind.DRAND, str(round_)),), t_reveal=t_reveal)
    old = make_transcript(spec=spec)
    transcript = replace(
        old,
        commitments=tuple(replace(one, at=one.at + shift) for one in old.commitments),
        reveals=tuple(replace(one, at=t_reveal) for one in old.reveals),
        closed_at=old.closed_at + shift,
        beacon=from_drand(round_, signature),
    )
    assert recompute(transcript)
    forged = replace(transcript.beacon, value="c0" + "00" * 47)
    with pytest.raises(DrawInvalid):
        recompute(replace(transcript, beacon=forged))


def with_reveal(**changes):
    first, *others = make_transcript().reveals
    return {"reveals": (replace(first, **changes), *others)}


def with_beacon(**changes):
    return {"beacon": replace(make_transcript().beacon, **changes)}


def with_skip(**changes):
    order = recompute(make_transcript())[0].order
    skip = Skip("experts", order[0], "请假", "supervisor", NOON)
    return {"skips": (replace(skip, **{k: order[v] if k == "id" else v for k, v in changes.items()}),)}


def stranger():
    return Commitment("stranger", commit("D-1", "stranger", share("stranger")), NOON - timedelta(minutes=6))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (lambda: with_reveal(r="00" * 32), "something else"),
        (lambda: with_reveal(r="00"), "32 bytes"),
        (lambda: with_reveal(r="xx"), "hex"),
        (lambda: with_reveal(r=share(PARTIES[0]).hex().upper()), "hex"),
        (lambda: with_reveal(at=NOON + TICK), "out of time"),
        (lambda: with_reveal(at=make_transcript().closed_at - TICK), "out of time"),
        (lambda: with_reveal(party="agency"), "twice"),
        (lambda: {"reveals": ()}, "nobody revealed"),
        (lambda: {"commitments": make_transcript().commitments[1:]}, "without having committed"),
        (lambda: {"commitments": (*make_transcript().commitments, stranger())}, "stranger"),
        (lambda: {"commitments": make_transcript().commitments * 2}, "repeated"),
        (lambda: {"closed_at": make_transcript().commitments[0].at - TICK}, "after the commitments"),
        (lambda: with_beacon(at=NOON + timedelta(seconds=30) - TICK), "before the reveals"),
        (lambda: with_beacon(source=LOTTERY), "first beacon"),
        (lambda: with_beacon(source=BeaconSource(BeaconKind.BALLS, "另一次")), "not one that the spec"),
        (lambda: {"candidates": {"experts": EXPERTS[1:], "coef": COEFFICIENTS}}, "committed to"),
        (
            lambda: {"candidates": {"experts": salted(one.id for one in EXPERTS), "coef": COEFFICIENTS}},
            "committed",
        ),
        (lambda: {"candidates": {"coef": COEFFICIENTS}}, "empty"),
        (lambda: {"candidates": {"experts": EXPERTS, "coef": COEFFICIENTS, "x": EXPERTS}}, "no pick"),
        (lambda: with_skip(reason=""), "no reason"),
        (lambda: with_skip(by=""), "no reason"),
        (lambda: with_skip(id=6), "not drawn"),
        (lambda: with_skip(label="x"), "no pick"),
        (lambda: {"skips": with_skip()["skips"] * 2}, "repeated"),
    ],
)
def test_a_draw_with_one_step_changed_is_refused(changes, reason):
    with pytest.raises(DrawInvalid, match=reason):
        recompute(make_transcript(**changes()))


@pytest.mark.parametrize(
    "change",
    [{"extra": 1}, {"reveals": [{"party": 1, "r": "", "at": "x"}]}, {"checkpoint": 3}, {"spec": None}],
)
def test_what_is_not_a_transcript_does_not_read(change):
    with pytest.raises(DrawInvalid):
        from_json(to_json(make_transcript()) | change)


def test_a_commitment_copied_from_another_party_cannot_be_opened():
    r = new_share()
    copied = commit("D-1", "agency", r)
    check_reveal("D-1", "agency", r, commitment=copied)
    for draw_id, party in (("D-1", "supervisor"), ("D-2", "agency"), ("D-1a", "gency")):
        with pytest.raises(DrawInvalid):
            check_reveal(draw_id, party, r, commitment=copied)


def test_the_last_to_reveal_gains_nothing_by_holding_back():
    """She sees all other shares and may stay silent, but must decide before the beacon.

    The control shows that the measurement would notice: knowing the beacon nearly doubles her odds.
    """
    blind = sum(grind(number, sees_beacon=False) for number in range(1500))
    sighted = sum(grind(number, sees_beacon=True) for number in range(1500))
    assert 110 < blind < 190  # 150 expected of 1500 at one in ten; the sighted cheat expects 285
    assert sighted > 230


def grind(number, *, sees_beacon):
    """Whether the wished-for candidate comes first when she plays as well as she can."""
    spec, wish, last = GRIND_SPEC, "E003", PARTIES[-1]
    beacon = number_beacon(f"true {number}")
    guess = beacon if sees_beacon else number_beacon(f"guess {number}")
    full = {party: share(f"{party} {number}").hex() for party in PARTIES}
    silent = {party: r for party, r in full.items() if party != last}
    chosen = full if first(spec, full, guess) == wish else silent
    return first(spec, chosen, beacon) == wish


def first(spec, reveals, beacon):
    seed = seed_of(spec, checkpoint="c", reveals=reveals, beacon=beacon)
    return permute(TEN, seed=seed, label="experts")[0]


def number_beacon(text):
    return Beacon(source=BALLS, value=hashlib.sha256(text.encode()).hexdigest(), at=NOON)


TEN = [f"E{number:03}" for number in range(10)]
GRIND_SPEC = make_spec()
