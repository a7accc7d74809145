"""One plain function per noun of the bid room: real envelopes, real certificates, real uploads."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bidding.bid import acceptance, service, uploads
from bidding.bid.acceptance import SealedBid, SubmitOrder
from bidding.bid.outcomes import Taken
from bidding.bid.receiver import Receiver
from bidding.bid.sealing import STAGE, sealing_facts
from bidding.bid.states import UploadState
from bidding.bid.tables import Upload, UploadPart
from bidding.bid.uploads import UploadLimits, UploadOrder
from bidding.bid.vault import LocalVault
from bidding.party.roles import Actor, Role
from bidding.party.tables import Organisation
from crypto.age import generate_identity, recipient_of
from crypto.certificates import (
    Credential,
    Profile,
    Subject,
    TrustStore,
    create_issuing,
    create_root,
    fingerprint,
    issue,
    new_key,
)
from crypto.cms import SignerInfo
from crypto.envelope import Accepted, Client, Context, SealJob, Statement, seal
from crypto.envelope.statement import SIGNATURE, STATEMENT, KeyPart, SealedObject
from crypto.ledger import Unit
from crypto.ledger.engine import Database
from crypto.ledger.ids import new_id
from tests.bidding.tender import makers as tenders
from tests.conftest import NOON, at

BEFORE = NOON - timedelta(days=400)
LIMITS = UploadLimits(quota=64 * 1024 * 1024, lifetime=timedelta(hours=72))
CLIENT = Client("qifeng", "0.1.0", "b2" * 32)
SHEET = {"bidder_name": "示例甲建设有限公司", "bid_price": 1_234_567_800, "duration_days": 180}
ROOT = create_root("示例根证书", now=BEFORE)
ISSUING = create_issuing(ROOT, "示例签发证书", now=BEFORE)
FOREIGN = create_root("示例外来根证书", now=BEFORE)
FOREIGN_ISSUING = create_issuing(FOREIGN, "示例外来签发证书", now=BEFORE)
TRUST = TrustStore(roots=(ROOT.certificate,))


def credential(name: str, uscc: str, *, issuing: Credential = ISSUING) -> Credential:
    """A bidder's certificate with its key."""
    key = new_key()
    subject = Subject(name=name, organisation=name, uscc=uscc)
    certificate = issue(issuing, Profile.BIDDER, subject, key.public_key(), now=BEFORE)
    return Credential(certificate, key, (issuing.certificate,))


@dataclass
class Bidder:
    """A bidder: who it is on the platform, and what it signs with."""

    actor: Actor
    uscc: str
    credential: Credential
    identities: list[str] = field(default_factory=list)


@asynccontextmanager
async def unit(db: Database, moment: datetime = NOON, by: str = "tester") -> AsyncIterator[Unit]:
    """One act at *moment*, committed."""
    async with db.writing.begin() as session:
        yield Unit(session, by=by, clock=at(moment))


async def a_bidder(db: Database, number: int = 0, **over: Any) -> Bidder:
    name = f"示例{'甲乙丙丁'[number % 4]}{number // 4 or ''}建设有限公司"
    uscc = f"91330703MA2{number:07d}"
    row = Organisation(uscc=uscc, name=name, kinds=["bidder"], registered_at=NOON, **over)
    async with db.writing.begin() as session:
        session.add(row)
        await session.flush()
    mine = credential(name, uscc)
    actor = Actor(
        person_id=new_id(), organisation_id=row.id, name="示例张三", organisation=name,
        roles=frozenset({Role.PUBLIC, Role.BIDDER}), certificate_sha256=fingerprint(mine.certificate),
        tender_roles=frozenset({Role.BIDDER}),
    )  # fmt: skip
    return Bidder(actor, uscc, mine)


async def a_tender(db: Database, **over: Any) -> str:
    async with db.writing.begin() as session:
        row = await tenders.tender(session, **over)
        return row.id


async def deadline_of(db: Database, tender_id: str) -> datetime:
    from bidding.tender.queries import get

    async with db.reading() as session:
        return (await get(session, tender_id)).bid_deadline


async def sealed_folder(
    db: Database,
    home: Path,
    tender_id: str,
    bidder: Bidder,
    *,
    signer: Credential | None = None,
    **context: Any,
) -> Path:
    """A submission sealed on the bidder's machine, for its next round."""
    async with db.reading() as session:
        facts = await sealing_facts(session, tender_id, bidder.actor.organisation_id)
    doc = home / "技术标.pdf"
    doc.write_bytes(b"%PDF-1.7 " + secrets.token_bytes(1000))
    expected = facts.expected("")
    signing = signer or bidder.credential
    said = Context(
        tender_id=facts.tender_id, notice_sha256=facts.notice_sha256, lot=facts.lot, stage=STAGE,
        object="statement", bidder_cert_sha256=fingerprint(signing.certificate),
        deadline=facts.terms.bid_deadline, round=facts.round, nonce16=secrets.token_hex(16),
    )  # fmt: skip
    previous, consent = context.pop("previous", facts.previous), context.pop("consent", None)
    job = SealJob(
        context=replace(said, **context), docs={"技术标.pdf": doc}, sheet=SHEET,
        layers=context.pop("layers", expected.layers), client=CLIENT, previous=previous,
        committee=expected.committee, consent=consent,
    )  # fmt: skip
    out = seal(job, home / f"sealed-{secrets.token_hex(4)}", signer=signing)
    bidder.identities.append(out.bidder_identity)
    return out.folder


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def upload(
    db: Database, receiver: Receiver, tender_id: str, bidder: Bidder, name: str, content: bytes
) -> str:
    """Upload *content* whole, the way the door does it."""
    order = UploadOrder(tender_id=tender_id, name=name, size=len(content))
    async with unit(db) as work:
        row = await uploads.begin(work, order, actor=bidder.actor, limits=LIMITS)
    piece = await receiver.receive(
        row.id, pieces(content), owner_id=row.owner_id, start=0, limit=len(content), checksum=None
    )
    digest = await receiver.digest(piece, uploads.with_piece((), piece))
    async with unit(db) as work:
        await uploads.advance(work, piece, actor=bidder.actor, limits=LIMITS, sha256=digest)
    return row.id


