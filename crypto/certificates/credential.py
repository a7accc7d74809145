"""A private key with the certificate it belongs to, and their one form at rest: PKCS#12."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from crypto.errors import KeyFileBroken

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_KDF_ROUNDS = 600_000


@dataclass(frozen=True)
class Credential:
    """A certificate, its private key, and its issuers from the nearest to the one below the root."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def to_pkcs12(self, passphrase: str, *, name: str = "qifeng") -> bytes:
        """The .p12 file: AES-256-CBC, PBKDF2 with 600,000 rounds of SHA-256."""
        encryption = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(_KDF_ROUNDS)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(passphrase.encode())
        )
        return pkcs12.serialize_key_and_certificates(
            name.encode(), self.key, self.certificate, self.chain, encryption
        )

    @classmethod
    def from_pkcs12(cls, data: bytes, passphrase: str) -> "Credential":
        """Read a .p12 file, ours or another CA's. Raises KeyFileBroken."""
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
        except ValueError as error:
            raise KeyFileBroken(f"not a PKCS#12 file of this passphrase: {error}") from None
        if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise KeyFileBroken("the file holds no certificate with an ECDSA or RSA key")
        if key.public_key() != certificate.public_key():
            raise KeyFileBroken("the key is not the certificate's")
        return cls(certificate, key, _issuers_in_order(certificate, others))


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key: what every browser, CLI and PDF reader of today can use."""
    return ec.generate_private_key(ec.SECP256R1())


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER certificate in lower-case hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _issuers_in_order(
    certificate: x509.Certificate, others: list[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    # PKCS#12 keeps a bag, not a list; the root that some files bring along is trust, not chain.
    by_subject = {other.subject: other for other in others if other.subject != other.issuer}
    chain: list[x509.Certificate] = []
    issuer = by_subject.pop(certificate.issuer, None)
    while issuer is not None:
        chain.append(issuer)
        issuer = by_subject.pop(issuer.issuer, None)
    return tuple(chain)
