"""B9: printing a record of 200 bidders beside a bare table, and signing it beside pyHanko itself."""

# mypy: disallow-untyped-calls=False
# reportlab and pyHanko carry no types.

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from crypto.certificates import Credential, Profile, Subject, create_issuing, create_root, issue, new_key
from crypto.pdf import Level, sign_pdf
from web.bench.figures import Figure, Line, at_most
from web.bench.measure import Case, interleave
from web.bench.scale import Scale
from web.paper.fonts import REGULAR, font
from web.paper.house import House
from web.paper.record import record_pdf, rows_of

ROW = "B9"
_BIDDERS = 200
_NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
_HOUSE = House(name="启封 Qifeng", operator="示例区公共资源交易中心", origin="https://trade.qifeng.example")


def run(scale: Scale) -> Iterator[Line]:
    """CPU milliseconds for one document and for one signature."""
    press, pen = _Press(), _Pen()
    cases: dict[str, Case] = {
        "record": press.record, "bare": press.bare,
        "sign": lambda: pen.ours(pen.page), "cached": lambda: pen.cached(pen.page),
        "stock": lambda: pen.stock(pen.page),
    }  # fmt: skip
    cost = interleave(cases, rounds=3 * scale.rounds)
    yield _figure("record of 200 bidders", cost["record"].cpu, cost["bare"].cpu, "bare reportlab table", 1.3)
    yield _figure("one signature (P-256)", cost["sign"].cpu, cost["cached"].cpu, "pyHanko, key cached", 1.1)
    yield Figure(
        row=ROW, what="one signature (P-256)", ours=cost["sign"].cpu * 1e3, theirs=cost["stock"].cpu * 1e3,
        unit="ms CPU", peer="pyHanko as it comes",
    )  # fmt: skip


def _figure(what: str, ours: float, theirs: float, peer: str, bar: float) -> Figure:
    return Figure(
        row=ROW, what=what, ours=ours * 1e3, theirs=theirs * 1e3, unit="ms CPU", peer=peer, bar=at_most(bar)
    )


class _Press:
    """A record whose table has the same strings in the same font, with us and bare."""

    def __init__(self) -> None:
        self.data = _record()
        self.rows = [
            ["序号", "投标人", "报价", "工期", "质量", "保证金", "确认", "代表"],
            *rows_of(self.data),
        ]
        font(REGULAR)

    def record(self) -> None:
        record_pdf(self.data, _HOUSE)

    def bare(self) -> None:
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

        style = TableStyle(
            [("FONT", (0, 0), (-1, -1), REGULAR, 9), ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))]
        )
        out = SimpleDocTemplate(BytesIO(), pagesize=landscape(A4), invariant=1)
        out.build([Table(self.rows, repeatRows=1, style=style)])


class _Pen:
    """One credential and one page; a signature without a stamp and without a time stamp (B-B)."""

    def __init__(self) -> None:
        root = create_root("示例根证书", now=_NOW - timedelta(days=1))
        issuing = create_issuing(root, "示例签发证书", now=_NOW - timedelta(days=1))
        key = new_key()
        who = Subject(name="示例平台")
        certificate = issue(issuing, Profile.PLATFORM, who, key.public_key(), now=_NOW - timedelta(hours=1))
        self.signer = Credential(certificate, key, (issuing.certificate,))
        self.page = record_pdf(_record(), _HOUSE).pdf

    def ours(self, page: bytes) -> None:
        sign_pdf(page, self.signer, now=_NOW, level=Level.B_B)

    def cached(self, page: bytes) -> None:
        self._sign(page, _cached_signer(self.signer))

    def stock(self, page: bytes) -> None:
        self._sign(page, _stock_signer(self.signer))

    def _sign(self, page: bytes, signer: Any) -> None:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import PdfSignatureMetadata, PdfSigner
        from pyhanko.sign.fields import SigSeedSubFilter

        how = PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        PdfSigner(how, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(page)))


def _stock_signer(credential: Credential) -> Any:
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign import SimpleSigner

    from crypto.pdf.material import certificate_of, store_of

    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=certificate_of(credential.certificate), signing_key=PrivateKeyInfo.load(der),
        cert_registry=store_of(credential.chain),
    )  # fmt: skip


def _cached_signer(credential: Credential) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from pyhanko.sign import Signer

    from crypto.pdf.material import certificate_of, store_of

    class Cached(Signer):
        async def async_sign_raw(self, data: bytes, *_: Any, **__: Any) -> bytes:
            assert isinstance(credential.key, ec.EllipticCurvePrivateKey)
            return credential.key.sign(data, ec.ECDSA(SHA256()))

    return Cached(
        signing_cert=certificate_of(credential.certificate), cert_registry=store_of(credential.chain)
    )


def _record() -> Any:
    from bidding.opening.record import Column, RecordBody, RecordData, Row
    from bidding.tender.defaults import SHEETS
    from bidding.tender.terms import ProjectType

    fields = [one for one in SHEETS[ProjectType.CONSTRUCTION] if one.required]
    rows = tuple(
        Row(
            number=number, bidder_id=f"b-{number}", bidder=f"示例第{number}建设工程有限公司",
            uscc="91330703MA2ABCDE14", representative="示例张三", identity_ok=True, deposit="paid",
            deposit_fen=0, findings=(), price_answer="confirmed", price_note="",
            items={"bid_price": 123_456_789 + number * 1_000_003, "duration_days": 365, "quality": "合格"},
        )
        for number in range(1, _BIDDERS + 1)
    )  # fmt: skip
    body = RecordBody(
        tender_id="019391a0-0000-7000-8000-000000000001", title="示例道路工程施工", lot_code="A330703-1",
        project_type="construction", procuring_entity="示例建设单位", agency="", place="示例开标室",
        opening_time=_NOW, started_at=_NOW, price_cap_fen=None, coefficient_label=None, coefficient=None,
        price_type="total", rows=rows, not_opened=(), sign_in=(), submissions=(), objections=(), remarks="",
        columns=tuple(Column(name=one.name, kind=one.kind, zh=one.zh, en=one.en) for one in fields),
    )  # fmt: skip
    return RecordData(
        tender_id=body.tender_id, version=1, sha256=body.sha256, previous_sha256=None, drawn_at=_NOW,
        body=body.plain(), confirmations=(), signatures=(), is_newest=True,
    )  # fmt: skip
