"""The caller's certificate and key, from PKCS#12 or PEM, and the one signature that sign-in asks for."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from crypto.certificates.credential import Credential
from crypto.errors import KeyFileBroken

_LARGEST = 1 << 20
_PEM = b"-----BEGIN "


def load_credential(path: Path, passphrase: str) -> Credential:
    """Read a .p12/.pfx file, or a .pem with key, certificate and chain.

    Raises KeyFileBroken (another passphrase, damaged, no key in it), OSError.
    """
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise KeyFileBroken("a certificate file is never so large")
    return _from_pem(data, passphrase) if _PEM in data else Credential.from_pkcs12(data, passphrase)


def sign(credential: Credential, message: bytes) -> bytes:
    """The credential's signature over *message*: ECDSA in DER, RSA as PSS; SHA-256."""
    key = credential.key
    if isinstance(key, rsa.RSAPrivateKey):
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        return key.sign(message, salted, hashes.SHA256())
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def _from_pem(data: bytes, passphrase: str) -> Credential:
    try:
        certificates = x509.load_pem_x509_certificates(data)
        key = _key(data, passphrase)
    except (ValueError, TypeError) as error:
        raise KeyFileBroken(f"not a PEM file of this passphrase: {error}") from None
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise KeyFileBroken("no certificate in the file belongs to its key")
    chain = tuple(one for one in certificates if one != own[0] and one.issuer != one.subject)
    return Credential(own[0], key, chain)


def _key(data: bytes, passphrase: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(data, passphrase.encode())
    except TypeError:  # the key in the file is not encrypted
        key = load_pem_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("the key is neither ECDSA nor RSA")  # noqa: TRY004 -- the file is wrong, not a call
    return key
