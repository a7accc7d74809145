"""What was found in the files of opened bids, as the desk reads it: names, codes and numbers, no content."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bidding.opening.queries import InspectedBid
from bidding.opening.tables import FileFinding
from web.inspection.words import words
from web.views import View


class FoundCode(View):
    """A code, how many files it was found in, and what it means."""

    code: str
    count: int
    zh: str
    en: str


class FoundFile(View):
    """A file in which something was found; `facts` are numbers such as pages, pixels, bytes unpacked."""

    name: str
    size: int
    sha256: str
    kind: str
    findings: list[str]
    facts: dict[str, int]


class BidFiles(View):
    """The files of one opened bid. `inspected_at` is null while nobody has looked into them."""

    number: int
    bidder_id: str
    bid_id: str
    name: str
    inspected_at: datetime | None
    files: int
    bytes: int
    codes: list[FoundCode]
    found: list[FoundFile]


class FileFindings(View):
    """Every opened bid of the tender. A finding is a fact for the committee and rejects nothing (K-06)."""

    bids: list[BidFiles]


def findings(bids: Sequence[InspectedBid]) -> FileFindings:
    """All bids of one tender."""
    return FileFindings(bids=[_bid(one) for one in bids])


def _bid(one: InspectedBid) -> BidFiles:
    inspection = one.inspection
    return BidFiles(
        number=one.bid.number, bidder_id=one.bid.bidder_id, bid_id=one.bid.bid_id, name=one.bid.name,
        inspected_at=inspection.inspected_at if inspection else None,
        files=inspection.files if inspection else 0, bytes=inspection.bytes if inspection else 0,
        codes=_codes(inspection.codes if inspection else {}), found=[_file(row) for row in one.found],
    )  # fmt: skip


def _codes(codes: Mapping[str, int]) -> list[FoundCode]:
    return [
        FoundCode(code=code, count=count, zh=words(code)[0], en=words(code)[1])
        for code, count in codes.items()
    ]


def _file(row: FileFinding) -> FoundFile:
    return FoundFile(
        name=row.name, size=row.size, sha256=row.sha256, kind=row.kind, findings=row.findings, facts=row.facts
    )
