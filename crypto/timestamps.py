"""Time stamps (RFC 3161): ask for one, take it out of the answer, verify it offline."""

# mypy: disallow-untyped-calls=False
# asn1crypto carries no types.

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, core, tsp
from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from crypto.certificates import Holder, Profile, TrustStore, load_certificate
from crypto.errors import CertificateInvalid, TimestampInvalid

MAX_SIZE = 64 * 1024
"""No token of a handful of certificates is larger; a stranger's answer may not be a bomb."""

_GRANTED = bytes.fromhex("3003020100")  # PKIStatusInfo { status granted(0) }
_NONCE_BITS = 63


@dataclass(frozen=True)
class Stamped:
    """The authority saw the digest at *at*, give or take *accuracy*."""

    at: datetime
    accuracy: timedelta
    serial: int
    authority: Holder

    @property
    def latest(self) -> datetime:
        """The digest existed by this instant at the latest."""
        return self.at + self.accuracy


def request(digest: bytes, *, algorithm: str = "sha256") -> bytes:
    """A DER TimeStampReq for *digest*, with a random nonce, asking for the certificate."""
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    nonce = secrets.randbits(_NONCE_BITS) | 1
    fields = {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(fields).dump())


def token_of(response: bytes, request_der: bytes) -> bytes:
    """The token (a DER ContentInfo) in an authority's answer to our request.

    Raises TimestampInvalid if it was not granted, or answers another request. The signature is not
    looked at: that is `verify_token`'s.
    """
    answer, asked = _decode(response), tsp.TimeStampReq.load(request_der)
    if answer.status != 0:
        raise TimestampInvalid(f"not granted: {'; '.join(answer.status_string) or answer.status}")
    if answer.tst_info.nonce != asked["nonce"].native:
        raise TimestampInvalid("the answer carries another nonce")
    if answer.tst_info.message_imprint.message != asked["message_imprint"]["hashed_message"].native:
        raise TimestampInvalid("the answer is about another digest")
    return answer.time_stamp_token()


def verify_token(
    token: bytes, digest: bytes, *, trust: TrustStore, chain: Sequence[x509.Certificate] = ()
) -> Stamped:
    """When *token* says that *digest* was there, and who says so.

    The token brings the authority's own certificate; *chain* brings the intermediates, which are not
    trusted by themselves. The certificate is judged at the time stamped, with its revocation lists.
    Raises TimestampInvalid.
    """
    answer = _decode(_as_response(token))
    certificate, others = _signer(token)
    _verify_signature(answer, digest, [*trust.anchors(), *chain, *others])
    info = answer.tst_info
    try:
        holder = trust.judge(certificate, [*chain, *others], at=info.gen_time, profile=Profile.TSA)
    except CertificateInvalid as error:
        raise TimestampInvalid(f"the authority is not trusted: {error}") from None
    return Stamped(info.gen_time, _accuracy(info), info.serial_number, holder)


def _as_response(token: bytes) -> bytes:
    # The verifier reads whole responses; a token that was kept is one that was granted.
    return bytes(core.Sequence(contents=_GRANTED + token).dump())


def _decode(response: bytes) -> TimeStampResponse:
    if len(response) > MAX_SIZE:
        raise TimestampInvalid("larger than any time stamp")
    try:
        answer = decode_timestamp_response(response)
        _ = (answer.tst_info, answer.signed_data) if answer.status == 0 else None
    except (ValueError, TypeError) as error:
        raise TimestampInvalid(f"not a time-stamp response: {error}") from None
    return answer


def _verify_signature(answer: TimeStampResponse, digest: bytes, issuers: list[x509.Certificate]) -> None:
    # This verifier trusts every certificate it is given, so `verify_token` judges the path again.
    builder = VerifierBuilder(roots=issuers)
    try:
        builder.build().verify(answer, digest)
    except (VerificationError, ValueError) as error:
        raise TimestampInvalid(str(error)) from None


def _signer(token: bytes) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The certificate that the signature itself names (RFC 5035), and the others that came along."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        embedded = [one.chosen.dump() for one in signed["certificates"]]
        named = [der for der in embedded if _names(signed["signer_infos"][0]["signed_attrs"], der)]
        others = [load_certificate(der) for der in embedded if der not in named]
        certificates = [load_certificate(der) for der in named]
    except (CertificateInvalid, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise TimestampInvalid(f"not a time-stamp token: {error}") from None
    if len(certificates) != 1:
        raise TimestampInvalid("the token does not bring the certificate that it names")
    return certificates[0], others


def _names(attributes: Any, der: bytes) -> bool:
    for attribute in attributes:
        if attribute["type"].native == "signing_certificate_v2":
            first = attribute["values"][0]["certs"][0]
            algorithm = first["hash_algorithm"]["algorithm"].native
            return bool(first["cert_hash"].native == hashlib.new(algorithm, der).digest())
        if attribute["type"].native == "signing_certificate":  # RFC 3161 itself knew only SHA-1
            first = attribute["values"][0]["certs"][0]
            return bool(first["cert_hash"].native == hashlib.sha1(der, usedforsecurity=False).digest())
    return False


def _accuracy(info: Any) -> timedelta:
    """RFC 3161 §2.4.2: what is missing counts as zero."""
    given = info.accuracy
    if given is None:
        return timedelta(0)
    return timedelta(
        seconds=given.seconds or 0, milliseconds=given.millis or 0, microseconds=given.micros or 0
    )
