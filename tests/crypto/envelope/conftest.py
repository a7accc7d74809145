"""A bidder, a tender with two layers and a committee, and a bid sealed for it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from crypto.age import generate_identity, recipient_of
from crypto.certificates.credential import Credential, fingerprint
from crypto.envelope import Client, Committee, Context, Expected, Member, SealJob, seal

DEADLINE = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
NOTICE = "a1" * 32
SHEET = {"bidder_name": "示例甲建设有限公司", "price_fen": 1_234_567_800, "duration_days": 180}
CLIENT = Client("qifeng", "0.1.0", "b2" * 32)
MEMBERS = tuple(f"member-{number}" for number in range(1, 6))


def credential(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(DEADLINE - timedelta(days=30))
        .not_valid_after(DEADLINE + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return Credential(certificate, key)


BIDDER, RIVAL = credential("示例甲建设有限公司"), credential("示例乙工程有限公司")
LAYERS = (generate_identity(), generate_identity())
KEYS = {member: generate_identity() for member in MEMBERS}
COMMITTEE = Committee(1, 3, tuple(Member(one, recipient_of(key)) for one, key in KEYS.items()))


def context(bidder=BIDDER, **changes):
    plain = Context(
        tender_id="T-2026-0001",
        notice_sha256=NOTICE,
        lot="1",
        stage="single",
        object="statement",
        bidder_cert_sha256=fingerprint(bidder.certificate),
        deadline=DEADLINE,
        round=1,
        nonce16="0123456789abcdef" * 2,
    )
    return replace(plain, **changes)


def expected(bidder=BIDDER, **changes):
    plain = Expected(
        tender_id="T-2026-0001",
        lot="1",
        stage="single",
        notices={NOTICE: DEADLINE},
        layers=tuple(recipient_of(one) for one in LAYERS),
        bidder_cert_sha256=fingerprint(bidder.certificate),
        committee=COMMITTEE,
    )
    return replace(plain, **changes)


@dataclass
class Desk:
    """A bidder's desk: files to seal, and folders for what was sealed."""

    home: object
    docs: dict

    def job(self, **changes):
        plain = SealJob(
            context=context(),
            docs=self.docs,
            sheet=SHEET,
            layers=tuple(recipient_of(one) for one in LAYERS),
            client=CLIENT,
            committee=COMMITTEE,
            consent="同意在密钥遗失时由委员会解密",
        )
        return replace(plain, **changes)

    def seal(self, name="submission", *, signer=BIDDER, on_progress=None, **changes):
        return seal(self.job(**changes), self.home / name, signer=signer, on_progress=on_progress)


@pytest.fixture
def desk(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    docs = {"技术标/施工组织设计.pdf": b"%PDF-1.7 " + bytes(700_000), "price.pdf": b"%PDF", "空.txt": b""}
    paths = {}
    for number, (name, raw) in enumerate(docs.items()):
        paths[name] = files / str(number)
        paths[name].write_bytes(raw)
    return Desk(tmp_path, paths)


@pytest.fixture
def sealed(desk):
    return desk.seal()
