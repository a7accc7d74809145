"""B9: the record of an opening with 200 bids, printed and signed, beside bare reportlab and pyHanko."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from reportlab.lib import pagesizes

from bidding.opening.record import Column, RecordBody, RecordData, Row
from bidding.tender.defaults import SHEETS
from bidding.tender.terms import ProjectType
from crypto.certificates import Credential, Profile, Subject, create_issuing, create_root, issue
from crypto.pdf import Level, sign_pdf
from web.bench.figures import Absent, Figure, Line, at_most
from web.bench.measure import interleave
from web.bench.scale import Scale
from web.paper.fonts import REGULAR, font
from web.paper.house import House
from web.paper.record import record_pdf, rows_of
from web.refusals import FontsAbsent

ROW = "B9"
_ROWS = 200
_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
_HOUSE = House(name="启封 Qifeng", operator="示例区公共资源交易中心", origin="https://trade.qifeng.example")
_VALUES: dict[str, Any] = {"fen": 812_345_600, "rate": 125, "days": 180, "text": "合格"}


def run(scale: Scale) -> Iterator[Line]:
    """Milliseconds of CPU, in this process; both sides use the same fonts, strings and key."""
    try:
        font(REGULAR)
    except FontsAbsent:
        yield Absent(row=ROW, what="the whole row", why="the fonts were not fetched")
        return
    yield from _printed(scale)
    yield from _signed(scale)


def _printed(scale: Scale) -> Iterator[Line]:
    data = _record(_ROWS)
    texts = [list(row) for row in rows_of(data)]
    costs = interleave(
        {"ours": lambda: _drop(record_pdf(data, _HOUSE)), "bare": lambda: _drop(_bare(texts))},
        rounds=scale.rounds * 2,
    )
    yield Figure(
        row=ROW, what=f"record of {_ROWS} bids", ours=costs["ours"].cpu * 1e3, theirs=costs["bare"].cpu * 1e3,
        unit="ms", peer="bare reportlab table", bar=at_most(1.3),
    )  # fmt: skip


def _signed(scale: Scale) -> Iterator[Line]:
    signer, pdf = _signer(), record_pdf(_record(_ROWS), _HOUSE).pdf
    stock, cached = _stock(signer), _Cached.of(signer)
    costs = interleave(
        {
            "ours": lambda: _drop(sign_pdf(pdf, signer, now=_NOON, level=Level.B_B)),
            "stock": lambda: _drop(_sign(pdf, stock)),
            "cached": lambda: _drop(_sign(pdf, cached)),
        },
        rounds=scale.rounds * 3,
    )
    ours, bars = costs["ours"].cpu * 1e3, {"cached": at_most(1.1), "stock": at_most(0.3)}
    for name, peer in (("cached", "pyHanko, key kept"), ("stock", "pyHanko as it comes")):
        yield Figure(row=ROW, what="sign it, RSA-2048", ours=ours, theirs=costs[name].cpu * 1e3, unit="ms",
                     peer=peer, bar=bars[name])  # fmt: skip


def _record(count: int) -> RecordData:
    fields = SHEETS[ProjectType.CONSTRUCTION]
    body = RecordBody(
        tender_id="019391a0-0000-7000-8000-000000000001", title="示例新城小学教学楼施工",
        lot_code="BENCH-01", project_type=ProjectType.CONSTRUCTION.value, procuring_entity="示例区教育局",
        agency="示例招标代理有限公司", place="网上开标大厅", opening_time=_NOON, started_at=_NOON,
        price_cap_fen=990_000_000, coefficient_label=None, coefficient=None, price_type="total",
        columns=tuple(Column(name=f.name, kind=f.kind, zh=f.zh, en=f.en) for f in fields),
        rows=tuple(_row(number, fields) for number in range(count)), not_opened=(), sign_in=(),
        submissions=(), objections=(), remarks="",
    )  # fmt: skip
    return RecordData(
        tender_id=body.tender_id, version=1, sha256=body.sha256, previous_sha256=None,
        drawn_at=_NOON + timedelta(hours=1), body=body.plain(), confirmations=(), signatures=(),
        is_newest=True,
    )  # fmt: skip


def _row(number: int, fields: Sequence[Any]) -> Row:
    items = {one.name: _VALUES[one.kind] + (number if one.kind == "fen" else 0) for one in fields
             if one.kind != "text"}  # fmt: skip
    items |= {one.name: _VALUES["text"] for one in fields if one.kind == "text"}
    return Row(
        number=number + 1, bidder_id=f"b-{number}", bidder=f"示例{number}号建设工程有限公司",
        uscc="91330703MA2ABCDE14", representative="示例张三", identity_ok=True, deposit="paid",
        deposit_fen=10_000_000, items=items, findings=(), price_answer="confirmed", price_note="",
    )  # fmt: skip


def _bare(texts: list[list[str]]) -> bytes:
    """The same strings in the library's own table, with a grid and nothing around it."""
    out = BytesIO()
    platypus: Any = import_module("reportlab.platypus")
    style = platypus.TableStyle(
        [("FONT", (0, 0), (-1, -1), REGULAR, 9), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    )
    table = platypus.LongTable(texts)
    table.setStyle(style)
    across, down = pagesizes.A4
    platypus.SimpleDocTemplate(out, pagesize=(down, across)).build([table])
    return out.getvalue()


def _signer() -> Credential:
    before = _NOON - timedelta(days=30)
    root = create_root("示例根证书", now=before)
    issuing = create_issuing(root, "示例签发证书", now=before)
    key = rsa.generate_private_key(65537, 2048)
    subject = Subject(name="示例区公共资源交易中心")
    certificate = issue(issuing, Profile.PLATFORM, subject, key.public_key(), now=before)
    return Credential(certificate, key, (issuing.certificate,))


def _stock(signer: Credential) -> SimpleSigner:
    der = signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=_certificate(signer.certificate), signing_key=_asn1("keys").PrivateKeyInfo.load(der),
        cert_registry=_registry(signer),
    )  # fmt: skip


class _Cached(SimpleSigner):
    """The library's signer with the one change that its own makers' users make."""

    key: Any

    @classmethod
    def of(cls, signer: Credential) -> "_Cached":
        made = cls(
            signing_cert=_certificate(signer.certificate), signing_key=_stock(signer).signing_key,
            cert_registry=_registry(signer),
        )  # fmt: skip
        made.key = signer.key
        return made

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 -- the library's signature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        del digest_algorithm, dry_run
        signature: bytes = self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return signature


def _sign(pdf: bytes, signer: SimpleSigner) -> bytes:
    about = PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
        signer_key_usage={"digital_signature"},
    )  # fmt: skip
    signed = PdfSigner(about, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return bytes(signed.getvalue())


def _certificate(certificate: Any) -> Any:
    return _asn1("x509").Certificate.load(certificate.public_bytes(Encoding.DER))


def _registry(signer: Credential) -> Any:
    registry: Any = import_module("pyhanko_certvalidator.registry")
    return registry.SimpleCertificateStore.from_certs([_certificate(one) for one in signer.chain])


def _asn1(name: str) -> Any:
    return import_module(f"asn1crypto.{name}")


def _drop(made: object) -> None:
    if not made:
        raise RuntimeError("nothing was made")
