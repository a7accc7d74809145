"""What a draw must have come to, worked out again from its transcript by anyone."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.draws.candidates import commitment_to
from crypto.draws.permutation import permute
from crypto.draws.reveal import Reveal, check_reveal
from crypto.draws.spec import Pick
from crypto.draws.transcript import Skip, Transcript
from crypto.errors import DrawInvalid


@dataclass(frozen=True)
class Result:
    """What a pick came to: the full order, those taken in it, those passed over."""

    label: str
    order: tuple[str, ...]
    chosen: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def recompute(transcript: Transcript) -> tuple[Result, ...]:
    """What the draw must have come to, one result per pick of the spec, in its order.

    Raises DrawInvalid if any step was out of order, out of time, or does not follow from the last.
    """
    _check_commitments(transcript)
    _check_reveals(transcript)
    _check_beacon(transcript)
    seed = transcript.seed()
    results = tuple(_result(transcript, pick, seed) for pick in transcript.spec.picks)
    strangers = {skip.label for skip in transcript.skips} - {result.label for result in results}
    if strangers or set(transcript.candidates) != {result.label for result in results}:
        raise DrawInvalid("candidates or skips belong to no pick of the spec")
    return results


def _check_commitments(transcript: Transcript) -> None:
    parties = [one.party for one in transcript.commitments]
    if len(set(parties)) != len(parties) or not set(parties) <= set(transcript.spec.parties):
        raise DrawInvalid("a commitment is repeated or comes from a stranger")
    if any(one.at > transcript.closed_at for one in transcript.commitments):
        raise DrawInvalid("a commitment came after the commitments were closed")


def _check_reveals(transcript: Transcript) -> None:
    committed = {one.party: one.digest for one in transcript.commitments}
    if len({one.party for one in transcript.reveals}) != len(transcript.reveals):
        raise DrawInvalid("a party revealed twice")
    if not transcript.reveals:
        raise DrawInvalid("nobody revealed, so the beacon alone would decide")
    for one in transcript.reveals:
        _check_time(one, transcript)
        if one.party not in committed:
            raise DrawInvalid(f"{one.party} reveals without having committed")
        check_reveal(transcript.spec.draw_id, one.party, _share(one.r), commitment=committed[one.party])


def _check_time(reveal: Reveal, transcript: Transcript) -> None:
    # A reveal before the close would let the last to commit choose; one after t_reveal, to withhold.
    if not transcript.closed_at <= reveal.at <= transcript.spec.t_reveal:
        raise DrawInvalid(f"{reveal.party} revealed out of time")


def _share(text: str) -> bytes:
    try:
        share = bytes.fromhex(text)
    except ValueError:
        share = b""
    if share.hex() != text:  # one spelling only: upper case would be another seed
        raise DrawInvalid("a share of the seed is not lower-case hex")
    return share


def _check_beacon(transcript: Transcript) -> None:
    spec, beacon = transcript.spec, transcript.beacon
    if beacon.source not in spec.beacons:
        raise DrawInvalid("the beacon is not one that the spec names")
    if beacon.source != spec.beacons[0] and not transcript.fallback_reason:
        raise DrawInvalid("nothing says why the first beacon was not used")
    if beacon.at < spec.beacon_from:
        raise DrawInvalid("the beacon was known before the reveals were over")
    beacon.check()


def _result(transcript: Transcript, pick: Pick, seed: bytes) -> Result:
    candidates = transcript.candidates.get(pick.label, ())
    if commitment_to(candidates) != pick.commitment or len(candidates) != pick.size:
        raise DrawInvalid(f"the candidates of {pick.label} are not those committed to")
    order = permute((one.id for one in candidates), seed=seed, label=pick.label)
    return take(pick, order, [skip for skip in transcript.skips if skip.label == pick.label])


def take(pick: Pick, order: Sequence[str], skips: Sequence[Skip]) -> Result:
    """The first *k* of *order* that were not passed over.

    Raises DrawInvalid when a skip has no reason, is repeated, or reaches beyond those that were due.
    """
    skipped = [skip.id for skip in skips]
    if any(not skip.reason or not skip.by for skip in skips) or len(set(skipped)) != len(skipped):
        raise DrawInvalid(f"a skip under {pick.label} has no reason or is repeated")
    due = order[: pick.k + len(skipped)]
    if not set(skipped) <= set(due):
        raise DrawInvalid(f"a skip under {pick.label} names one who was not drawn")
    chosen = tuple(one for one in due if one not in skipped)
    return Result(pick.label, tuple(order), chosen, tuple(one for one in due if one in skipped))
