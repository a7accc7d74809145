"""Whether a signature over bytes was made with a certificate's key: ECDSA P-256 or RSA, SHA-256."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from crypto.errors import SignatureInvalid

_COORDINATE = 32
_RSA_BITS = 2048


def verify_signature(message: bytes, signature: bytes, certificate: x509.Certificate) -> None:
    """Return if *signature* is the certificate's over *message*, else raise SignatureInvalid.

    ECDSA on P-256: DER, or the 64 bytes r ‖ s of browsers (IEEE P1363). RSA of 2048 bits or more:
    PSS of any salt length, or PKCS #1 v1.5. The digest is SHA-256 throughout.
    """
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        _verify_ecdsa(message, signature, key)
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS:
        _verify_rsa(message, signature, key)
    else:
        raise SignatureInvalid("the key is neither ECDSA on P-256 nor RSA of 2048 bits or more")


def _verify_ecdsa(message: bytes, signature: bytes, key: ec.EllipticCurvePublicKey) -> None:
    # A DER signature of exactly 64 bytes needs r and s short by seven bytes between them: 2^-50.
    der = _from_p1363(signature) if len(signature) == 2 * _COORDINATE else signature
    try:
        key.verify(der, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SignatureInvalid("the ECDSA signature is not this certificate's over this text") from None


def _from_p1363(signature: bytes) -> bytes:
    r, s = signature[:_COORDINATE], signature[_COORDINATE:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))


def _verify_rsa(message: bytes, signature: bytes, key: rsa.RSAPublicKey) -> None:
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
    for scheme in (pss, padding.PKCS1v15()):
        try:
            key.verify(signature, message, scheme, hashes.SHA256())
        except InvalidSignature:
            continue
        return
    raise SignatureInvalid("the RSA signature is not this certificate's over this text")
