"""Detached signatures as CMS SignedData (RFC 5652), what a U-Key's middleware and OpenSSL also write.

A signature names its certificate inside what is signed (RFC 5035), and says no time: time comes from
the log and the time stamps, never from the signer's clock.
"""

# mypy: disallow-untyped-calls=False
# asn1crypto carries no types.

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.errors import SignatureInvalid
from crypto.signatures import verify_signature

# A CMS of a statement has a handful of certificates; a stranger's may not be a bomb.
MAX_SIZE = 64 * 1024

# What two parsers of ASN.1 raise on a stranger's bytes.
_MALFORMED = (
    *(ValueError, TypeError, KeyError, OverflowError, RecursionError),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm),
)
_ALGORITHMS = {"sha256_ecdsa", "sha256_rsa", "rsassa_pkcs1v15", "rsassa_pss"}


@dataclass(frozen=True)
class SignerInfo:
    """Who signed, as the signature itself says; whether to trust the certificate is judged elsewhere."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # the other certificates that came along, in no trusted order


def sign_detached(
    data: bytes,
    certificate: x509.Certificate,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    chain: Sequence[x509.Certificate] = (),
) -> bytes:
    """The DER of a detached signature over *data*: ECDSA or RSA PKCS #1 v1.5, SHA-256."""
    attributes = _attributes(data, certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": _issuer_and_serial(certificate),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": _algorithm(key)},
            "signature": _sign(attributes.dump(), key),
        }
    )
    return _signed_data(signer, (certificate, *chain))


def verify_detached(data: bytes, p7s: bytes) -> SignerInfo:
    """Who signed *data* with *p7s*. Raises SignatureInvalid.

    Exactly one signer, SHA-256, with signed attributes, the signer's certificate inside; a signature
    that names another certificate in its attributes is refused.
    """
    try:
        return _verified(data, _single_signer(p7s))
    except _MALFORMED as error:
        raise SignatureInvalid(f"not a CMS signature: {error}") from None


def _attributes(data: bytes, certificate: x509.Certificate) -> cms.CMSAttributes:
    digest = hashlib.sha256(data).digest()
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate.fingerprint(hashes.SHA256())}]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
        ]
    )


def _issuer_and_serial(certificate: x509.Certificate) -> cms.SignerIdentifier:
    issuer = asn1.Name.load(certificate.issuer.public_bytes())
    serial = certificate.serial_number
    return cms.SignerIdentifier(
        "issuer_and_serial_number", cms.IssuerAndSerialNumber({"issuer": issuer, "serial_number": serial})
    )


def _algorithm(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return "sha256_ecdsa" if isinstance(key, ec.EllipticCurvePrivateKey) else "rsassa_pkcs1v15"


def _sign(message: bytes, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256()))
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def _signed_data(signer: cms.SignerInfo, certificates: Sequence[x509.Certificate]) -> bytes:
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates],
            "signer_infos": [signer],
        }
    )
    dumped: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return dumped


@dataclass(frozen=True)
class _Single:
    info: Any  # cms.SignerInfo
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def _single_signer(p7s: bytes) -> _Single:
    _demand(len(p7s) <= MAX_SIZE, "the signature is too large")
    outer = cms.ContentInfo.load(p7s, strict=True)
    _demand(outer["content_type"].native == "signed_data", "not signed data")
    signed = outer["content"]
    encapsulated = signed["encap_content_info"]
    detached = encapsulated["content_type"].native == "data" and encapsulated["content"].native is None
    _demand(detached, "the signature carries its own content")
    _demand(len(signed["signer_infos"]) == 1, "not exactly one signer")
    return _with_certificate(signed["signer_infos"][0], _certificates(signed))


def _certificates(signed: Any) -> list[x509.Certificate]:
    found = signed["certificates"]
    plain = [one.chosen for one in found if one.name == "certificate"] if found else []
    serials = [one["tbs_certificate"]["serial_number"].native for one in plain]
    _demand(all(serial > 0 for serial in serials), "a serial number that is not positive (RFC 5280 §4.1.2.2)")
    return [x509.load_der_x509_certificate(one.dump()) for one in plain]


def _with_certificate(info: Any, certificates: list[x509.Certificate]) -> _Single:
    mine = [one for one in certificates if _is_named(one, info["sid"])]
    _demand(len(mine) == 1, "the signer's certificate is not inside")
    return _Single(info, mine[0], tuple(one for one in certificates if one != mine[0]))


def _is_named(certificate: x509.Certificate, sid: Any) -> bool:
    if sid.name == "issuer_and_serial_number":
        named = sid.chosen
        issuer = named["issuer"].dump() == certificate.issuer.public_bytes()
        return bool(issuer and named["serial_number"].native == certificate.serial_number)
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    digest: bytes = sid.native
    return found.value.digest == digest


def _verified(data: bytes, signer: _Single) -> SignerInfo:
    info = signer.info
    _demand(info["digest_algorithm"]["algorithm"].native == "sha256", "the digest is not SHA-256")
    _demand(info["signature_algorithm"]["algorithm"].native in _ALGORITHMS, "an algorithm that is not taken")
    attributes = _one_of_each(info["signed_attrs"])
    _demand(attributes["content_type"].native == "data", "signed as another type of content")
    _demand(attributes["message_digest"].native == hashlib.sha256(data).digest(), "other content was signed")
    if "signing_certificate_v2" in attributes:
        _refuse_other_certificate(attributes["signing_certificate_v2"], signer.certificate)
    verify_signature(_as_signed(info["signed_attrs"]), info["signature"].native, signer.certificate)
    return SignerInfo(signer.certificate, signer.others)


def _one_of_each(attributes: Any) -> dict[str, Any]:
    # Without signed attributes a signature over attributes could pass as one over content.
    _demand(not isinstance(attributes, core.Void), "there are no signed attributes")
    for one in attributes:
        _demand(len(one["values"]) == 1, "an attribute without one value")
    found = {one["type"].native: one["values"][0] for one in attributes}
    _demand(len(found) == len(attributes), "an attribute is repeated")
    return found


def _refuse_other_certificate(named: Any, certificate: x509.Certificate) -> None:
    first = named["certs"][0]
    algorithm = first["hash_algorithm"]["algorithm"].native
    _demand(algorithm == "sha256", "the certificate is named by another digest")
    _demand(
        first["cert_hash"].native == certificate.fingerprint(hashes.SHA256()), "another certificate is named"
    )


def _as_signed(attributes: Any) -> bytes:
    # RFC 5652 §5.4: signed as a SET OF, although it stands there under an implicit tag.
    as_it_stands: bytes = attributes.dump()
    return b"\x31" + as_it_stands[1:]


def _demand(holds: object, otherwise: str) -> None:
    if not holds:
        raise SignatureInvalid(otherwise)
