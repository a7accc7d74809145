"""One tender from its notice to the published record, told act by act; lies are told by overriding a step.

Bidder 0 submits twice; 1 releases; 2 loses its key and the committee opens it; 3 never releases and is
revoked; 4 withdraws. Somebody else comes late and is refused.
"""

import shutil
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen.canvas import Canvas

from bidding.acts import bid as bid_acts
from bidding.acts import opening as acts
from bidding.acts import public_stream
from bidding.acts.log import CheckpointStamped
from bidding.acts.paper import PaperFiled
from bidding.acts.refused import RefusedToBidder
from bidding.acts.tender import DocumentsOffered, DocumentsTaken, LivenessProven, NoticePublished
from bidding.opening.amounts import words_of
from bidding.opening.record import Column, NotOpened, RecordBody, Row, Submission
from crypto import draws, jcs
from crypto.age import recipient_of
from crypto.certificates import TrustStore
from crypto.envelope import open_key, open_share, open_sheet
from crypto.envelope.manifest import Manifest
from crypto.envelope.statement import SIGNATURE, STATEMENT
from crypto.notes import parse_note
from crypto.pdf import sign_pdf
from crypto.receipts import Receipt
from crypto.verify.writing import PUBLIC, SUPERVISION, close_bundle
from tests.crypto.verify.ledger import SIGNER, Ledger, Recorded
from tests.crypto.verify.world import DEADLINE, NOON, TENDER, Bidder, World

MINUTE = timedelta(minutes=1)
OPENED, REVOKED, WITHDREW = (0, 1, 2), 3, 4


