"""The archive of an opening, from the database and the vault to a folder that anyone verifies offline.

Two editions: the public one opens what is public by law, the supervision edition everything. Both hold the
whole log up to one checkpoint; what was recorded after it is not in them.
"""

import asyncio
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import public_stream
from bidding.acts.bid import BidSubmitted, BidWithdrawn
from bidding.acts.log import CheckpointStamped
from bidding.acts.opening import BidderListPublished, CoefficientDrawn, DeadlineReached, RecordDrawn
from bidding.acts.paper import PaperFiled
from bidding.bid import queries as bids
from bidding.bid.tables import Bid
from bidding.bid.vault import Part, StoredObject
from bidding.opening.queries import posted_shares, released_keys
from bidding.opening.record import record_of
from bidding.paper.queries import vault_key
from bidding.party.queries import certificate_by_fingerprint
from bidding.refusals import Refusal
from bidding.refusals.opening import OpeningOutOfOrder
from bidding.tender import queries as tenders
from bidding.tender.states import TenderState
from crypto.certificates import load_certificate
from crypto.envelope.statement import SIGNATURE, STATEMENT
from crypto.jcs import canonical
from crypto.ledger.log_queries import SignedHead, checkpoint, proofs_for, tile
from crypto.ledger.log_tables import Head
from crypto.notes import parse_note
from crypto.tiles import tiles_of
from crypto.verify.entries import write_line
from crypto.verify.writing import PUBLIC, SUPERVISION, close_bundle
from web.coverage import Row, covering, entries_of

if TYPE_CHECKING:
    from web.app import App

__all__ = ["PUBLIC", "SUPERVISION", "export"]

Progress = Callable[[int, int], None]

OVER = frozenset({TenderState.OPENED, TenderState.FAILED, TenderState.TERMINATED, TenderState.RETENDERED})
ATTEMPTS = frozenset({"bid-late", "bid-unencrypted"})
"""Refusals that the opening record tells of too."""

BID_KINDS = frozenset({BidSubmitted.kind, BidWithdrawn.kind})
EXPORTED = "bundle.exported"
_BATCH = 1 << 20


async def export(
    app: "App", tender_id: str, edition: str, dest: Path, *, on_progress: Progress | None = None
) -> None:
    """Write the bundle of *edition* into the new folder *dest*; *on_progress* hears bytes done, of how many.

    Raises TenderAbsent, OpeningOutOfOrder while the opening is not over, FileExistsError.
    """
    async with app.db.reading() as session:
        await refuse_unfinished(session, tender_id)
        app.refresh_trust(now=await app.clock(session))
    head = await covering(app, tender_id)
    await asyncio.to_thread(dest.mkdir, parents=True)
    async with app.db.reading() as session:
        rows = await entries_of(session, tender_id, head.size)
        work = _Export(app, session, tender_id, edition, dest, head, rows, on_progress or _silence)
        await work.run()
    await asyncio.to_thread(close_bundle, dest, edition=edition, tender_id=tender_id, signer=app.log_signer)


async def refuse_unfinished(session: AsyncSession, tender_id: str) -> None:
    """E-08, E-13: nothing leaves before the opening is over. Raises TenderAbsent, OpeningOutOfOrder."""
    tender = await tenders.get_public(session, tender_id)
    if tender.state not in OVER:
        raise OpeningOutOfOrder(state=tender.state.value, attempted=EXPORTED)


