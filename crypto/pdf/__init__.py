"""Signed PDF documents (PAdES, ETSI EN 319 142-1): made for the long term, and judged.

pyHanko is slow to import, so nothing of it is loaded before the first signature or judgement. Both
functions are synchronous and take tens of milliseconds or more: call them in a worker thread.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography import x509

from crypto.certificates import Credential, TrustStore
from crypto.pdf.judgement import Level, PdfJudgement
from crypto.pdf.stamp import Stamp

Stamper = Callable[[bytes], bytes]
"""From a DER TimeStampReq to a DER TimeStampResp: the built-in authority or an outside one."""

__all__ = ["Level", "PdfJudgement", "Stamp", "Stamper", "sign_pdf", "validate_pdf"]


def sign_pdf(
    pdf: bytes,
    signer: Credential,
    *,
    now: datetime,
    level: Level = Level.B_LTA,
    stamp: Stamp | None = None,
    tsa: Stamper | None = None,
    trust: TrustStore | None = None,
    certificates: Sequence[x509.Certificate] = (),
    field: str = "Signature1",
    reason: str | None = None,
    location: str | None = None,
) -> bytes:
    """*pdf* with one more signature, as an incremental update: earlier signatures stay valid.

    From B-T on, *tsa* stamps the time; from B-LT on, *trust* gives the roots and revocation lists that
    are embedded, and *certificates* the issuers of the time-stamping certificate. *field* must be new in
    the document. Raises DocumentInvalid if the document cannot be signed so, TimestampInvalid if *tsa*
    answers something else than was asked.
    """
    from crypto.pdf.signing import Order, sign

    return sign(
        pdf,
        Order(
            signer=signer,
            now=now,
            level=level,
            stamp=stamp,
            tsa=tsa,
            trust=trust,
            certificates=tuple(certificates),
            field=field,
            reason=reason,
            location=location,
        ),
    )


def validate_pdf(
    pdf: bytes,
    *,
    trust: TrustStore,
    at: datetime,
    certificates: Sequence[x509.Certificate] = (),
) -> tuple[PdfJudgement, ...]:
    """One judgement per signature, in the order of signing; time stamps are not signatures.

    *at* is the instant of judging: a B-LTA signature stays good after its signer's certificate has
    expired, for as long as that of its newest time stamp is valid; a B-B one does not. *certificates* are
    intermediates that the document does not bring. Raises DocumentInvalid if nothing is signed, anything
    was altered or added after signing, or a signer or time-stamping authority is not trusted.
    """
    from crypto.pdf.judging import judge

    return judge(pdf, trust, at, tuple(certificates))
