"""S7: every opened bid opens again, from the archived ciphertext and the released keys alone."""

from hashlib import sha256

from crypto.envelope import open_key, open_sheet
from crypto.envelope.layers import MAX_KEY_FILE
from crypto.errors import CryptoError
from crypto.verify.case import Bid, Case
from crypto.verify.documents import prove_docs
from crypto.verify.finding import Report, Skipped
from crypto.verify.s3_deadline import outcomes_of
from crypto.verify.s5_order import RELEASED
from crypto.verify.s6_keys import bidder_key, is_kept, layers_of

MALFORMED = "sealed-malformed"


def check(case: Case, report: Report) -> None:
    """Sheets in every edition; the nested keys and the documents where the bidders' keys are at hand."""
    opened = case.by_bid("bid.decrypted")
    if not opened and not case.by_bid(*RELEASED):
        raise Skipped("no bid was opened")
    sheets = 0
    for bid in case.bids:
        with report.about(f"bid {bid.bid_id}"):
            sheets += _sheet(case, bid)
            if case.is_supervision:
                _inside(case, report, bid)
    report.fact(f"{sheets} sheets opened again")
    report.fact(
        f"{len(opened)} archives of documents proved"
        if case.is_supervision
        else "documents: supervision edition only"
    )


def _sheet(case: Case, bid: Bid) -> bool:
    published = case.by_bid("key.sheet-published").get(bid.bid_id)
    if published is None:
        return False
    with case.bundle.open(bid.path("sheet.age")) as sealed:
        open_sheet(sealed, published.body["identity"], case.statement(bid).context)
    return True


def _inside(case: Case, report: Report, bid: Bid) -> None:
    decrypted = case.by_bid("bid.decrypted").get(bid.bid_id)
    if is_kept(case, bid):
        report.fact(f"bid {bid.bid_id}: its key stays closed, the opening was broken off")
    elif decrypted is not None:
        digest = _open(case, report, bid)
        report.demand(
            digest == decrypted.body["manifest_sha256"], f"bid {bid.bid_id}: another manifest than was logged"
        )
    elif _is_said_malformed(case, bid):
        _demand_malformed(case, report, bid)


def _open(case: Case, report: Report, bid: Bid) -> str:
    """Peel all layers of both keys, open sheet and documents; the manifest's digest (hex)."""
    statement = case.statement(bid)
    sheet, docs = _key(case, bid, "sheet"), _key(case, bid, "docs")
    published = case.by_bid("key.sheet-published").get(bid.bid_id)
    if published is not None:
        same = published.body["identity"] == sheet
        report.demand(same, f"bid {bid.bid_id}: the published sheet key is not inside the layers")
    with case.bundle.open(bid.path("sheet.age")) as sealed:
        open_sheet(sealed, sheet, statement.context)
    with case.bundle.open(bid.path("docs.age")) as sealed:
        manifest = prove_docs(sealed, docs, statement.context)
    return sha256(manifest.raw()).hexdigest()


def _key(case: Case, bid: Bid, name: str) -> str:
    nested = case.bundle.read(bid.path(f"key-{name}.age"), MAX_KEY_FILE)
    expected = case.statement(bid).object(name).recipient
    return open_key(nested, layers_of(case), bidder_key(case, bid), expected_recipient=expected)


def _is_said_malformed(case: Case, bid: Bid) -> bool:
    outcome = outcomes_of(case).get(bid.bid_id)
    return outcome is not None and outcome.body.get("cause") == MALFORMED


def _demand_malformed(case: Case, report: Report, bid: Bid) -> None:
    """A bid that was revoked because it could not open must really not open (E-14)."""
    try:
        _open(case, Report(), bid)
    except CryptoError as error:
        report.fact(f"bid {bid.bid_id} does not open, as was said: {type(error).__name__}")
        return
    report.fault(f"bid {bid.bid_id}: revoked as malformed, and it opens")
