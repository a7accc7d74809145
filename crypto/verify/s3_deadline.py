"""S3: the deadline bound every bid there was; none came later, and each is accounted for."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from crypto.verify.case import NOTICES, SUBMITTED, WITHDRAWN, Case
from crypto.verify.entries import Entry, Stream, instant, read_entry
from crypto.verify.finding import Report
from crypto.verify.s1_log import stamp_of

MINIMUM = 3  # Tendering Law art. 28: fewer bids than three are not opened
CLOSING = timedelta(minutes=10)
"""How long after the deadline the stamped checkpoint may be: until then a late bid could have slipped in."""

OUTCOMES = (
    "bid.decrypted", "bid.unopened-revoked", "bid.unopened-system-fault",
    "opening.acceptance-refused", "opening.bid-revoked",
)  # fmt: skip


def check(case: Case, report: Report) -> None:
    """Heads cover each bidder's stream, the list opens each bid, and each has one outcome."""
    case.demand_opening()
    _instant(case, report)
    _closing(case, report)
    _failed(case, report)
    if case.is_unlisted:
        report.fact(f"{len(case.deadline.body['bids'])} bids were bound; no list was published")
        report.demand(not case.bidders, "bidders' streams, and no list was published")
        return
    _heads(case, report)
    _bids(case, report)
    _late(case, report)
    if case.acts("opening.bidder-list") or not case.has_ended_early:
        _list(case, report)
        _outcomes(case, report)
    withdrawn = len(case.last_bids) - len(case.bids)
    report.fact(f"{len(case.bids)} bids stood at the deadline, {withdrawn} withdrawn before it")


def _instant(case: Case, report: Report) -> None:
    deadline = instant(case.deadline.body["deadline"])
    before = [one for one in case.acts(*NOTICES) if one.seq < case.deadline.seq]
    said = instant(before[-1].body["terms"]["bid_deadline"])
    report.demand(deadline == said, "another deadline than the notice named")
    report.demand(case.deadline.at > deadline, "the deadline fell before its instant")
    report.fact(f"deadline {deadline.isoformat()}")


def _heads(case: Case, report: Report) -> None:
    """One head for each stream that had entries, at the place where the deadline cut it."""
    heads: dict[str, Mapping[str, Any]] = {one["stream_sha256"]: one for one in case.deadline.body["heads"]}
    report.demand(len(heads) == len(case.deadline.body["heads"]), "two heads of one stream")
    for stream in case.bidders.values():
        head = heads.pop(sha256(stream.name.encode()).hexdigest(), {"seq": 0, "commitment": ""})
        _head(case, report, stream, head)
    for one in heads.values():
        report.fault(f"a bidder's stream of {one['seq']} entries is not in the bundle")


def _head(case: Case, report: Report, stream: Stream, head: Mapping[str, Any]) -> None:
    before = [line for line in stream.lines if line.index < case.deadline.index]
    last = before[-1].commitment.hex() if before else ""
    found = (len(before), last)
    report.demand(found == (head["seq"], head["commitment"]), f"{stream.path}: another head was bound")


def _bids(case: Case, report: Report) -> None:
    """The bids that the deadline bound are the last of each bidder, no more and no fewer."""
    bound = sorted(case.deadline.body["bids"])
    found = sorted(one.commitment.hex() for one in case.last_bids.values())
    report.demand(len(set(bound)) == len(bound), "a bid was bound twice")
    for one in set(bound) - set(found):
        report.fault(f"bid {one[:12]} was bound at the deadline and is not in the bundle")
    for one in set(found) - set(bound):
        report.fault(f"bid {one[:12]} was not bound at the deadline")


def _late(case: Case, report: Report) -> None:
    deadline = instant(case.deadline.body["deadline"])
    for stream in case.bidders.values():
        for one in stream.entries(SUBMITTED, WITHDRAWN):
            late = one.index > case.deadline.index or one.at > deadline
            report.demand(not late, f"{stream.path}: {one.kind} at {one.at.isoformat()} is late")
            owner = f"tender/{case.tender_id}/bidder/{one.body['bidder_id']}"
            report.demand(owner == stream.name, f"{stream.path}: a bid of another bidder")


