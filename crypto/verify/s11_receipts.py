"""S11: receipts that others hold speak of entries that are here, in this log."""

from crypto.proofs import VerifiedLeaf
from crypto.receipts import VerifiedReceipt, verify_receipt
from crypto.verify.case import SUBMITTED, WITHDRAWN, Case
from crypto.verify.entries import Line
from crypto.verify.finding import Report, Skipped
from crypto.verify.s1_log import roots_at

RECEIPTS = "receipts/"
MAX_RECEIPT = 1 << 20


def check(case: Case, report: Report) -> None:
    """Each receipt verifies, its checkpoint is a state of this log, its entry stands in a stream."""
    paths = case.bundle.below(RECEIPTS)
    if not paths:
        raise Skipped("no receipt was handed in")
    verified: dict[str, VerifiedReceipt] = {}
    for path in paths:
        with report.about(path):
            verified[path] = verify_receipt(case.bundle.text(path, MAX_RECEIPT), case.trust)
    _heads(case, report, {path: one.leaf for path, one in verified.items() if one.leaf is not None})
    for path, one in verified.items():
        with report.about(path):
            _entry(case, report, path, one)
    report.fact(f"{len(verified)} receipts")


def _heads(case: Case, report: Report, leaves: dict[str, VerifiedLeaf]) -> None:
    roots = roots_at(case.leaves, {one.checkpoint.size for one in leaves.values()})
    for path, one in leaves.items():
        head = one.checkpoint
        report.demand(roots.get(head.size) == head.root, f"{path}: its checkpoint is no state of this log")


def _entry(case: Case, report: Report, path: str, receipt: VerifiedReceipt) -> None:
    line = _line(case, receipt)
    if line is None:
        report.fault(f"{path}: its entry is not in the bundle")
        return
    if receipt.leaf is not None:
        report.demand(line.index == receipt.leaf.index, f"{path}: its entry stands at another leaf")
    if receipt.entry["kind"] in {SUBMITTED, WITHDRAWN}:
        report.demand(line.entry is not None, f"{path}: its bid is kept closed")


def _line(case: Case, receipt: VerifiedReceipt) -> Line | None:
    for stream in case.streams():
        if stream.name == receipt.entry["stream"]:
            return next((one for one in stream.lines if one.commitment == receipt.commitment), None)
    return None
