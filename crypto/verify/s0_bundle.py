"""S0: the bundle is the one that was given out, whole: every file as indexed, and no other."""

from crypto.notes import parse_note, signed_by
from crypto.verify.bundle import INDEX, NOTE, TRUST
from crypto.verify.case import Case
from crypto.verify.finding import Report, Skipped
from crypto.verify.writing import digest_of, note_text
from crypto.vkeys import VerifierKey


def check_trust(case: Case, report: Report) -> None:
    """Whom the verification believes: who brings her own trust file need not believe the platform."""
    if case.is_self_attested:
        raise Skipped("self-attested: only the bundle's own trust file was at hand")
    report.fact(f"log {case.trust.log_vkey.partition('+')[0]}")
    if case.trust.quorum == 0:
        report.fact("no witness: the log is attested by itself alone")
    else:
        report.fact(f"{case.trust.quorum} of {len(case.trust.witnesses)} witnesses must agree")


def check(case: Case, report: Report) -> None:
    """The platform's note is over this index, and the index is of these files."""
    _note(case, report)
    indexed = {one["path"]: one for one in case.index["files"]}
    there = {path for path in case.bundle.paths() if path not in {INDEX, NOTE}}
    report.demand(TRUST in there, f"{TRUST} is missing")
    for path in sorted(indexed.keys() - there):
        report.fault(f"{path} is missing")
    for path in sorted(there - indexed.keys()):
        report.fault(f"{path} is in no index")
    for path in sorted(there & indexed.keys()):
        with report.about(path):
            _file(case, report, path, indexed[path])
    report.fact(f"{len(there)} files")


def _note(case: Case, report: Report) -> None:
    with report.about(NOTE):
        note, log = parse_note(case.bundle.read(NOTE)), VerifierKey.parse(case.trust.log_vkey)
        report.demand(signed_by(note, log), "not signed by the platform's log key")
        said = note_text(case.bundle.read(INDEX), tender_id=case.tender_id, origin=log.name)
        report.demand(note.text == said, "the note is over another index")
    head, said_head = case.head.checkpoint, case.index["checkpoint"]
    report.demand(
        (said_head["origin"], said_head["size"], said_head["root"])
        == (head.origin, head.size, head.root.hex()),
        "the index names another checkpoint",
    )


def _file(case: Case, report: Report, path: str, said: dict[str, object]) -> None:
    if case.bundle.size(path) != said["size"]:
        report.fault(f"{path}: {case.bundle.size(path)} bytes, not {said['size']}")
    elif digest_of(case.bundle, path) != said["sha256"]:
        report.fault(f"{path}: other bytes than indexed")
