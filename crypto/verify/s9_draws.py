"""S9: every draw is worked out again from what its parties logged, and comes to the same."""

from typing import Any

from crypto import draws, jcs
from crypto.verify.case import Case
from crypto.verify.entries import Entry
from crypto.verify.finding import Report, Skipped

DRAWS = "draws/"
_BEACON_TYPINGS = 2


def check(case: Case, report: Report) -> None:
    """Spec before commits, commits before reveals, reveals before the beacon; then the arithmetic."""
    drawn = case.acts("draw.coefficient-drawn")
    asked = case.notices[-1].terms.get("coefficient")
    if asked is None and not drawn and not case.acts("draw.specified"):
        raise Skipped("the tender has no draw")
    if not drawn and case.has_ended_early:
        raise Skipped("the opening ended before the draw")
    report.demand(len(drawn) == 1, f"{len(drawn)} results of a draw, not one")
    _restarts(case, report)
    for act in drawn:
        with report.about(f"draw {act.body['draw_id']}"):
            _draw(case, report, act)


def _restarts(case: Case, report: Report) -> None:
    """A draw may not be thrown again until the result pleases: a second one names the first and says why."""
    known: set[str] = set()
    for act in case.acts("draw.specified"):
        spec = draws.DrawSpec.from_json(act.body["spec"])
        report.demand(not known or spec.restart_of in known, f"draw {spec.draw_id} was begun anew in silence")
        known.add(spec.draw_id)
        if spec.restart_of:
            report.fact(f"draw {spec.restart_of} was repeated: {spec.restart_reason}")


def _draw(case: Case, report: Report, act: Entry) -> None:
    draw_id = act.body["draw_id"]
    transcript = draws.from_json(act.body["transcript"])
    archived = case.bundle.read(f"{DRAWS}{draw_id}.json")
    report.demand(archived == jcs.canonical(act.body["transcript"]), f"draw {draw_id}: another transcript")
    _spec(case, report, act, transcript)
    _story(case, report, act, transcript)
    (result,) = draws.recompute(transcript)
    came_to = (result.label, result.chosen)
    said = (act.body["label"], (act.body["coefficient"],))
    report.demand(came_to == said, f"draw {draw_id} comes to {result.chosen}")
    report.fact(f"{result.label} {result.chosen[0]}, from {len(transcript.reveals)} parties and a beacon")


def _spec(case: Case, report: Report, act: Entry, transcript: draws.Transcript) -> None:
    specified = [one for one in case.acts("draw.specified") if one.body["draw_id"] == act.body["draw_id"]]
    report.demand(len(specified) == 1, "the draw was specified otherwise than once")
    for one in specified:
        same = one.body["spec_sha256"] == transcript.spec.digest()
        report.demand(same and one.body["spec"] == transcript.spec.to_json(), "another spec than was logged")
        report.demand(one.seq > case.deadline.seq, "the draw was specified before the deadline")
    terms = case.notices[-1].terms["coefficient"]
    listed = {one.id for one in transcript.candidates.get(terms["label"], ())}
    report.demand(listed == set(terms["candidates"]), "other candidates than the notice named")


def _story(case: Case, report: Report, act: Entry, transcript: draws.Transcript) -> None:
    """The transcript tells nothing but what was logged, in the order in which it was."""
    parts = {kind: _of(case, act, kind) for kind in _KINDS}
    specified, committed, closed, revealed, typed = parts.values()
    order = [one.seq for one in (*specified, *committed, *closed, *revealed, *typed, act)]
    report.demand(order == sorted(order), "the steps of the draw are out of their order")
    said = [(one.body["party"], one.body["commitment"], one.at) for one in committed]
    told = [(one.party, one.digest, one.at) for one in transcript.commitments]
    report.demand(sorted(said) == sorted(told), "other commitments than were logged")
    said = [(one.body["party"], one.body["secret"], one.at) for one in revealed]
    told = [(one.party, one.r, one.at) for one in transcript.reveals]
    report.demand(sorted(said) == sorted(told), "other reveals than were logged")
    _close(report, closed, transcript)
    _beacon(report, typed, transcript)


_KINDS = ("draw.specified", "draw.committed", "draw.commits-closed", "draw.revealed", "draw.beacon-entered")


def _of(case: Case, act: Entry, kind: str) -> list[Entry]:
    return [one for one in case.acts(kind) if one.body["draw_id"] == act.body["draw_id"]]


def _close(report: Report, closed: list[Entry], transcript: draws.Transcript) -> None:
    pairs = sorted([one.party, one.digest] for one in transcript.commitments)
    bound = jcs.digest(pairs).hex()
    said: list[Any] = [(one.body["commits_sha256"], one.at) for one in closed]
    told = [(transcript.checkpoint, transcript.closed_at)]
    report.demand(said == told and transcript.checkpoint == bound, "the commitments were closed otherwise")


def _beacon(report: Report, typed: list[Entry], transcript: draws.Transcript) -> None:
    """An offline beacon was typed in by the two people whom the ledger names; drand is signed."""
    people = transcript.beacon.entered_by
    if not people:
        return
    logged = tuple(one.by for one in typed)[-_BEACON_TYPINGS:]
    report.demand(logged == people, "the beacon was typed in by others than the ledger names")
    report.demand(typed[-1].at == transcript.beacon.at, "the beacon is of another instant")