@dataclass
class Story:
    """Everything that happened, and where it was written."""

    world: World
    ledger: Ledger = field(default_factory=Ledger)
    kept: dict = field(default_factory=dict)  # receipts by name, filled as bids come in
    transcripts: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)

    def __post_init__(self):
        self.now = NOON

    # -- telling

    def tell(self) -> "Story":
        for step in (
            self.notice, self.bids, self.deadline, self.names, self.draw, self.release, self.fallback,
            self.layers, self.decrypt, self.announce, self.record, self.close,
        ):  # fmt: skip
            step()
        self.ledger.integrate(self.now)
        return self

    def act(self, act, *, by: str = "platform") -> Recorded:
        self.now += timedelta(seconds=1)
        return self.ledger.record(act, at=self.now, by=by)

    def public(self, kind, **facts) -> Recorded:
        return self.act(kind(tender_id=TENDER, **facts))

    # -- before the deadline

    def notice(self):
        for one in (*self.world.layers, *self.world.members):
            self.public(
                LivenessProven, person_id="p", recipient=recipient_of(one), challenge_sha256="00" * 32
            )
        self.public(NoticePublished, version=1, terms=self.terms.plain(), notice_sha256=self.terms.sha256)
        self.public(DocumentsOffered, documents=())
        self.ledger.integrate(self.now)

    @property
    def terms(self):
        return self.world.terms

    def bids(self):
        self.public(
            DocumentsTaken, bidder_id="org-reader", version=1, person_id="p", notice_sha256=self.terms.sha256
        )
        for bidder in self.world.bidders:
            self.public(
                DocumentsTaken, bidder_id=bidder.bidder_id, version=1, person_id="p",
                notice_sha256=self.terms.sha256,
            )  # fmt: skip
            for round_ in range(1, len(bidder.bids) + 1):
                self.submit(bidder, round_)
        self.withdraw(self.world.bidders[WITHDREW])

    def submit(self, bidder: Bidder, round_: int, **over) -> Recorded:
        sealed = bidder.bids[round_ - 1]
        statement = sealed.statement
        facts = {
            "bidder_id": bidder.bidder_id, "bid_id": bidder.bid_id(round_), "round": round_,
            "statement_sha256": sealed.statement_sha256,
            "objects": tuple(
                {"name": one.name, "size": one.size, "sha256": one.sha256} for one in statement.parts()
            ),
            "bidder_layer_recipient": statement.bidder_recipient, "has_fallback": bool(statement.shares),
            "notice_sha256": statement.context.notice_sha256,
            "previous_statement_sha256": statement.previous,
            "bidder_certificate_sha256": statement.context.bidder_cert_sha256,
            "rules_version": self.terms.rule_set_version,
        }  # fmt: skip
        entry = self.public(bid_acts.BidSubmitted, **facts | over)
        self.keep(f"{bidder.number}-{round_}", entry)
        return entry

    def keep(self, name: str, entry: Recorded) -> None:
        self.ledger.integrate(self.now)
        self.kept[name] = Receipt(self.ledger.proof(entry, len(self.ledger.leaves)))

    def withdraw(self, bidder: Bidder):
        self.public(
            bid_acts.BidWithdrawn, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(), round=1,
            statement_sha256=bidder.sealed.statement_sha256,
        )  # fmt: skip

    # -- the deadline

    def deadline(self):
        self.now = DEADLINE
        self.bind()
        self.public(
            RefusedToBidder, bidder_id="org-late", code="bid-late", rule="E-03", attempted="bid.submitted"
        )
        self.stamp()

    def bind(self):
        prefix = f"tender/{TENDER}/bidder/"
        streams = {name: one for name, one in self.ledger.streams.items() if name.startswith(prefix)}
        heads = [
            {
                "stream_sha256": sha256(name.encode()).hexdigest(),
                "seq": len(one),
                "commitment": one[-1].commitment.hex(),
            }
            for name, one in streams.items()
        ]
        bids = [[e for e in one if e.kind.startswith("bid.")] for one in streams.values()]
        last = [one[-1].commitment.hex() for one in bids if one]
        self.public(
            acts.DeadlineReached, deadline=DEADLINE, bids=sorted(last),
            heads=sorted(heads, key=lambda one: one["commitment"]),
        )  # fmt: skip

    def stamp(self, *, after=timedelta(seconds=5)):
        note = str(self.ledger.integrate(self.now))
        size = len(self.ledger.leaves)
        token = self.world.stamp(parse_note(note).text.encode(), DEADLINE + after)
        self.public(
            CheckpointStamped, size=size, root=self.ledger.head(size).root.hex(), checkpoint_at=self.now,
            note=note, token=b64encode(token).decode(),
        )  # fmt: skip

    # -- the opening

    def names(self):
        self.now = max(self.now, DEADLINE + MINUTE)
        self.public(acts.OpeningStarted)
        rows = [self.row(number, bidder) for number, bidder in enumerate(self.present(), start=1)]
        self.public(acts.BidderListPublished, bidders=rows)
        self.public(acts.PriceCapAnnounced, price_cap_fen=self.terms.price_cap_fen)

    def present(self):
        """The bidders whose stream is there."""
        prefix = f"tender/{TENDER}/bidder/"
        return [one for one in self.world.bidders if prefix + one.bidder_id in self.ledger.streams]

    def row(self, number: int, bidder: Bidder) -> dict:
        bids = [one for one in self.stream(bidder) if one.kind.startswith("bid.")]
        submitted = [one for one in bids if one.kind == "bid.submitted"][-1]
        return {
            "number": number, "bidder_id": bidder.bidder_id, "name": bidder.name, "uscc": bidder.uscc,
            "bid_id": bids[-1].body["bid_id"], "statement_sha256": bids[-1].body["statement_sha256"],
            "status": "withdrawn" if bids[-1].kind == "bid.withdrawn" else "submitted",
            "submitted_at": submitted.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "signed_in": True,
            "entry": {"text": bids[-1].text, "blind": bids[-1].blind.hex()},
        }  # fmt: skip

    def stream(self, bidder: Bidder) -> list[Recorded]:
        return self.ledger.streams[f"tender/{TENDER}/bidder/{bidder.bidder_id}"]

    def draw(self):
        parties = ("procuring_entity", "agency_host", "supervisor")
        candidates = draws.public(self.terms.coefficient.candidates)
        pick = draws.Pick("下浮率", 1, len(candidates), draws.commitment_to(candidates))
        source = draws.BeaconSource(draws.BeaconKind.DICE, f"opening/{TENDER}")
        spec = draws.DrawSpec(
            draw_id="draw-1", purpose="coefficient", picks=(pick,), parties=parties, beacons=(source,),
            t_reveal=self.now + MINUTE, delta=timedelta(seconds=5),
        )  # fmt: skip
        self.public(acts.DrawSpecified, draw_id="draw-1", spec=spec.to_json(), spec_sha256=spec.digest())
        shares = {one: sha256(one.encode()).digest() for one in parties}
        committed = {
            one: self.public(
                acts.DrawCommitted, draw_id="draw-1", party=one, commitment=draws.commit("draw-1", one, share)
            )
            for one, share in shares.items()
        }
        bound = jcs.digest(sorted([one, entry.body["commitment"]] for one, entry in committed.items())).hex()
        closed = self.public(
            acts.DrawCommitsClosed, draw_id="draw-1", commits_sha256=bound, reveals_until=spec.t_reveal
        )
        revealed = {
            one: self.public(acts.DrawRevealed, draw_id="draw-1", party=one, secret=share.hex())
            for one, share in shares.items()
        }
        self.now = spec.beacon_from
        beacon = self.beacon(source)
        transcript = draws.Transcript(
            spec=spec,
            commitments=tuple(
                draws.Commitment(one, entry.body["commitment"], entry.at) for one, entry in committed.items()
            ),
            checkpoint=bound, closed_at=closed.at,
            reveals=tuple(draws.Reveal(one, e.body["secret"], e.at) for one, e in revealed.items()),
            beacon=beacon, candidates={"下浮率": candidates},
        )  # fmt: skip
        self.drawn(transcript)

    def beacon(self, source) -> draws.Beacon:
        typed = [draws.Typed(one, "3 1 6 2 5") for one in ("org-host/p", "org-witness/p")]
        for nth, one in enumerate(typed, start=1):
            self.act(
                acts.BeaconEntered(
                    tender_id=TENDER, draw_id="draw-1", beacon=source.event, nth=nth,
                    value_sha256=jcs.digest(["draw-1", one.value]).hex(),
                ),
                by=one.party,
            )  # fmt: skip
        return draws.enter(source, *typed, at=self.now)

    def drawn(self, transcript: draws.Transcript, coefficient: str | None = None):
        (result,) = draws.recompute(transcript)
        self.transcripts["draw-1"] = draws.to_json(transcript)
        self.coefficient = coefficient or result.chosen[0]
        self.public(
            acts.CoefficientDrawn, draw_id="draw-1", label=result.label, coefficient=self.coefficient,
            transcript=self.transcripts["draw-1"],
        )  # fmt: skip

    # -- keys

    def release(self):
        for number in OPENED[:2]:
            bidder = self.world.bidders[number]
            self.public(acts.BidderKeyReleased, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id())

    def fallback(self):
        lost, silent = self.world.bidders[2], self.world.bidders[REVOKED]
        self.shares = {}
        for bidder, members in ((lost, (1, 3)), (silent, (2,))):
            for member in members:
                raw = self.share(bidder, member)
                self.shares[bidder.bid_id(), member] = raw
                self.public(
                    acts.SharePosted, member=member, bid_id=bidder.bid_id(),
                    share_sha256=sha256(raw).hexdigest(),
                )  # fmt: skip
        self.public(acts.FallbackCombined, bidder_id=lost.bidder_id, bid_id=lost.bid_id(), members=[1, 3])
        self.public(
            acts.BidRevokedUnopened, bidder_id=silent.bidder_id, bid_id=silent.bid_id(),
            cause="fallback-insufficient", decided_by="rule",
        )  # fmt: skip

    def share(self, bidder: Bidder, member: int) -> bytes:
        sealed = (bidder.sealed.folder / f"share-{member}.age").read_bytes()
        return open_share(sealed, self.world.members[member - 1]).raw()

    def layers(self):
        for order, one in enumerate(self.world.layers, start=1):
            self.public(acts.LayerKeyReleased, order=order, recipient=recipient_of(one), identity=one)

    def decrypt(self):
        for number in OPENED:
            bidder = self.world.bidders[number]
            self.public(
                acts.BidDecrypted, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(),
                manifest_sha256=sha256(self.manifest(bidder).raw()).hexdigest(),
            )  # fmt: skip
        self.public(acts.DecryptionEnded, opened=3, revoked=1, system_fault=0)

    def manifest(self, bidder: Bidder) -> Manifest:
        from crypto.verify.documents import prove_docs

        with (bidder.sealed.folder / "docs.age").open("rb") as sealed:
            return prove_docs(sealed, self.key(bidder, "docs"), bidder.sealed.statement.context)

    def key(self, bidder: Bidder, name: str) -> str:
        nested = (bidder.sealed.folder / f"key-{name}.age").read_bytes()
        return open_key(nested, self.world.layers, bidder.sealed.bidder_identity)

    def items(self, bidder: Bidder) -> dict:
        with (bidder.sealed.folder / "sheet.age").open("rb") as sealed:
            sheet = open_sheet(sealed, self.key(bidder, "sheet"), bidder.sealed.statement.context)
        wanted = {field.name: sheet.get(field.name) for field in self.terms.sheet}
        return wanted | {"bid_price_words": words_of(sheet["bid_price"])}

    # -- prices

    def announce(self):
        for number in OPENED:
            bidder = self.world.bidders[number]
            self.public(
                acts.BidAnnounced, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(),
                items=self.items(bidder), findings=[],
            )  # fmt: skip
            self.public(
                acts.SheetKeyPublished, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(),
                identity=self.key(bidder, "sheet"),
            )  # fmt: skip

    # -- the record

    def body(self) -> RecordBody:
        opened = [self.world.bidders[number] for number in OPENED]
        return RecordBody(
            tender_id=TENDER, title=self.terms.title, lot_code=self.terms.lot_code,
            project_type="construction", procuring_entity=self.terms.procuring_entity,
            agency=self.terms.agency, place=self.terms.place, opening_time=DEADLINE, started_at=self.now,
            price_cap_fen=self.terms.price_cap_fen, coefficient_label="下浮率", coefficient=self.coefficient,
            price_type="total",
            columns=tuple(Column(name=f.name, kind=f.kind, zh=f.zh, en=f.en) for f in self.terms.sheet),
            rows=tuple(
                Row(
                    number=one.number + 1, bidder_id=one.bidder_id, bidder=one.name, uscc=one.uscc,
                    representative="示例张三", identity_ok=True, deposit="paid", deposit_fen=0,
                    items=self.items(one), findings=(), price_answer="confirmed", price_note="",
                )
                for one in opened
            ),
            not_opened=(
                NotOpened(bidder=self.world.bidders[REVOKED].name, status="revoked_not_decrypted",
                          cause="fallback-insufficient"),
            ),
            sign_in=(),
            submissions=tuple(
                Submission(bidder=one.name, at=NOON, statement_sha256=one.sealed.statement_sha256,
                           status="submitted")
                for one in opened
            ),
            objections=(), remarks="",
        )  # fmt: skip

    def record(self):
        body = self.body()
        self.records["1.json"] = jcs.canonical(body.plain())
        self.public(acts.RecordDrawn, version=1, record_sha256=body.sha256, previous_sha256=None)
        self.record_sha256 = body.sha256
        self.records["1.pdf"] = self.pdf()
        self.public(
            PaperFiled, paper="record", version=1, content_sha256=body.sha256,
            file_sha256=sha256(self.records["1.pdf"]).hexdigest(), size=len(self.records["1.pdf"]),
        )  # fmt: skip

    def pdf(self) -> bytes:
        page = BytesIO()
        canvas = Canvas(page, invariant=1)
        canvas.drawString(72, 700, self.record_sha256)
        canvas.showPage()
        canvas.save()
        house = self.world.house
        at = self.now.replace(microsecond=0)
        trust = TrustStore(roots=(house.root.certificate,), crls=tuple(self.world.lists(at=at)))
        return sign_pdf(
            page.getvalue(), self.world.platform, now=at, trust=trust,
            tsa=lambda asked: self.world.answer(asked, at), certificates=[house.issuing.certificate],
        )  # fmt: skip

    def close(self):
        for kind in (acts.OpeningClosed, acts.RecordPublished):
            self.public(kind, version=1, record_sha256=self.record_sha256)

    # -- the archive

    def write(self, root, *, edition: str = PUBLIC):
        """The bundle in the folder *root*."""
        root.mkdir(parents=True)
        (root / "trust.json").write_text(self.world.trust().dumps())
        self.ledger.publish(root)
        self._stamps(root)
        self._streams(root, edition)
        self._certificates(root)
        for bidder in self.present():
            if bidder.number != WITHDREW:
                self._bid(root, bidder, edition)
        for name, transcript in self.transcripts.items():
            write(root / f"draws/{name}.json", jcs.canonical(transcript))
        for name, raw in self.records.items():
            write(root / f"records/{name}", raw)
        for name, receipt in self.kept.items():
            write(root / f"receipts/{name}.tlog-proof", str(receipt.proof).encode())
        close_bundle(root, edition=edition, tender_id=TENDER, signer=SIGNER)
        return root

    def _stamps(self, root):
        for entry in self.ledger.streams[public_stream(TENDER)]:
            if entry.kind == "checkpoint.stamped":
                from base64 import b64decode

                place = root / f"log/timestamps/{entry.body['size']}"
                write(place.with_suffix(".tsr"), b64decode(entry.body["token"]))
                write(place.with_suffix(".txt"), parse_note(entry.body["note"]).text.encode())

    def _streams(self, root, edition):
        for name, entries in self.ledger.streams.items():
            place = name.removeprefix(f"tender/{TENDER}/")
            if place == "desk" and edition == PUBLIC:
                continue
            raw = b"".join(one.line(is_open=self.is_open(place, one, edition)) for one in entries)
            write(root / f"streams/{place}.jsonl", raw)

    def is_open(self, place: str, entry: Recorded, edition: str) -> bool:
        told = entry.kind.startswith("bid.") or entry.body.get("code") == "bid-late"
        return place == "public" or edition == SUPERVISION or told

    def _certificates(self, root):
        house = self.world.house
        for name, one in (("root", house.root), ("issuing", house.issuing)):
            write(root / f"certificates/{name}.pem", one.certificate.public_bytes(Encoding.PEM))
        for name, one in zip(("issuing", "root"), self.lists(), strict=True):
            write(root / f"crls/{name}.crl", one.public_bytes(Encoding.DER))

    def lists(self):
        return self.world.lists()

    def _bid(self, root, bidder: Bidder, edition: str):
        place, sealed = root / "bids" / bidder.bid_id(), bidder.sealed
        place.mkdir(parents=True)
        for name in (STATEMENT, SIGNATURE, *(one.name for one in sealed.statement.parts())):
            if name != "docs.age" or edition == SUPERVISION:
                shutil.copy(sealed.folder / name, place / name)
        if edition == SUPERVISION and bidder.number in OPENED:
            write(root / f"keys/{bidder.bid_id()}.txt", sealed.bidder_identity.encode() + b"\n")
        for (bid_id, member), raw in self.shares.items():
            if edition == SUPERVISION and bid_id == bidder.bid_id():
                write(root / f"keys/{bid_id}/share-{member}.json", raw)


def write(path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
