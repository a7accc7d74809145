"""S8: what was announced is what the sheets say, and the record says the same."""

from collections.abc import Mapping
from typing import Any

from crypto import jcs
from crypto.envelope import open_sheet
from crypto.verify.bundle import BundleBroken
from crypto.verify.case import Bid, Case
from crypto.verify.entries import Entry
from crypto.verify.finding import Report, Skipped
from crypto.verify.s3_deadline import outcomes_of

RECORDS = "records/"
WORDS = "_words"
TEXT_LIMIT = 2000
_AMOUNT_LIMIT = 10**18
_NO_PRICES = "prequalification"


def check(case: Case, report: Report) -> None:
    """Each opened bid announced with its own values; each version of the record hashes to its act."""
    if not case.acts("bid.decrypted", "record.drawn"):
        raise Skipped("no bid was opened and no record drawn")
    _announced(case, report)
    for act in case.acts("record.drawn"):
        with report.about(f"record version {act.body['version']}"):
            _version(case, report, act)
    _final(case, report)


def _announced(case: Case, report: Report) -> None:
    announced = case.by_bid("bid.announced")
    standing = {one.bid_id: one for one in case.bids}
    for bid_id, act in announced.items():
        with report.about(f"bid {bid_id}"):
            _items(case, report, standing[bid_id], act)
    if case.acts("opening.closed") and case.notices[-1].terms["project_type"] != _NO_PRICES:
        revoked = case.by_bid("opening.bid-revoked")
        for bid_id in sorted(case.by_bid("bid.decrypted").keys() - announced.keys() - revoked.keys()):
            report.fault(f"bid {bid_id} was opened and never announced")
    report.fact(f"{len(announced)} announcements recomputed from the sheets")


def _items(case: Case, report: Report, bid: Bid, act: Entry) -> None:
    key = case.by_bid("key.sheet-published")[bid.bid_id].body["identity"]
    with case.bundle.open(bid.path("sheet.age")) as sealed:
        sheet = open_sheet(sealed, key, case.statement(bid).context)
    expected = values_of(sheet, case.notices[-1].terms)
    said = {name: value for name, value in act.body["items"].items() if not _is_words(name, expected)}
    for name in sorted(expected.keys() | said.keys()):
        same = said.get(name, _ABSENT) == expected.get(name, _ABSENT)
        report.demand(same, f"bid {bid.bid_id}: {name} was announced as {said.get(name)!r}")


_ABSENT = object()


def _is_words(name: str, items: Mapping[str, Any]) -> bool:
    return name.endswith(WORDS) and name not in items and name.removesuffix(WORDS) in items


def values_of(sheet: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """What a sheet says of every field that the notice asks for."""
    return {field["name"]: _value(sheet, field) for field in terms["sheet"]}


def _value(sheet: Mapping[str, Any], field: Mapping[str, Any]) -> Any:
    """What a sheet says of a field: text (cut at 2000), whole numbers below 10**18, else nothing."""
    value = sheet.get(field["name"])
    if value is None or value == "":
        return None
    if field["kind"] == "text":
        return value[:TEXT_LIMIT] if isinstance(value, str) else None
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _AMOUNT_LIMIT
    return value if sound else None


def record_of(case: Case, version: int) -> Mapping[str, Any]:
    """A version of the record as data. Raises BundleBroken, NotCanonical."""
    body = jcs.parse(case.bundle.read(f"{RECORDS}{version}.json"))
    if not isinstance(body, dict):
        raise BundleBroken(f"{RECORDS}{version}.json is no record")
    return body


def _version(case: Case, report: Report, act: Entry) -> None:
    version = act.body["version"]
    same = jcs.digest(record_of(case, version)).hex() == act.body["record_sha256"]
    report.demand(same, f"record version {version}: other data than was logged")


def _final(case: Case, report: Report) -> None:
    """The version that the opening was closed with shows what was announced, bid by bid."""
    drawn = {one.body["version"]: one.body["record_sha256"] for one in case.acts("record.drawn")}
    for act in case.acts("opening.closed", "record.published"):
        known = drawn.get(act.body["version"]) == act.body["record_sha256"]
        report.demand(known and act.body["version"] == max(drawn), f"{act.kind} with another record")
    for act in case.acts("opening.closed"):
        body = record_of(case, act.body["version"])
        _head(case, report, body)
        _rows(case, report, body)
        report.fact(f"record version {act.body['version']} agrees")


def _head(case: Case, report: Report, body: Mapping[str, Any]) -> None:
    terms = case.notices[-1].terms
    drawn = [one.body["coefficient"] for one in case.acts("draw.coefficient-drawn")]
    expected = {
        "tender_id": case.tender_id,
        "title": terms["title"],
        "lot_code": terms["lot_code"],
        "price_cap_fen": terms["price_cap_fen"],
        "coefficient": drawn[-1] if drawn else None,
    }
    for name, value in expected.items():
        report.demand(body.get(name) == value, f"the record names another {name}")


def _rows(case: Case, report: Report, body: Mapping[str, Any]) -> None:
    rows = {row["bidder_id"]: row for row in body["rows"]}
    opened = _opened(case)
    report.demand(rows.keys() == opened.keys(), "the record lists other bids than were opened")
    report.demand(len(rows) == len(body["rows"]), "the record lists a bid twice")
    for bidder_id in sorted(rows.keys() & opened.keys()):
        with report.about(f"record row {rows[bidder_id]['number']}"):
            _row(case, report, rows[bidder_id], opened[bidder_id])


def _opened(case: Case) -> dict[str, Bid]:
    """The bids that stand opened at the end."""
    kinds = {bid_id: act.kind for bid_id, act in outcomes_of(case).items()}
    return {bid.bidder_id: bid for bid in case.bids if kinds.get(bid.bid_id) == "bid.decrypted"}


def _row(case: Case, report: Report, row: Mapping[str, Any], bid: Bid) -> None:
    listed, name = case.listed[bid.bid_id], f"record row {row['number']}"
    who = (row["number"], row["bidder"], row["uscc"])
    report.demand(who == (listed["number"], listed["name"], listed["uscc"]), f"{name}: another bidder")
    act = case.by_bid("bid.announced").get(bid.bid_id)
    if act is not None:
        report.demand(row["items"] == act.body["items"], f"{name}: other values than were announced")
        report.demand(row["findings"] == act.body["findings"], f"{name}: other findings than were announced")
