"""B1 … B11: what a bidder verifies with her own files, her receipt and a trust file, and later the bundle."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from crypto.age import recipient_of
from crypto.certificates import Profile, fingerprint
from crypto.cms import MAX_SIZE, verify_detached
from crypto.commitments import BLIND_SIZE
from crypto.envelope import Folder, open_sheet
from crypto.envelope.statement import MAX_STATEMENT, SIGNATURE, STATEMENT, Statement
from crypto.merkle import leaf_hash, verify_inclusion
from crypto.notes import open_note
from crypto.proofs import LogProof, commitment_of, entry_of
from crypto.receipts import Promise, Receipt, parse_receipt, stamp_digest, verify_receipt
from crypto.timestamps import verify_token
from crypto.trust import Trust
from crypto.verify.bundle import BundleBroken
from crypto.verify.case import SUBMITTED, WITHDRAWN, Bid, Case
from crypto.verify.entries import Entry, Line, instant
from crypto.verify.finding import Report, Skipped, Step
from crypto.verify.s1_log import roots_at
from crypto.verify.s3_deadline import outcomes_of
from crypto.verify.s8_prices import record_of, values_of


@dataclass(frozen=True, kw_only=True)
class Mine:
    """What a bidder has: the receipt as text, and where she kept them her sealed files and her key B.

    `folder` is the sealed submission as `seal` left it; `identity` the one-time key B in the clear.
    """

    receipt: str
    folder: Path | None = None
    identity: str | None = None


class BidderCase:
    """Her things, whom she believes, and the bundle once there is one."""

    def __init__(self, mine: Mine, trust: Trust, bundle: Case | None = None) -> None:
        self.mine, self.trust, self._bundle = mine, trust, bundle

    @cached_property
    def kept(self) -> Receipt | Promise:
        return parse_receipt(self.mine.receipt)

    @property
    def proof(self) -> LogProof:
        """The proof in the receipt. Raises Skipped while she holds a promise."""
        if isinstance(self.kept, Promise):
            raise Skipped("the receipt is the platform's promise; ask for the proof that replaces it")
        return self.kept.proof

    @cached_property
    def extra(self) -> bytes:
        return self.kept.extra if isinstance(self.kept, Promise) else self.kept.proof.extra

    @cached_property
    def entry(self) -> Mapping[str, Any]:
        """The act that the receipt attests."""
        return entry_of(self.extra[BLIND_SIZE:])

    @property
    def folder(self) -> Path:
        if self.mine.folder is None:
            raise Skipped("the sealed files are not at hand")
        return self.mine.folder

    @cached_property
    def raw(self) -> bytes:
        """statement.json as she kept it."""
        raw = (self.folder / STATEMENT).read_bytes()
        if len(raw) > MAX_STATEMENT:
            raise BundleBroken("no statement is so large")
        return raw

    @cached_property
    def statement(self) -> Statement:
        return Statement.read(self.raw)

    @property
    def bundle(self) -> Case:
        """The published bundle. Raises Skipped before there is one."""
        if self._bundle is None:
            raise Skipped("the bundle is not at hand")
        return self._bundle


def check_files(case: BidderCase, report: Report) -> None:
    """B1: my ciphertexts are those of my statement."""
    reader = Folder(case.folder)
    for part in case.statement.parts():
        with report.about(part.name):
            same = (reader.size(part.name), reader.sha256(part.name)) == (part.size, part.sha256)
            report.demand(same, f"{part.name}: other bytes than my statement says")
    report.fact(f"{len(case.statement.parts())} files")


def check_signature(case: BidderCase, report: Report) -> None:
    """B2: the statement's signature is mine, by a certificate that was good when the bid came in."""
    signature = (case.folder / SIGNATURE).read_bytes()[: MAX_SIZE + 1]
    signer = verify_detached(case.raw, signature)
    named = case.statement.context.bidder_cert_sha256
    report.demand(fingerprint(signer.certificate) == named, "signed with another certificate")
    at = instant(case.entry["at"])
    store = case.trust.ca_store if case._bundle is None else case.bundle.store  # noqa: SLF001 -- None is no Skip here
    holder = store.judge(signer.certificate, signer.chain, at=at, profile=Profile.BIDDER)
    report.fact(f"{holder.name}, serial {holder.serial}")
    if not store.crls:
        report.fact("revocation not checked: the bundle brings the lists")