def _silence(_done: int, _size: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class _Export:
    """One export at work."""

    app: "App"
    session: AsyncSession
    tender_id: str
    edition: str
    dest: Path
    head: SignedHead
    rows: Sequence[Row]
    on_progress: Progress

    async def run(self) -> None:
        self._write("trust.json", self.app.trust_file.dumps().encode())
        await self._log()
        self._streams()
        self._draws()
        await self._records()
        await self._certificates()
        if self._has_bidders:
            await self._bids()
            await self._receipts()
        if self.edition == SUPERVISION:
            await self._keys()

    # -- what is told to whom

    def _public(self, kind: str) -> list[Row]:
        name = public_stream(self.tender_id)
        return [row for row in self.rows if (row.entry.stream, row.entry.kind) == (name, kind)]

    @property
    def _has_bidders(self) -> bool:
        """Before the list nobody's name is public; before the deadline nobody's is anyone's (E-08)."""
        listed = bool(self._public(BidderListPublished.kind))
        return bool(self._public(DeadlineReached.kind)) and (listed or self.edition == SUPERVISION)

    def _is_open(self, row: Row) -> bool:
        if self.edition == SUPERVISION or row.entry.stream == public_stream(self.tender_id):
            return True
        is_attempt = row.entry.kind == "refused.bidder" and row.body["code"] in ATTEMPTS
        return row.entry.kind.startswith("bid.") or is_attempt

    # -- the log and the streams

    async def _log(self) -> None:
        for one in tiles_of(self.head.size):
            self._write(f"log/{one}", await tile(self.session, str(one)))
        self._write("log/checkpoint", str(self.head.note).encode())
        for size in await self._sizes():
            note = (await checkpoint(self.session, size)).note
            self._write(f"log/checkpoints/{size}", str(note).encode())
        for row in self._public(CheckpointStamped.kind):
            place, body = f"log/timestamps/{row.body['size']}", row.body
            self._write(f"{place}.tsr", b64decode(body["token"]))
            self._write(f"{place}.txt", parse_note(body["note"]).text.encode())

    async def _sizes(self) -> list[int]:
        """The checkpoints asked for at an instant of law, and the first after each act of a bid."""
        asked = select(Head.size, Head.forced).where(Head.size <= self.head.size).order_by(Head.size)
        heads = list(await self.session.execute(asked))
        bound = [row.index for row in self.rows if row.entry.kind.startswith("bid.")]
        first = {min(size for size, _ in heads if size > index) for index in bound}
        return [size for size, forced in heads if forced or size in first or size == self.head.size]

    def _streams(self) -> None:
        kept: dict[str, bytearray] = {}
        for row in self.rows:
            name = row.entry.stream.removeprefix(f"tender/{self.tender_id}/")
            if self._is_shown(name):
                kept.setdefault(name, bytearray()).extend(self._line(row))
        for name, raw in kept.items():
            self._write(f"streams/{name}.jsonl", bytes(raw))

    def _is_shown(self, name: str) -> bool:
        if name == "public":
            return True
        return self.edition == SUPERVISION if name == "desk" else self._has_bidders

    def _line(self, row: Row) -> bytes:
        entry = row.entry
        opened = (entry.text, entry.blind) if self._is_open(row) else None
        return write_line(seq=entry.seq, index=row.index, sealed=entry.commitment, opened=opened)

    # -- what the acts speak of

    def _draws(self) -> None:
        for row in self._public(CoefficientDrawn.kind):
            self._write(f"draws/{row.body['draw_id']}.json", canonical(row.body["transcript"]))

    async def _records(self) -> None:
        for row in self._public(RecordDrawn.kind):
            version = row.body["version"]
            data = await record_of(self.session, self.tender_id, version)
            self._write(f"records/{version}.json", canonical(data.body))
        for row in self._public(PaperFiled.kind):
            body = row.body
            key = vault_key(self.tender_id, body["file_sha256"])
            name = f"records/{body['paper']}-{body['version']}-{body['file_sha256'][:12]}.pdf"
            await self._copy([Part(key=key, start=0, size=body["size"])], name)

    async def _certificates(self) -> None:
        """Those of the bidders with their chains, and the platform's; with every list known here."""
        for one in self._known():
            self._certificate(one)
        for row in self.rows:
            if row.entry.kind == BidSubmitted.kind and self._has_bidders:
                await self._bidder_certificate(row.body["bidder_certificate_sha256"])
        for number, known in enumerate(self.app.trust.crls, start=1):
            self._write(f"crls/{number}.crl", known.public_bytes(Encoding.DER))

    def _known(self) -> Iterable[x509.Certificate]:
        if self.app.authority is not None:
            yield from (self.app.authority.root.certificate, self.app.authority.issuing.certificate)
        yield from (self.app.platform.certificate, *self.app.platform.chain)

    async def _bidder_certificate(self, fingerprint: str) -> None:
        row = await certificate_by_fingerprint(self.session, fingerprint)
        if row is not None:
            for der in (row.der, *map(b64decode, row.chain)):
                self._certificate(load_certificate(der))

    def _certificate(self, one: x509.Certificate) -> None:
        self._write(f"certificates/{one.serial_number:x}.pem", one.public_bytes(Encoding.PEM))

    # -- the bids

    async def _bids(self) -> None:
        todo = [
            (bid, stored)
            for bid in await bids.live_bids(self.session, self.tender_id)
            for stored in (await bids.stored_objects(self.session, bid.id)).values()
            if stored.name != "docs.age" or self.edition == SUPERVISION
        ]
        size, done = sum(stored.size for _, stored in todo), 0
        for bid, stored in todo:
            await self._object(bid, stored)
            done += stored.size
            self.on_progress(done, size)

    async def _object(self, bid: Bid, stored: StoredObject) -> None:
        self._write(f"bids/{bid.id}/{STATEMENT}", bid.statement)
        self._write(f"bids/{bid.id}/{SIGNATURE}", bid.signature)
        await self._copy(stored.parts, f"bids/{bid.id}/{stored.name}")

    async def _receipts(self) -> None:
        """Proofs of every submission and withdrawal, as their bidders hold them."""
        told = {row.entry.id: row for row in self.rows if row.entry.kind in BID_KINDS}
        for entry_id, proof in (await proofs_for(self.session, list(told), size=self.head.size)).items():
            row = told[entry_id]
            self._write(f"receipts/{row.body['bid_id']}-{row.entry.seq}.tlog-proof", proof.encode())

    async def _keys(self) -> None:
        """The bidders' released keys and the shares that were posted, unless the opening was broken off."""
        try:
            released = await released_keys(self.session, self.tender_id, atrest=self.app.atrest)
        except Refusal:
            return
        for one in released:
            if one.bidder_identity is not None:
                self._write(f"keys/{one.bid_id}.txt", one.bidder_identity.strip().encode() + b"\n")
        for post in await posted_shares(self.session, self.tender_id, atrest=self.app.atrest):
            self._write(f"keys/{post.bid_id}/share-{post.member}.json", post.share)

    # -- files

    def _write(self, path: str, raw: bytes) -> None:
        place = self.dest / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)

    async def _copy(self, parts: Sequence[Part], path: str) -> None:
        """Out of the vault, in a thread and in constant memory."""

        def copy() -> None:
            place = self.dest / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with self.app.vault.reader(parts) as src, place.open("wb") as dst:
                shutil.copyfileobj(src, dst, _BATCH)

        await asyncio.to_thread(copy)
