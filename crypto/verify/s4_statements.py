"""S4: every bid is signed by its bidder, sealed to the notice's holders, and is the one that was logged."""

from collections import Counter
from datetime import datetime
from hashlib import sha256

from crypto.age import Header, payload_size
from crypto.certificates import Holder, Profile, fingerprint
from crypto.cms import MAX_SIZE, verify_detached
from crypto.envelope import refuse_unencrypted
from crypto.envelope.context import BIND
from crypto.envelope.statement import MAX_STATEMENT, STEPS, Part, SealedObject, Statement
from crypto.verify.case import SUBMITTED, Bid, Case, Notice
from crypto.verify.entries import Entry, instant
from crypto.verify.finding import Report, Skipped
from crypto.verify.s3_deadline import outcomes_of
from crypto.verify.writing import digest_of

STAGE = "single"
ALTERED = "stored-bytes-differ"


def check(case: Case, report: Report) -> None:
    """Signature, chain and revocation; context and rounds; the archived bytes; nothing used twice."""
    if case.is_unlisted or not case.acts("deadline.reached"):
        _folders(case, report)
        raise Skipped("no list of bidders was published")
    for bid in case.bids:
        with report.about(f"bid {bid.bid_id}"):
            _bid(case, report, bid)
    for stream in case.bidders.values():
        _rounds(report, stream.path, stream.entries(SUBMITTED))
    _unique(case, report)
    _folders(case, report)
    report.fact(f"{len(case.bids)} statements")
    if not case.is_supervision:
        report.fact("documents: supervision edition only")


def _bid(case: Case, report: Report, bid: Bid) -> None:
    raw = case.bundle.read(bid.path("statement.json"), MAX_STATEMENT)
    statement, name = Statement.read(raw), f"bid {bid.bid_id}"
    same = sha256(raw).hexdigest() == bid.entry.body["statement_sha256"]
    report.demand(same, f"{name}: another statement than was logged")
    holder = signer_of(case, bid, raw, at=bid.entry.at)
    row = case.listed.get(bid.bid_id)
    report.demand(
        row is None or holder.uscc in {None, row["uscc"]}, f"{name}: signed by another organisation"
    )
    _logged(report, name, bid.entry, statement)
    _context(case, report, bid, statement)
    _parts(case, report, bid, statement)


def signer_of(case: Case, bid: Bid, raw: bytes, *, at: datetime) -> Holder:
    """Who signed the statement, trusted at *at*. Raises SignatureInvalid, CertificateInvalid."""
    signer = verify_detached(raw, case.bundle.read(bid.path("statement.p7s"), MAX_SIZE))
    named = bid.entry.body["bidder_certificate_sha256"]
    if fingerprint(signer.certificate) != named:
        raise ValueError("signed with another certificate than was logged")
    chain = [*signer.chain, *(one for one in case.certificates if one != signer.certificate)]
    return case.store.judge(signer.certificate, chain, at=at, profile=Profile.BIDDER)


def _logged(report: Report, name: str, entry: Entry, statement: Statement) -> None:
    """The entry that the bidder's receipt attests says what the statement says."""
    parts = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in statement.parts()]
    said = {
        "objects": parts,
        "bidder_layer_recipient": statement.bidder_recipient,
        "has_fallback": bool(statement.shares),
        "notice_sha256": statement.context.notice_sha256,
        "round": statement.context.round,
        "previous_statement_sha256": statement.previous,
        "bidder_certificate_sha256": statement.context.bidder_cert_sha256,
    }
    for field, value in said.items():
        report.demand(entry.body.get(field) == value, f"{name}: {field} differs from what was logged")


def _context(case: Case, report: Report, bid: Bid, statement: Statement) -> None:
    context, name = statement.context, f"bid {bid.bid_id}"
    notice = case.notice(context.notice_sha256)
    terms = notice.terms
    report.demand(context.tender_id == case.tender_id, f"{name}: for another tender")
    report.demand((context.lot, context.stage) == (terms["lot_code"], STAGE), f"{name}: for another lot")
    report.demand(context.deadline == instant(terms["bid_deadline"]), f"{name}: another deadline")
    report.demand(statement.layers == notice.layers, f"{name}: sealed to other layers")
    report.demand(bid.entry.body["rules_version"] == terms["rule_set_version"], f"{name}: other rules")
    report.demand(notice.entry.index < bid.entry.index, f"{name}: older than its notice")
    overtaken = any(one.asks_anew and one.version > notice.version for one in case.notices)
    report.demand(not overtaken, f"{name}: under a notice that asked for new bids since")
    _committee(report, name, notice, statement)