def check_leaf(case: BidderCase, report: Report) -> None:
    """B3: the entry names my statement, my tender and my files."""
    body = case.entry["body"]
    report.demand(case.entry["kind"] in {SUBMITTED, WITHDRAWN}, f"an entry of kind {case.entry['kind']}")
    digest = hashlib.sha256(case.raw).hexdigest()
    report.demand(body["statement_sha256"] == digest, "another statement than mine")
    report.demand(body["tender_id"] == case.statement.context.tender_id, "another tender")
    if case.entry["kind"] == SUBMITTED:
        parts = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in case.statement.parts()]
        report.demand(body["objects"] == parts, "other files than mine")
        same = body["bidder_layer_recipient"] == case.statement.bidder_recipient
        report.demand(same, "another key than mine")
    report.fact(f"{case.entry['kind']} round {body['round']} at {case.entry['at']}")


def check_inclusion(case: BidderCase, report: Report) -> None:
    """B4: the entry is a leaf under the receipt's checkpoint."""
    proof, head = case.proof, case.proof.checkpoint
    leaf = leaf_hash(commitment_of(case.extra))
    verify_inclusion(index=proof.index, size=head.size, leaf=leaf, path=proof.path, root=head.root)
    report.fact(f"leaf {proof.index} of {head.size}")


def check_log(case: BidderCase, report: Report) -> None:
    """B5: the log's own key signed."""
    if isinstance(case.kept, Promise):
        verified = verify_receipt(case.kept, case.trust)
        report.fact(f"promised at {verified.promised_at}")
        return
    open_note(case.proof.note, case.trust.policy.logs)
    report.fact(case.proof.checkpoint.origin)


def check_witnesses(case: BidderCase, report: Report) -> None:
    """B6: enough witnesses saw the checkpoint, and when."""
    attested = case.trust.policy.judge(case.proof.note)
    if case.trust.quorum == 0:
        raise Skipped("no witness: the log is attested by itself alone")
    for name, at in sorted(attested.cosigned.items()):
        report.fact(f"{name} at {at.isoformat()}")


def check_stamp(case: BidderCase, report: Report) -> None:
    """B7: a time stamp over the checkpoint, no later than the deadline."""
    head, token = case.proof.checkpoint, getattr(case.kept, "token", None)
    if token is None:
        raise Skipped("the receipt carries no time stamp; the closing checkpoint has one (S3)")
    trust = case.trust
    stamped = verify_token(token, stamp_digest(head), trust=trust.tsa_store, chain=trust.tsa_chain).latest
    if stamped > case.statement.context.deadline:
        raise Skipped(f"stamped only at {stamped.isoformat()}, after the deadline")
    report.fact(f"stamped by {stamped.isoformat()}")


def check_key(case: BidderCase, report: Report) -> None:
    """B8: the key I keep is the one my bid is sealed to."""
    if case.mine.identity is None:
        raise Skipped("the key file is not at hand")
    fits = recipient_of(case.mine.identity.strip()) == case.statement.bidder_recipient
    report.demand(fits, "the key at hand is not R(B) of the statement")


def check_shares(case: BidderCase, report: Report) -> None:
    """B9: what the shares promise. Shares that prove themselves come with another share format."""
    if not case.statement.shares:
        raise Skipped("the bid has no committee shares")
    report.demand(case.entry["body"].get("has_fallback", True) is True, "the receipt denies the fallback")
    raise Skipped("shares of this format prove themselves only when they are combined")


