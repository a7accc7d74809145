"""S2: terms, layer holders and committee were fixed and logged before the first bid."""

from collections.abc import Mapping

from crypto import jcs
from crypto.age import is_recipient
from crypto.verify.case import SUBMITTED, Case, Notice
from crypto.verify.finding import Report


def check(case: Case, report: Report) -> None:
    """Every version is what its hash says and continues the one before; no bid came before the first."""
    previous: Notice | None = None
    for notice in case.notices:
        with report.about(f"notice version {notice.version}"):
            _version(case, report, notice, previous)
            _holders(report, notice)
        previous = notice
    _before_bids(case, report)
    _liveness(case, report)
    newest = case.notices[-1]
    report.fact(f"{len(case.notices)} versions, {len(newest.layers)} layers")
    if newest.threshold:
        report.fact(f"committee {newest.threshold} of {len(newest.members)}")


def _version(case: Case, report: Report, notice: Notice, previous: Notice | None) -> None:
    body, name = notice.entry.body, f"notice version {notice.version}"
    is_first = notice.entry.kind == "notice.published"
    report.demand(is_first == (previous is None), f"{name}: {notice.entry.kind} out of its order")
    report.demand(jcs.digest(dict(notice.terms)).hex() == notice.sha256, f"{name}: not its hash")
    report.demand(notice.terms["tender_id"] == case.tender_id, f"{name}: of another tender")
    report.demand(
        notice.version == (previous.version + 1 if previous else 1), f"{name}: not the next version"
    )
    expected = previous.sha256 if previous else None
    report.demand(body.get("previous") == expected, f"{name}: it continues another version")


def _holders(report: Report, notice: Notice) -> None:
    name = f"notice version {notice.version}"
    keys = [*notice.layers, *(recipient for _, recipient in notice.members)]
    report.demand(notice.layers, f"{name}: no layers")
    report.demand(all(map(is_recipient, keys)), f"{name}: a holder without a key")
    report.demand(len(set(keys)) == len(keys), f"{name}: one key held twice")
    if notice.threshold is not None:
        sound = 2 <= notice.threshold <= len(notice.members)  # noqa: PLR2004 -- one is no committee
        report.demand(sound, f"{name}: a threshold that cannot be")


def _before_bids(case: Case, report: Report) -> None:
    first = case.notices[0].entry.index
    for stream in case.bidders.values():
        early = [one for one in stream.entries(SUBMITTED) if one.index < first]
        report.demand(not early, f"{stream.path}: a bid from before the notice")


def _liveness(case: Case, report: Report) -> None:
    """Each holder had shown, before the version that names its key, that it still has it."""
    if case.desk is None:
        report.fact("proofs of possession: supervision edition only")
        return
    proven: Mapping[str, int] = {
        one.body["recipient"]: one.index for one in reversed(case.desk.entries("tender.liveness-proven"))
    }
    for notice in case.notices:
        for recipient in (*notice.layers, *(one for _, one in notice.members)):
            shown = proven.get(recipient)
            report.demand(
                shown is not None and shown < notice.entry.index,
                f"notice version {notice.version}: {recipient[:16]}… was not shown to be held",
            )