async def order_of(
    db: Database, vault: LocalVault, tender_id: str, bidder: Bidder, folder: Path, *, key: str | None = None,
    changed: dict[str, bytes] | None = None,
) -> SubmitOrder:  # fmt: skip
    """Upload everything in *folder* and say so; *changed* replaces files' bytes on the way."""
    receiver, changed, ids = Receiver(vault), changed or {}, {}
    for path in sorted(folder.iterdir()):
        if path.name not in {STATEMENT, SIGNATURE}:
            content = changed.get(path.name, path.read_bytes())
            ids[path.name] = await upload(db, receiver, tender_id, bidder, path.name, content)
    return SubmitOrder(
        tender_id=tender_id, statement=changed.get(STATEMENT, (folder / STATEMENT).read_bytes()),
        signature=changed.get(SIGNATURE, (folder / SIGNATURE).read_bytes()), objects=ids, key=key,
    )  # fmt: skip


async def submit(
    db: Database, vault: LocalVault, order: SubmitOrder, bidder: Bidder, *, moment: datetime = NOON,
    trust: TrustStore = TRUST,
) -> Taken:  # fmt: skip
    """The whole way of a submission, as the door goes it."""
    async with unit(db, moment, bidder.actor.label) as work:
        async with db.reading() as session:
            sealed = await acceptance.prepare(
                session, order, actor=bidder.actor, vault=vault, trust=trust, now=moment
            )
        return await service.submit(work, sealed, actor=bidder.actor)


async def a_bid(
    db: Database, vault: LocalVault, home: Path, tender_id: str, bidder: Bidder, *, moment: datetime = NOON
) -> Taken:
    """A bid that was sealed, uploaded and submitted."""
    folder = await sealed_folder(db, home, tender_id, bidder)
    return await submit(
        db, vault, await order_of(db, vault, tender_id, bidder, folder), bidder, moment=moment
    )


async def light_bid(
    db: Database, tender_id: str, bidder: Bidder, *, round_: int = 1, previous: str | None = None,
    notice_sha256: str = "", key: str | None = None,
) -> SealedBid:  # fmt: skip
    """A bid that counts as checked already, with four tiny uploads: for tests of order and time alone."""
    names = ("sheet.age", "docs.age", "key-sheet.age", "key-docs.age")
    ids = {name: new_id() for name in names}
    async with db.writing.begin() as session:
        session.add_all(_whole_upload(ids[name], tender_id, bidder, name) for name in names)
        await session.flush()
        session.add_all(
            UploadPart(upload_id=ids[name], start=0, size=1, key=f"bids/aa/{ids[name]}") for name in names
        )
    statement = _statement(tender_id, bidder, notice_sha256, round_, previous)
    signer = SignerInfo(bidder.credential.certificate, ())
    weeds = tuple(f"sha256:{part.sha256}" for part in statement.parts())
    order = SubmitOrder(tender_id=tender_id, statement=statement.raw(), signature=b"-", objects=ids, key=key)
    return SealedBid(
        order=order, accepted=Accepted(statement, statement.sha256(), signer, weeds), uploads=ids
    )


def _whole_upload(id_: str, tender_id: str, bidder: Bidder, name: str) -> Upload:
    return Upload(
        id=id_, tender_id=tender_id, owner_id=bidder.actor.organisation_id, name=name, size=1, received=1,
        sha256="00" * 32, state=UploadState.COMPLETED, created_at=NOON, completed_at=NOON,
        expires_at=NOON + timedelta(days=30),
    )  # fmt: skip


def _statement(
    tender_id: str, bidder: Bidder, notice_sha256: str, round_: int, previous: str | None
) -> Statement:
    context = Context(
        tender_id=tender_id, notice_sha256=notice_sha256, lot=tender_id, stage=STAGE, object="statement",
        bidder_cert_sha256=fingerprint(bidder.credential.certificate), deadline=NOON, round=round_,
        nonce16=secrets.token_hex(16),
    )  # fmt: skip
    digest, key = (lambda: secrets.token_hex(32)), (lambda: recipient_of(generate_identity()))
    return Statement(
        context=context,
        objects=(
            SealedObject("sheet.age", 1, digest(), "sheet", key()),
            SealedObject("docs.age", 1, digest(), "docs", key()),
        ),
        keys=(KeyPart("key-sheet.age", 1, digest(), "sheet"), KeyPart("key-docs.age", 1, digest(), "docs")),
        bidder_recipient=key(), layers=(key(),), list_version=None, threshold=None, shares=(), consent=None,
        client=CLIENT, previous=previous,
    )  # fmt: skip


async def reach_deadline(db: Database, tender_id: str) -> None:
    """The tender as it stands once its deadline has fallen."""
    from bidding.tender.queries import lock_tender
    from bidding.tender.states import TenderState

    async with unit(db) as work:
        (await lock_tender(work, tender_id)).state = TenderState.DEADLINE
