"""What is going to be drawn, from what, by whom and by which beacon: fixed before anything is known."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crypto import jcs
from crypto.draws import drand, instant
from crypto.draws.beacon import BeaconKind, BeaconSource
from crypto.errors import DrawInvalid, NotCanonical

ALGORITHM = "draw/v1"

_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True)
class Pick:
    """*k* of the *size* candidates whose list has the digest *commitment* (hex), under a label."""

    label: str
    k: int
    size: int
    commitment: str


@dataclass(frozen=True, kw_only=True)
class DrawSpec:
    """The rules of one draw, to be logged before the first commitment.

    Several picks share one seed and differ in their label. `parties` is the order of the reveals in
    the seed. `beacons` are sources in the order of falling back; none may be read before `t_reveal`
    + `delta`. A draw that repeats another names it and says why.
    """

    draw_id: str
    purpose: str
    picks: tuple[Pick, ...]
    parties: tuple[str, ...]
    beacons: tuple[BeaconSource, ...]
    t_reveal: datetime
    delta: timedelta = timedelta(seconds=30)
    restart_of: str | None = None
    restart_reason: str = ""
    algorithm: str = ALGORITHM

    def __post_init__(self) -> None:
        _require(self.algorithm == ALGORITHM, f"not the algorithm {ALGORITHM}")
        _require(
            _all_named(self.draw_id, self.purpose, *self.parties, *self._labels),
            "a name is empty or unprintable",
        )
        _require(bool(self.parties) and _distinct(self.parties), "parties are missing or repeated")
        _require(bool(self.beacons) and _distinct(self.beacons), "beacons are missing or repeated")
        _require(_distinct(self._labels), "a label is repeated")
        _require(
            bool(self.picks) and all(0 < pick.k <= pick.size for pick in self.picks), "k is not 1 … size"
        )
        _require(self.t_reveal.tzinfo is not None and self.delta > timedelta(0), "no room for the beacon")
        _require(self.restart_of is None or bool(self.restart_reason), "a restart must say why")
        _require(all(self._is_first_round(source) for source in self.beacons), "not the first round after")

    @property
    def _labels(self) -> list[str]:
        return [pick.label for pick in self.picks]

    @property
    def beacon_from(self) -> datetime:
        """No beacon counts whose event was before this instant."""
        return self.t_reveal + self.delta

    def digest(self) -> str:
        """SHA-256 (hex) of the spec's canonical JSON."""
        return jcs.digest(self.to_json()).hex()

    def to_json(self) -> dict[str, Any]:
        """The spec as it is logged."""
        return {
            "algorithm": self.algorithm,
            "draw_id": self.draw_id,
            "purpose": self.purpose,
            "picks": [
                {"label": pick.label, "k": pick.k, "size": pick.size, "commitment": pick.commitment}
                for pick in self.picks
            ],
            "parties": list(self.parties),
            "beacons": [{"kind": source.kind.value, "event": source.event} for source in self.beacons],
            "t_reveal": instant.write(self.t_reveal),
            "delta_us": self.delta // timedelta(microseconds=1),
            "restart_of": self.restart_of,
            "restart_reason": self.restart_reason,
        }

    @classmethod
    def from_json(cls, value: Any) -> "DrawSpec":
        """Read a logged spec back. Raises DrawInvalid for anything else."""
        try:
            spec = cls(
                algorithm=value["algorithm"],
                draw_id=value["draw_id"],
                purpose=value["purpose"],
                picks=tuple(Pick(**pick) for pick in value["picks"]),
                parties=tuple(value["parties"]),
                beacons=tuple(
                    BeaconSource(BeaconKind(one["kind"]), one["event"]) for one in value["beacons"]
                ),
                t_reveal=instant.read(value["t_reveal"]),
                delta=timedelta(microseconds=value["delta_us"]),
                restart_of=value["restart_of"],
                restart_reason=value["restart_reason"],
            )
            same = jcs.canonical(spec.to_json()) == jcs.canonical(value)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, NotCanonical) as error:
            raise DrawInvalid(f"not a draw spec: {error}") from None
        _require(same, "a draw spec says more than one")
        return spec

    def _is_first_round(self, source: BeaconSource) -> bool:
        # A free choice of the round would be a second throw.
        if source.kind is not BeaconKind.DRAND:
            return True
        return drand.parse_round(source.event) == drand.first_round(self.beacon_from)


def _require(condition: bool, reason: str) -> None:  # noqa: FBT001 -- it reads as "require that …"
    if not condition:
        raise DrawInvalid(reason)


def _distinct(items: Any) -> bool:
    return len(set(items)) == len(items)


def _all_named(*names: str) -> bool:
    return all(_NAME.fullmatch(name) for name in names)
