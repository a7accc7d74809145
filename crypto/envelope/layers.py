"""The key of an object inside its layers: tiny age files, one in the other.

A layer opens only with its own holder's key, so all of them together are needed, and nobody deals keys
out. The payload is sealed once; only these few hundred bytes are nested. By hand it is
`age -d -i L1.txt key-docs.age | age -d -i L2.txt | age -d -i B.txt > S.txt`.
"""

from collections.abc import Sequence

from crypto.age import decrypt, encrypt, recipient_of
from crypto.errors import KeyMalformed, SealBroken

MAX_KEY_FILE = 16 * 1024


def nest(identity: str, *, layers: Sequence[str], bidder_recipient: str) -> bytes:
    """*identity* sealed to the bidder, that to the last of *layers*, and so on out to the first."""
    nested = identity.encode() + b"\n"
    for recipient in (bidder_recipient, *reversed(layers)):
        nested = encrypt(nested, recipients=[recipient])
    return nested


def peel(key_age: bytes, identity: str) -> bytes:
    """What is inside the outermost layer, opened by its holder's *identity*.

    Raises NoIdentityMatched where the layer is another's, HeaderMalformed, SealBroken.
    """
    if len(key_age) > MAX_KEY_FILE:
        raise SealBroken("a key file is never so large")
    return decrypt(key_age, identities=[identity])


def open_key(
    key_age: bytes,
    layers: Sequence[str],
    bidder_identity: str,
    *,
    expected_recipient: str | None = None,
) -> str:
    """The object's identity: *key_age* peeled by the identities of *layers*, in order, then the bidder's.

    Raises what `peel` raises, and SealBroken where the innermost text is not the identity of
    *expected_recipient*, the R(S) of the statement: then the bidder sealed the wrong key.
    """
    for identity in (*layers, bidder_identity):
        key_age = peel(key_age, identity)
    identity = key_age.removesuffix(b"\n").decode("ascii", "replace")
    if expected_recipient is not None and _recipient(identity) != expected_recipient:
        raise SealBroken("the key inside the layers is not the one the statement pins")
    return identity


def _recipient(identity: str) -> str | None:
    try:
        return recipient_of(identity)
    except KeyMalformed:
        return None
