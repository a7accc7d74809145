"""What stands in the ledger about the papers of a tender."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import public_stream
from bidding.acts.opening import OpeningClosed, OpeningFailed, RecordDrawn, RecordPublished
from bidding.acts.paper import PaperFiled
from bidding.paper import Paper
from crypto.ledger import Entry

_TOLD = (RecordDrawn, OpeningClosed, RecordPublished, OpeningFailed, PaperFiled)
_OVERLAP = 1000
_PRINTED = (RecordDrawn, OpeningClosed, OpeningFailed)


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One signed file: what it is, the hash of what it shows, its own hash, its size in bytes, and when."""

    tender_id: str
    paper: Paper
    version: int
    content_sha256: str
    file_sha256: str
    size: int
    at: datetime

    @property
    def key(self) -> str:
        """Where the file is in the vault."""
        return vault_key(self.tender_id, self.file_sha256)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the record, as its act tells."""

    number: int
    sha256: str
    drawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """All papers of a tender: versions and files oldest first, and how far the opening has come."""

    versions: tuple[Version, ...]
    filed: tuple[Filed, ...]
    failure: Entry | None
    is_closed: bool
    is_published: bool

    @property
    def newest(self) -> int:
        """The number of the newest version, 0 while there is none."""
        return self.versions[-1].number if self.versions else 0

    def showing(self, paper: Paper, version: int, content_sha256: str | None = None) -> Filed | None:
        """The newest file of *paper* and *version*, or of exactly that content."""
        found = [one for one in self.filed if (one.paper, one.version) == (paper, version)]
        if content_sha256 is not None:
            found = [one for one in found if one.content_sha256 == content_sha256]
        return found[-1] if found else None


def vault_key(tender_id: str, file_sha256: str) -> str:
    """The vault's key of a file: its name is its hash, so that it can never be another."""
    return f"papers/{tender_id}/{file_sha256}.pdf"


async def shelf_of(session: AsyncSession, tender_id: str) -> Shelf:
    """The papers of a tender, from its public stream."""
    kinds = [act.kind for act in _TOLD]
    asked = select(Entry).where(Entry.stream == public_stream(tender_id), Entry.kind.in_(kinds))
    entries = list((await session.execute(asked.order_by(Entry.seq))).scalars())
    told = {entry.kind for entry in entries}
    failed = [entry for entry in entries if entry.kind == OpeningFailed.kind]
    return Shelf(
        versions=tuple(_version(one) for one in entries if one.kind == RecordDrawn.kind),
        filed=tuple(_filed(tender_id, one) for one in entries if one.kind == PaperFiled.kind),
        failure=failed[-1] if failed else None,
        is_closed=OpeningClosed.kind in told,
        is_published=RecordPublished.kind in told,
    )


async def asked_for(session: AsyncSession, *, after: int) -> dict[str, int]:
    """The tenders in whose entries after the id *after* something happened that is put on paper.

    Each with the id of the newest such entry. Ids are not given in the order of commits, so that the
    thousand before *after* are read once more.
    """
    kinds = [act.kind for act in _PRINTED]
    asked = select(Entry.stream, func.max(Entry.id)).where(Entry.id > after - _OVERLAP, Entry.kind.in_(kinds))
    rows = await session.execute(asked.group_by(Entry.stream))
    return {stream.split("/")[1]: newest for stream, newest in rows}


def _version(entry: Entry) -> Version:
    body = json.loads(entry.text)["body"]
    return Version(number=body["version"], sha256=body["record_sha256"], drawn_at=entry.at)


def _filed(tender_id: str, entry: Entry) -> Filed:
    body = json.loads(entry.text)["body"]
    return Filed(
        tender_id=tender_id, paper=Paper(body["paper"]), version=body["version"], size=body["size"],
        content_sha256=body["content_sha256"], file_sha256=body["file_sha256"], at=entry.at,
    )  # fmt: skip
