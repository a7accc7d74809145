"""Draws that anyone can recompute: of experts, of coefficients.

The order of acts: a `DrawSpec` is logged; each party logs `commit(…)`; a checkpoint closes the
commitments; parties log their `Reveal` until `t_reveal`; a beacon is read after that; `recompute`
gives the result, now to the platform and later to any verifier.
"""

from crypto.draws.beacon import Beacon, BeaconKind, BeaconSource, Typed, enter, from_drand, normalise
from crypto.draws.candidates import Candidate, commitment_to, public, salted
from crypto.draws.permutation import permute
from crypto.draws.recompute import Result, recompute, take
from crypto.draws.reveal import Commitment, Reveal, check_reveal, commit, new_share
from crypto.draws.seed import seed_of
from crypto.draws.spec import ALGORITHM, DrawSpec, Pick
from crypto.draws.transcript import Skip, Transcript, from_json, to_json

__all__ = [
    "ALGORITHM",
    "Beacon",
    "BeaconKind",
    "BeaconSource",
    "Candidate",
    "Commitment",
    "DrawSpec",
    "Pick",
    "Result",
    "Reveal",
    "Skip",
    "Transcript",
    "Typed",
    "check_reveal",
    "commit",
    "commitment_to",
    "enter",
    "from_drand",
    "from_json",
    "new_share",
    "normalise",
    "permute",
    "public",
    "recompute",
    "salted",
    "seed_of",
    "take",
    "to_json",
]
