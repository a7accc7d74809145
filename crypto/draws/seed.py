"""The seed: everything that was fixed before the beacon, and the beacon."""

from collections.abc import Mapping

from crypto import jcs
from crypto.draws.beacon import Beacon
from crypto.draws.spec import DrawSpec


def seed_of(spec: DrawSpec, *, checkpoint: str, reveals: Mapping[str, str], beacon: Beacon) -> bytes:
    """SHA-256 of the canonical JSON of spec digest, checkpoint, reveals and beacon (32 bytes).

    *checkpoint* is the body (origin, size, root) of the log's checkpoint that closed the commitments,
    without its signatures, which may grow in number; *reveals* maps a party to its share in hex.
    Parties are taken in the spec's order; one that did not reveal is absent.
    """
    return jcs.digest(
        {
            "spec": spec.digest(),
            "checkpoint": checkpoint,
            "reveals": [[party, reveals[party]] for party in spec.parties if party in reveals],
            "beacon_kind": beacon.source.kind.value,
            "beacon_round": beacon.source.event,
            "beacon_signature": beacon.value,
        }
    )
