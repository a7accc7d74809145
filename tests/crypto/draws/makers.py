"""A whole draw, from spec to transcript, with every part open to change."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest

from crypto.draws import (
    BeaconKind,
    BeaconSource,
    Commitment,
    DrawSpec,
    Pick,
    Reveal,
    Transcript,
    Typed,
    commit,
    commitment_to,
    enter,
    public,
    salted,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
PARTIES = ("procuring-entity", "agency", "supervisor")
EXPERTS = salted(f"E{number:03}" for number in range(20))
COEFFICIENTS = public(["0.95", "0.96", "0.97", "0.98", "0.99"])
BALLS = BeaconSource(BeaconKind.BALLS, "摇珠 2026-03-02 12:01")
LOTTERY = BeaconSource(BeaconKind.LOTTERY_SET, "双色球 2026025")


def make_spec(**changes):
    spec = {
        "draw_id": "D-1",
        "purpose": "评标专家与下浮系数",
        "picks": (
            Pick("experts", 5, len(EXPERTS), commitment_to(EXPERTS)),
            Pick("coef", 1, len(COEFFICIENTS), commitment_to(COEFFICIENTS)),
        ),
        "parties": PARTIES,
        "beacons": (BALLS, LOTTERY),
        "t_reveal": NOON,
    }
    return DrawSpec(**spec | changes)


def share(party):
    return hashlib.sha256(f"share of {party}".encode()).digest()


def make_transcript(**changes):
    spec = changes.pop("spec", None) or make_spec()
    opened, closed = NOON - timedelta(minutes=10), NOON - timedelta(minutes=5)
    beacon = enter(
        BALLS, Typed("agency", "7 3 12"), Typed("supervisor", "07,03,12"), at=NOON + timedelta(minutes=1)
    )
    whole = Transcript(
        spec=spec,
        commitments=tuple(
            Commitment(party, commit(spec.draw_id, party, share(party)), opened) for party in PARTIES
        ),
        checkpoint="log.example\n17\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n",
        closed_at=closed,
        reveals=tuple(Reveal(party, share(party).hex(), closed) for party in PARTIES),
        beacon=beacon,
        candidates={"experts": EXPERTS, "coef": COEFFICIENTS},
    )
    return replace(whole, **changes)


# Asked without importing it: the library raises the recursion limit of the process that imports it.
needs_drand = pytest.mark.skipif(
    find_spec("py_ecc") is None, reason="the extra qifeng[drand] is not installed"
)