def _committee(report: Report, name: str, notice: Notice, statement: Statement) -> None:
    shares = tuple((one.member, one.recipient) for one in statement.shares)
    report.demand(shares == notice.members, f"{name}: shares for others than the committee")
    report.demand(statement.threshold == notice.threshold, f"{name}: another threshold")
    if notice.threshold is not None:
        report.demand(statement.list_version == notice.version, f"{name}: another list of members")


def _parts(case: Case, report: Report, bid: Bid, statement: Statement) -> None:
    """The archived ciphertexts are those of the statement, and each is bound to its context."""
    outcome = outcomes_of(case).get(bid.bid_id)
    is_lost = outcome is not None and outcome.body.get("cause") == ALTERED
    faults = Report()
    for part in statement.parts():
        if part.name == "docs.age" and not case.is_supervision:
            continue
        with faults.about(f"bid {bid.bid_id}: {part.name}"):
            _part(case, faults, bid, statement, part)
    if is_lost:
        _altered(case, report, bid, found=bool(faults.faults))
        return
    for one in faults.faults:
        report.fault(one)


def _altered(case: Case, report: Report, bid: Bid, *, found: bool) -> None:
    if found or not case.is_supervision:
        report.fact(f"bid {bid.bid_id}: its stored bytes were altered, as was said (E-15)")
    else:
        report.fault(f"bid {bid.bid_id}: said to be altered in the vault, and is not")


def _part(case: Case, report: Report, bid: Bid, statement: Statement, part: Part) -> None:
    path = bid.path(part.name)
    report.demand(case.bundle.size(path) == part.size, f"{path}: another size than signed")
    report.demand(digest_of(case.bundle, path) == part.sha256, f"{path}: other bytes than signed")
    with case.bundle.open(path) as src:
        header = refuse_unencrypted(src)
    bound = isinstance(part, SealedObject)
    kinds = [stanza.kind for stanza in header.stanzas]
    report.demand(kinds == ([BIND, "X25519"] if bound else ["X25519"]), f"{path}: other stanzas")
    if isinstance(part, SealedObject):
        _object(report, path, header, statement, part)


def _object(report: Report, path: str, header: Header, statement: Statement, part: SealedObject) -> None:
    stanza = statement.context.of(part.object).stanza()
    report.demand(header.stanzas[0] == stanza, f"{path}: bound to another bid")
    padded = payload_size(header, part.size) % STEPS[part.object] == 0
    report.demand(padded, f"{path}: not padded")


def _rounds(report: Report, path: str, submissions: list[Entry]) -> None:
    """Each round continues the one before; a withdrawal lies between them or it does not."""
    previous = None
    for number, one in enumerate(submissions, start=1):
        body = one.body
        follows = (body["round"], body["previous_statement_sha256"]) == (number, previous)
        report.demand(follows, f"{path}: round {body['round']} does not continue round {number - 1}")
        previous = body["statement_sha256"]


def _unique(case: Case, report: Report) -> None:
    """No ciphertext and no one-time key in two bids: a second sight would be a copy."""
    seen: Counter[str] = Counter()
    for stream in case.bidders.values():
        for one in stream.entries(SUBMITTED):
            seen.update(
                [one.body["bidder_layer_recipient"], *(part["sha256"] for part in one.body["objects"])]
            )
    for bid in case.bids:
        with report.about(f"bid {bid.bid_id}"):
            seen.update(one.recipient for one in case.statement(bid).objects)
    for value, count in seen.items():
        report.demand(count == 1, f"{value[:20]}… stands in {count} bids")


def _folders(case: Case, report: Report) -> None:
    """Nothing lies in the archive that is of no bid."""
    known = {bid.bid_id for bid in case.bids}
    for folder in sorted({path.split("/")[1] for path in case.bundle.below("bids/")} - known):
        report.fault(f"bids/{folder} is of no bid that stood at the deadline")
