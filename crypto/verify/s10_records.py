"""S10: the signed documents are valid for the long term, and their hashes stand in the log."""

from hashlib import sha256

from crypto.certificates import Profile
from crypto.pdf import Level, validate_pdf
from crypto.verify.case import Case
from crypto.verify.finding import Report, Skipped
from crypto.verify.s8_prices import RECORDS
from crypto.verify.store import documents_store

SIGNERS = frozenset({Profile.PLATFORM, Profile.STAFF})
FILE = "file_sha256"


def check(case: Case, report: Report) -> None:
    """Every PDF is PAdES B-LTA, signed by the platform or its staff, and named by an act; none is missing."""
    paths = [path for path in case.bundle.below(RECORDS) if path.endswith(".pdf")]
    logged = {one.body[FILE]: one for one in case.public.entries() if isinstance(one.body.get(FILE), str)}
    if not paths and not logged:
        raise Skipped("no signed document was logged")
    found = set()
    for path in paths:
        with report.about(path):
            found.add(_document(case, report, path, set(logged)))
    for digest in sorted(logged.keys() - found):
        report.fault(f"the document {digest[:12]} was logged and is not in the bundle")


def _document(case: Case, report: Report, path: str, logged: set[str]) -> str:
    raw = case.bundle.read(path)
    digest = sha256(raw).hexdigest()
    report.demand(digest in logged, f"{path}: its hash is not in the log")
    store = documents_store(case.bundle, case.trust)
    certificates = [*case.certificates, *case.trust.tsa_chain]
    for one in validate_pdf(raw, trust=store, at=case.at, certificates=certificates):
        report.demand(one.level is Level.B_LTA, f"{path}: {one.level}, not B-LTA")
        report.demand(one.signer.profile in SIGNERS, f"{path}: signed as {one.signer.profile}")
        report.fact(f"{path}: {one.signer_name}, {one.signed_at.isoformat()}")
    return digest