def _closing(case: Case, report: Report) -> None:
    """The log was closed over the deadline, and somebody else said when."""
    stamps = [act for act in case.acts("checkpoint.stamped") if act.body["size"] > case.deadline.index]
    if not stamps:
        report.fault("no stamped checkpoint closes the log over the deadline")
        return
    stamped, deadline = stamp_of(stamps[0], case.trust), instant(case.deadline.body["deadline"])
    report.demand(stamped.latest >= deadline, "the closing checkpoint was stamped before the deadline")
    gap = stamped.latest - deadline
    report.demand(gap <= CLOSING, f"the log was closed {gap} after the deadline")
    report.fact(f"closed at {stamps[0].body['size']} leaves by {stamped.latest.isoformat()}")


def _list(case: Case, report: Report) -> None:
    """The published list names every bid once, and opens what the deadline had bound."""
    rows = [row for act in case.acts("opening.bidder-list") for row in act.body["bidders"]]
    named = sorted(row["bidder_id"] for row in rows)
    report.demand(named == sorted(case.last_bids), "the list names other bidders than those who bid")
    for row in rows:
        with report.about(f"list row {row.get('number')}"):
            _row(case, report, row)


def _row(case: Case, report: Report, row: Mapping[str, Any]) -> None:
    entry = read_entry(row["entry"]["text"], row["entry"]["blind"], index=-1)
    known = case.last_bids.get(row["bidder_id"])
    name = f"list row {row['number']}"
    report.demand(known is not None and entry.commitment == known.commitment, f"{name}: it opens another bid")
    report.demand(entry.body["bid_id"] == row["bid_id"], f"{name}: another bid")
    report.demand(entry.body["statement_sha256"] == row["statement_sha256"], f"{name}: another statement")
    report.demand((row["status"] == "withdrawn") == (entry.kind == WITHDRAWN), f"{name}: another status")
    submitted = [one.at for one in case.bidders[row["bidder_id"]].entries(SUBMITTED)]
    report.demand(instant(row["submitted_at"]) == submitted[-1], f"{name}: another instant of submission")


def _outcomes(case: Case, report: Report) -> None:
    """Opened, refused, revoked, or lost by the system: each bid one of these, and nobody else's."""
    outcomes = outcomes_of(case)
    standing = {bid.bid_id for bid in case.bids}
    for bid_id in sorted(outcomes.keys() - standing):
        report.fault(f"bid {bid_id} has an outcome and did not stand at the deadline")
    if not case.has_ended_early:
        report.demand(case.acts("opening.closed"), "the opening is not over")
        for bid_id in sorted(standing - outcomes.keys()):
            report.fault(f"bid {bid_id} is not accounted for")
    _counts(case, report, outcomes)


def outcomes_of(case: Case) -> dict[str, Entry]:
    """What became of each bid: the first outcome, or that its bidder revoked it later."""
    found: dict[str, Entry] = {}
    for one in case.acts(*OUTCOMES):
        if one.kind == "opening.bid-revoked" or one.body["bid_id"] not in found:
            found[one.body["bid_id"]] = one
    return found


def _counts(case: Case, report: Report, outcomes: Mapping[str, Entry]) -> None:
    for act in case.acts("opening.decryption-ended"):
        until = [one for one in outcomes.values() if one.seq < act.seq]
        lost = sum(one.kind == "bid.unopened-system-fault" for one in until)
        report.demand(act.body["system_fault"] == lost, "the bids lost by the system are miscounted")
        opened = {one.body["bid_id"] for one in case.acts("bid.decrypted") if one.seq < act.seq}
        revoked = {one.body["bid_id"] for one in case.acts("opening.bid-revoked") if one.seq < act.seq}
        report.demand(act.body["opened"] == len(opened - revoked), "the opened bids are miscounted")


def _failed(case: Case, report: Report) -> None:
    """Too few bids (N-01): there were too few, and what is sealed stays sealed."""
    for act in case.acts("opening.failed"):
        if act.body["cause"] != "too-few-received":
            continue
        count = act.body["count"]
        known = count <= len(case.deadline.body["bids"]) if case.is_unlisted else count == len(case.bids)
        report.demand(known and count < MINIMUM, "enough bids were there to open")
        report.demand(not case.acts("key.layer-released"), "a failed tender's layers were released")
