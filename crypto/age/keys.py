"""X25519 identities and recipients as the text that people keep and exchange."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crypto.age import bech32
from crypto.errors import KeyMalformed

_IDENTITY = "age-secret-key-"
_RECIPIENT = "age"
_KEY_SIZE = 32


def generate_identity() -> str:
    """A new identity, "AGE-SECRET-KEY-1…" (74 letters)."""
    return identity_of(X25519PrivateKey.generate().private_bytes_raw())


def identity_of(scalar: bytes) -> str:
    """The identity whose secret is the 32 bytes of *scalar*."""
    if len(scalar) != _KEY_SIZE:
        raise KeyMalformed(f"a secret has {_KEY_SIZE} bytes, not {len(scalar)}")
    return bech32.encode(_IDENTITY, scalar).upper()


def recipient_of(identity: str) -> str:
    """The recipient, "age1…" (62 letters), whose files *identity* opens. Raises KeyMalformed."""
    public = private_key(identity).public_key()
    return bech32.encode(_RECIPIENT, public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def scalar_of(identity: str) -> bytes:
    """The 32 secret bytes of *identity*. Raises KeyMalformed."""
    if identity != identity.upper():  # the specification writes identities in capitals only
        raise KeyMalformed("an identity is written in capitals")
    return _payload(identity, _IDENTITY)


def private_key(identity: str) -> X25519PrivateKey:
    """The key that *identity* spells. Raises KeyMalformed."""
    return X25519PrivateKey.from_private_bytes(scalar_of(identity))


def public_key(recipient: str) -> X25519PublicKey:
    """The key that *recipient* spells. Raises KeyMalformed."""
    if recipient != recipient.lower():
        raise KeyMalformed("a recipient is written in small letters")
    return X25519PublicKey.from_public_bytes(_payload(recipient, _RECIPIENT))


def is_recipient(text: object) -> bool:
    """Whether *text* is a well-formed X25519 recipient."""
    try:
        return isinstance(text, str) and bool(public_key(text))
    except KeyMalformed:
        return False


def _payload(text: str, prefix: str) -> bytes:
    found, payload = bech32.decode(text)
    if found != prefix or len(payload) != _KEY_SIZE:
        raise KeyMalformed(f"not an X25519 key of kind {prefix}")
    return payload
