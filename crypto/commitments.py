"""What the log shows of an entry: a blinded commitment that tells nothing until its blind is shown."""

import secrets
from hashlib import sha256

BLIND_SIZE = 16
COMMITMENT_SIZE = 32


def commitment(blind: bytes, text: bytes | str) -> bytes:
    """SHA-256(blind ‖ text), 32 bytes; *text* is the JCS spelling of the entry.

    The 16 random bytes of *blind* keep anyone from guessing a short act from its hash. ValueError
    where the blind has another length.
    """
    if len(blind) != BLIND_SIZE:
        raise ValueError(f"a blind is {BLIND_SIZE} bytes")
    return sha256(blind + (text.encode() if isinstance(text, str) else text)).digest()


def cover() -> bytes:
    """A commitment to nothing: 32 random bytes that cannot be told from a real one."""
    return secrets.token_bytes(COMMITMENT_SIZE)
