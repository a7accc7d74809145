"""The whole story of one draw, and its one form in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto import jcs
from crypto.draws import instant
from crypto.draws.beacon import Beacon, BeaconKind, BeaconSource
from crypto.draws.candidates import Candidate
from crypto.draws.reveal import Commitment, Reveal
from crypto.draws.seed import seed_of
from crypto.draws.spec import DrawSpec
from crypto.errors import DrawInvalid, NotCanonical


@dataclass(frozen=True)
class Skip:
    """A candidate drawn but passed over (absent, in conflict), with the logged reason."""

    label: str
    id: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """Everything logged about a draw. `candidates` are disclosed at the end, per label.

    `fallback_reason` says why an earlier beacon of the spec could not be used.
    """

    spec: DrawSpec
    commitments: tuple[Commitment, ...]
    checkpoint: str
    closed_at: datetime
    reveals: tuple[Reveal, ...]
    beacon: Beacon
    candidates: Mapping[str, tuple[Candidate, ...]]
    skips: tuple[Skip, ...] = ()
    fallback_reason: str = ""

    def seed(self) -> bytes:
        """The seed of this draw (32 bytes)."""
        shares = {reveal.party: reveal.r for reveal in self.reveals}
        return seed_of(self.spec, checkpoint=self.checkpoint, reveals=shares, beacon=self.beacon)

    def absent(self) -> tuple[str, ...]:
        """Parties that committed but did not reveal, or never committed, in the spec's order."""
        present = {reveal.party for reveal in self.reveals}
        return tuple(party for party in self.spec.parties if party not in present)


def to_json(transcript: Transcript) -> dict[str, Any]:
    """The transcript as it travels in a bundle (canonical JSON has exactly one spelling of it)."""
    beacon = transcript.beacon
    return {
        "spec": transcript.spec.to_json(),
        "commitments": [
            {"party": one.party, "digest": one.digest, "at": instant.write(one.at)}
            for one in transcript.commitments
        ],
        "checkpoint": transcript.checkpoint,
        "closed_at": instant.write(transcript.closed_at),
        "reveals": [
            {"party": one.party, "r": one.r, "at": instant.write(one.at)} for one in transcript.reveals
        ],
        "beacon": {
            "kind": beacon.source.kind.value,
            "event": beacon.source.event,
            "value": beacon.value,
            "at": instant.write(beacon.at),
            "entered_by": list(beacon.entered_by),
        },
        "candidates": {
            label: [{"id": one.id, "salt": one.salt} for one in listed]
            for label, listed in transcript.candidates.items()
        },
        "skips": [
            {
                "label": one.label,
                "id": one.id,
                "reason": one.reason,
                "by": one.by,
                "at": instant.write(one.at),
            }
            for one in transcript.skips
        ],
        "fallback_reason": transcript.fallback_reason,
    }


def from_json(value: Any) -> Transcript:
    """Read a transcript back. Raises DrawInvalid for anything that is not one."""
    try:
        transcript = _read(value)
        same = jcs.canonical(to_json(transcript)) == jcs.canonical(value)
    except (KeyError, TypeError, ValueError, AttributeError, NotCanonical) as error:
        raise DrawInvalid(f"not a transcript of a draw: {error}") from None
    if not same:
        raise DrawInvalid("a transcript says more than one")
    return transcript


def _read(value: Any) -> Transcript:
    return Transcript(
        spec=DrawSpec.from_json(value["spec"]),
        commitments=tuple(Commitment(**_timed(one)) for one in value["commitments"]),
        checkpoint=_text(value["checkpoint"]),
        closed_at=instant.read(value["closed_at"]),
        reveals=tuple(Reveal(**_timed(one)) for one in value["reveals"]),
        beacon=_read_beacon(value["beacon"]),
        candidates={
            label: tuple(Candidate(**_texts(one)) for one in listed)
            for label, listed in value["candidates"].items()
        },
        skips=tuple(Skip(**_timed(one)) for one in value["skips"]),
        fallback_reason=_text(value["fallback_reason"]),
    )


def _read_beacon(value: Any) -> Beacon:
    return Beacon(
        source=BeaconSource(BeaconKind(value["kind"]), _text(value["event"])),
        value=_text(value["value"]),
        at=instant.read(value["at"]),
        entered_by=tuple(map(_text, value["entered_by"])),
    )


def _timed(value: Any) -> dict[str, Any]:
    return {**_texts(value), "at": instant.read(value["at"])}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a field is not text")
    return value


def _texts(value: Any) -> dict[str, str]:
    return {name: _text(item) for name, item in value.items()}
