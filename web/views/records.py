"""Versions of the opening record and the signed files of a tender, as responses."""

from datetime import datetime

from bidding.paper import Paper
from bidding.paper.queries import Filed, Shelf
from web.views import View


class FileView(View):
    """One signed PDF: what it shows (`content_sha256`), its own SHA-256, size in bytes, where to fetch it."""

    paper: Paper
    version: int
    content_sha256: str
    file_sha256: str
    size: int
    filed_at: datetime
    href: str


class VersionView(View):
    """One version of the record."""

    version: int
    sha256: str
    drawn_at: datetime
    is_newest: bool


class RecordList(View):
    """All versions and all files of a tender, oldest first."""

    versions: list[VersionView]
    files: list[FileView]


def record_list(tender_id: str, shelf: Shelf) -> RecordList:
    """The shelf, told to a client."""
    return RecordList(
        versions=[
            VersionView(
                version=one.number, sha256=one.sha256, drawn_at=one.drawn_at,
                is_newest=one.number == shelf.newest,
            )
            for one in shelf.versions
        ],
        files=[_file(tender_id, one) for one in shelf.filed],
    )  # fmt: skip


def _file(tender_id: str, one: Filed) -> FileView:
    return FileView(
        paper=one.paper, version=one.version, content_sha256=one.content_sha256,
        file_sha256=one.file_sha256, size=one.size, filed_at=one.at,
        href=f"/api/tenders/{tender_id}/papers/{one.file_sha256}",
    )  # fmt: skip