def check_growth(case: BidderCase, report: Report) -> None:
    """B10: the published log continues my receipt's, and my entry stands before the deadline in it."""
    bundle, proof, head = case.bundle, case.proof, case.proof.checkpoint
    root = roots_at(bundle.leaves, {head.size}).get(head.size)
    report.demand(root == head.root, "the published log does not continue the one of my receipt")
    line = _line(case)
    if line is None:
        report.fault("my entry is not in the bundle")
        return
    report.demand(line.index == proof.index, "my entry stands at another leaf")
    report.demand(line.index < bundle.deadline.index, "my entry stands after the deadline")
    counts = any(line.commitment == one.commitment for one in bundle.last_bids.values())
    bound = line.commitment.hex() in bundle.deadline.body["bids"]
    report.demand(counts == bound, "the deadline bound another bid than my last")
    report.fact("my last word, bound at the deadline" if counts else "replaced by my own later round")


def _line(case: BidderCase) -> Line | None:
    sealed = commitment_of(case.extra)
    mine = [one for one in case.bundle.bidders.values() if one.name == case.entry["stream"]]
    return next((line for stream in mine for line in stream.lines if line.commitment == sealed), None)


def check_prices(case: BidderCase, report: Report) -> None:
    """B11: what was announced and recorded of my bid is what my own sheet says."""
    bundle, bid_id = case.bundle, str(case.entry["body"]["bid_id"])
    bid = next((one for one in bundle.bids if one.bid_id == bid_id), None)
    if bid is None:
        raise Skipped("this round did not stand at the deadline")
    announced = bundle.by_bid("bid.announced").get(bid_id)
    if announced is None:
        outcome = outcomes_of(bundle).get(bid_id)
        raise Skipped(f"not announced: {outcome.kind if outcome else 'no outcome'}")
    _announced(case, report, bid, announced)
    _recorded(case, report, bid, announced)


def _announced(case: BidderCase, report: Report, bid: Bid, announced: Entry) -> None:
    key = case.bundle.by_bid("key.sheet-published")[bid.bid_id].body["identity"]
    with (case.folder / "sheet.age").open("rb") as sealed:
        sheet = open_sheet(sealed, key, case.statement.context)
    for name, value in values_of(sheet, case.bundle.notices[-1].terms).items():
        said = announced.body["items"].get(name)
        report.demand(said == value, f"{name} was announced as {said!r}, my sheet says {value!r}")
    report.fact("announced as my sheet says")


def _recorded(case: BidderCase, report: Report, bid: Bid, announced: Entry) -> None:
    for act in case.bundle.acts("opening.closed"):
        rows = record_of(case.bundle, act.body["version"])["rows"]
        mine = [row["items"] for row in rows if row["bidder_id"] == bid.bidder_id]
        report.demand(mine == [announced.body["items"]], "the record shows other values than were announced")
        report.fact(f"recorded in version {act.body['version']}")


BIDDER_STEPS: tuple[Step[BidderCase], ...] = (
    Step("B1", "密文与声明一致", "My files are those of my statement", check_files),
    Step("B2", "声明由本单位签名", "The statement is signed by me", check_signature),
    Step("B3", "回执所载即本次投标", "The receipt is of this bid", check_leaf),
    Step("B4", "回执条目在日志中", "The entry is in the log", check_inclusion),
    Step("B5", "日志签名有效", "The log signed", check_log),
    Step("B6", "见证方联署足数", "Enough witnesses cosigned", check_witnesses),
    Step("B7", "时间戳不晚于截止时刻", "Stamped no later than the deadline", check_stamp),
    Step("B8", "所持密钥可开启本标", "My key is the bid's", check_key),
    Step("B9", "委员会密钥份额", "The committee's shares", check_shares),
    Step("B10", "公布的日志延续回执", "The published log continues my receipt", check_growth),
    Step("B11", "唱标与记录如本单位开标一览表", "Announced and recorded as my sheet says", check_prices),
)
