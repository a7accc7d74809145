"""A time-stamping authority inside the platform (RFC 3161), for pilots that have no outside one."""

# mypy: disallow-untyped-calls=False
# asn1crypto carries no types.

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates import Credential
from crypto.errors import TimestampInvalid

ACCURACY = timedelta(seconds=1)
POLICY = "2.25.309807583605651630663408168954918566176.6"
"""What this authority promises: a clock within a second, watched by the operator."""

_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True)
class TimestampAuthority:
    """The authority's voice; *credential* is a certificate of the profile `tsa` and its key."""

    credential: Credential

    def stamp(self, request: bytes, *, now: datetime, serial: int) -> bytes:
        """The DER TimeStampResp that grants *request* at *now*, to the whole second below.

        Only the authority's own certificate is embedded, and no `tsa` name: a set of several is often
        written unsorted, which strict readers refuse, and the name chokes others. *serial* must never
        repeat. Raises TimestampInvalid for a request that asks for what is not given here.
        """
        info = bytes(_info(load_request(request), now, serial).dump())
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info)})
        answer = {"status": {"status": "granted"}, "time_stamp_token": token}
        return bytes(tsp.TimeStampResp(answer).dump())

    def _signed(self, info: bytes) -> Any:
        own = x509.Certificate.load(self._der())
        content = {"content_type": "tst_info", "content": core.ParsableOctetString(info)}
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": cms.EncapsulatedContentInfo(content),
                "certificates": [own],
                "signer_infos": [self._signer_info(info, own)],
            }
        )

    def _signer_info(self, info: bytes, own: Any) -> Any:
        attributes = _attributes(info, self._der())
        named = {"issuer": own.issuer, "serial_number": own.serial_number}
        scheme, signature = self._sign(attributes.dump())
        return {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": named}),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": scheme},
            "signature": signature,
        }

    def _sign(self, data: bytes) -> tuple[str, bytes]:
        key = self.credential.key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return "sha256_ecdsa", key.sign(data, ec.ECDSA(hashes.SHA256()))
        return "rsassa_pkcs1v15", key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def _der(self) -> bytes:
        return self.credential.certificate.public_bytes(Encoding.DER)


def load_request(der: bytes) -> Any:
    """The parsed TimeStampReq. Raises TimestampInvalid for one that this authority does not grant."""
    try:
        asked = tsp.TimeStampReq.load(der, strict=True)
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        fits = _DIGEST_BYTES.get(algorithm) == len(imprint["hashed_message"].native)
        plain = asked["req_policy"].native in {None, POLICY} and not asked["extensions"].native
        _ = asked["nonce"].native
    except (ValueError, TypeError) as error:
        raise TimestampInvalid(f"not a time-stamp request: {error}") from None
    if not (fits and plain):
        raise TimestampInvalid("the request wants a digest, a policy or an extension not given here")
    return asked


def _info(asked: Any, now: datetime, serial: int) -> Any:
    fields = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": serial,
        "gen_time": now.replace(microsecond=0),
        "accuracy": {"seconds": int(ACCURACY.total_seconds())},
    }
    if asked["nonce"].native is not None:
        fields["nonce"] = asked["nonce"]
    return tsp.TSTInfo(fields)


def _attributes(info: bytes, certificate: bytes) -> Any:
    pairs: list[tuple[str, Any]] = [
        ("content_type", "tst_info"),
        ("message_digest", hashlib.sha256(info).digest()),
        ("signing_certificate_v2", {"certs": [{"cert_hash": hashlib.sha256(certificate).digest()}]}),
    ]
    attributes = [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in pairs]
    # DER wants a SET OF in the order of its encodings (X.690 §11.6); the library leaves that to us.
    return cms.CMSAttributes(sorted(attributes, key=lambda attribute: bytes(attribute.dump())))
