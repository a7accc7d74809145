"""Who takes part in the story: an authority, five bidders, two layers, a committee, and their sealed bids.

Made once: sealing and certificates are what takes time; a story over them is told again in no time.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding

from bidding.tender.terms import (
    Category,
    CoefficientSpec,
    Committee,
    Layer,
    ProjectType,
    Regime,
    ShareHolder,
    SheetField,
    Terms,
)
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Credential, Profile, Revocation, Subject, crl, fingerprint
from crypto.envelope import Client, Context, Member, Sealed, SealJob, seal
from crypto.envelope import Committee as SealCommittee
from crypto.timestamps import request, token_of
from crypto.trust import Trust
from crypto.tsa import TimestampAuthority
from tests.crypto.certificates.makers import House
from tests.crypto.verify.ledger import SIGNER, WITNESSES

NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
DEADLINE = NOON + timedelta(days=1)
TENDER = "01990000-0000-7000-8000-000000000001"
NAMES = tuple(f"示例{one}建设有限公司" for one in "甲乙丙丁戊")

PRICES = (812_345_600, 812_345_711, 812_345_822, 812_345_933, 812_346_044)


@dataclass
class Bidder:
    """One bidder and everything it keeps."""

    number: int
    bidder_id: str
    name: str
    uscc: str
    credential: Credential
    bids: list  # one Sealed per round

    def bid_id(self, round_: int = 0) -> str:
        return f"bid-{self.number}-{round_ or len(self.bids)}"

    @property
    def sealed(self) -> Sealed:
        return self.bids[-1]


class World:
    """Keys, certificates, terms, sealed bids."""

    def __init__(self, home):
        self.home = home
        self.house = House()
        self.tsa = TimestampAuthority(self.house.leaf(Profile.TSA, Subject(name="示例时间戳"), days=360))
        self.platform = self.house.leaf(Profile.PLATFORM, Subject(name="示例公共资源交易中心"), days=360)
        self.layers = [generate_identity() for _ in range(2)]
        self.members = [generate_identity() for _ in range(3)]
        self.terms = self._terms()
        self.bidders = [self._bidder(number) for number in range(len(NAMES))]
        self._stamps = 0

    def _bidder(self, number: int) -> Bidder:
        uscc = f"91330703MA2{number:07d}"
        subject = Subject(name=NAMES[number], organisation=NAMES[number], uscc=uscc)
        bidder = Bidder(number, f"org-{number}", NAMES[number], uscc, self.house.leaf(subject=subject), [])
        for _ in range(2 if number == 0 else 1):
            bidder.bids.append(self.seal(bidder))
        return bidder

    def seal(self, bidder: Bidder, **changes) -> Sealed:
        """The bidder's next round, sealed for real."""
        last = bidder.bids[-1] if bidder.bids else None
        name = f"{bidder.number}-{len(bidder.bids)}-{secrets.token_hex(3)}"
        doc = self.home / f"{name}.pdf"
        doc.write_bytes(b"%PDF-1.7 " + secrets.token_bytes(70_000))
        context = Context(
            tender_id=TENDER, notice_sha256=self.terms.sha256, lot=self.terms.lot_code, stage="single",
            object="statement", bidder_cert_sha256=fingerprint(bidder.credential.certificate),
            deadline=DEADLINE, round=len(bidder.bids) + 1, nonce16=secrets.token_hex(16),
        )  # fmt: skip
        members = tuple(Member(str(n), recipient_of(one)) for n, one in enumerate(self.members, start=1))
        job = SealJob(
            context=replace(context, **changes), docs={"技术标.pdf": doc, "附件/空.txt": self._empty()},
            sheet={
                "bidder_name": bidder.name, "uscc": bidder.uscc, "bid_price": PRICES[bidder.number],
                "duration_days": 180, "quality": "合格",
            },
            layers=tuple(map(recipient_of, self.layers)), client=Client("qifeng", "0.1.0", "b2" * 32),
            previous=last.statement_sha256 if last else None,
            committee=SealCommittee(1, 2, members), consent="同意由密钥委员会依招标文件开启。",
        )  # fmt: skip
        return seal(job, self.home / f"sealed-{name}", signer=bidder.credential)

    def _empty(self):
        path = self.home / "empty.txt"
        path.touch()
        return path

    def _terms(self) -> Terms:
        layers = tuple(
            Layer(order=n, organisation_id=f"org-l{n}", person_id=f"p-l{n}", name=f"示例保管人{n}",
                  recipient=recipient_of(one))
            for n, one in enumerate(self.layers, start=1)
        )  # fmt: skip
        members = tuple(
            ShareHolder(number=n, organisation_id=f"org-m{n}", person_id=f"p-m{n}", name=f"示例成员{n}",
                        recipient=recipient_of(one))
            for n, one in enumerate(self.members, start=1)
        )  # fmt: skip
        return Terms(
            tender_id=TENDER, lot_code="E3307030001-01", title="示例新城小学教学楼施工",
            regime=Regime.LOCAL_SMALL, category=Category.WORKS, project_type=ProjectType.CONSTRUCTION,
            is_mandatory=False, is_invited=False,
            procuring_entity="示例区教育局", agency="示例招标代理有限公司", place="网上开标大厅",
            township="330703101000", venue="township", estimate_fen=1_000_000_000, price_cap_fen=990_000_000,
            sheet=(
                SheetField(name="bid_price", kind="fen", zh="投标总价", en="Total price"),
                SheetField(name="duration_days", kind="days", zh="工期", en="Duration"),
                SheetField(name="quality", kind="text", zh="质量", en="Quality"),
                SheetField(name="note", kind="text", zh="备注", en="Note", required=False),
            ),
            docs_from=NOON, docs_until=DEADLINE, questions_until=DEADLINE, bid_deadline=DEADLINE,
            opening_time=DEADLINE, bid_validity_days=90, layers=layers,
            committee=Committee(m=2, members=members),
            coefficient=CoefficientSpec(label="下浮率", candidates=("0.95", "0.96", "0.97")),
            rule_set_version="2026-1",
        )  # fmt: skip

    def stamp(self, raw: bytes, at: datetime) -> bytes:
        """An RFC 3161 token over SHA-256 of *raw*."""
        asked = request(sha256(raw).digest())
        return token_of(self.answer(asked, at), asked)

    def answer(self, asked: bytes, at: datetime) -> bytes:
        self._stamps += 1
        return self.tsa.stamp(asked, now=at, serial=self._stamps)

    def lists(self, *revoked: Revocation, at: datetime = DEADLINE + timedelta(hours=2)):
        due = at + timedelta(days=7)
        return [
            crl(self.house.issuing, revoked, now=at, next_update=due),
            crl(self.house.root, (), now=at, next_update=due),
        ]

    def trust(self, **over) -> Trust:
        root = self.house.root.certificate.public_bytes(Encoding.PEM).decode()
        issuing = self.house.issuing.certificate.public_bytes(Encoding.PEM).decode()
        told = {
            "log_vkey": str(SIGNER.vkey), "witnesses": tuple(str(one.vkey) for one in WITNESSES),
            "quorum": 2, "ca_roots_pem": (root,), "tsa_roots_pem": (root, issuing),
        }  # fmt: skip
        return Trust(**told | over)
