"""Making a PAdES signature with pyHanko, at an instant that comes from outside."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import uharfbuzz  # type: ignore[import-untyped]  # it has no stubs
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.errors import PathError

from crypto.certificates import Credential, TrustStore
from crypto.errors import DocumentInvalid
from crypto.pdf.judgement import Level
from crypto.pdf.material import certificate_of, context_of, store_of
from crypto.pdf.stamp import Stamp
from crypto.timestamps import token_of

_EMBEDDING = (Level.B_LT, Level.B_LTA)


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything one signature needs; see `crypto.pdf.sign_pdf`."""

    signer: Credential
    now: datetime
    level: Level
    stamp: Stamp | None
    tsa: Callable[[bytes], bytes] | None
    trust: TrustStore | None
    certificates: tuple[x509.Certificate, ...]
    field: str
    reason: str | None
    location: str | None


def sign(pdf: bytes, order: Order) -> bytes:
    """The signed document. Raises DocumentInvalid."""
    if order.level is not Level.B_B and order.tsa is None:
        raise DocumentInvalid(f"{order.level} needs a time-stamping authority")
    if order.level in _EMBEDDING and order.trust is None:
        raise DocumentInvalid(f"{order.level} needs roots and revocation lists")
    try:
        return asyncio.run(_sign(pdf, order))
    except (PdfError, SigningError, PathError, ValueError) as error:
        raise DocumentInvalid(f"cannot be signed: {error}") from error


async def _sign(pdf: bytes, order: Order) -> bytes:
    signer = _PunctualSigner(
        _metadata(order),
        _KeyHolder(order.signer, order.certificates),
        timestamper=_Authority(order.tsa) if order.tsa and order.level is not Level.B_B else None,
        stamp_style=_style(order.stamp) if order.stamp else None,
        new_field_spec=_field(order),
    )
    signer.now = order.now.replace(microsecond=0)  # the resolution of a time stamp
    signed = await signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return bytes(signed.getvalue())


class _KeyHolder(Signer):
    """Keeps the key object: loading an RSA key checks it, which takes longer than signing with it."""

    def __init__(self, credential: Credential, others: tuple[x509.Certificate, ...]) -> None:
        super().__init__(
            signing_cert=certificate_of(credential.certificate),
            cert_registry=store_of([*credential.chain, *others]),
        )
        self._key = credential.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 -- the library's signature
        digest = _DIGESTS[digest_algorithm]()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(digest))
        return self._key.sign(data, padding.PKCS1v15(), digest)


_DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class _PunctualSigner(PdfSigner):
    """Signs at `now` instead of asking the machine's clock."""

    now: datetime

    def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
        session = super().init_signing_session(*arguments, **named)
        session.system_time = self.now
        return session


class _Authority(TimeStamper):
    """A time-stamping authority behind a function."""

    def __init__(self, stamp: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._stamp = stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        asked = req.dump()
        response = self._stamp(asked)
        token_of(response, asked)  # raises unless it grants exactly this
        granted: tsp.TimeStampResp = tsp.TimeStampResp.load(response)
        return granted


def _metadata(order: Order) -> PdfSignatureMetadata:
    embedding = order.level in _EMBEDDING and order.trust is not None
    return PdfSignatureMetadata(
        field_name=order.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=order.reason,
        location=order.location,
        embed_validation_info=embedding,
        use_pades_lta=order.level is Level.B_LTA,
        timestamp_field_name=f"{order.field}-timestamp",
        validation_context=_context(order) if embedding else None,
        signer_key_usage={"digital_signature"},
    )


def _context(order: Order) -> Any:
    trust = order.trust or TrustStore()
    return context_of(trust, [*order.signer.chain, *order.certificates], order.now)


def _field(order: Order) -> SigFieldSpec:
    if order.stamp is None:
        return SigFieldSpec(order.field)
    return SigFieldSpec(order.field, on_page=order.stamp.page, box=order.stamp.box)


class _Font(FontEngineFactory):
    """The few glyphs a stamp needs: a whole Chinese font takes half a second to prepare, they do not.

    The library's own factory would also leave the file open.
    """

    def __init__(self, path: Path, size: int, text: str) -> None:
        self._path, self._size, self._text = path, size, text

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        return GlyphAccumulator(writer, BytesIO(self._reduced()), self._size, obj_stream=obj_stream)

    def _reduced(self) -> bytes:
        wanted = uharfbuzz.SubsetInput()
        wanted.unicode_set.update(map(ord, self._text))
        return bytes(uharfbuzz.subset(uharfbuzz.Face(self._path.read_bytes()), wanted).blob.data)


def _style(stamp: Stamp) -> TextStampStyle:
    shown = "\n".join(stamp.lines)
    text = shown.replace("%", "%%")  # the library fills the text in like a template
    if stamp.font is None:
        return TextStampStyle(stamp_text=text, background=None)
    box = TextBoxStyle(
        font=_Font(stamp.font, stamp.font_size, shown),
        font_size=stamp.font_size,
        leading=round(stamp.font_size * 1.4),
    )
    return TextStampStyle(stamp_text=text, text_box_style=box, background=None, border_width=1)
