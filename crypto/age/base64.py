"""Base64 as age writes it: no padding, one spelling only."""

import base64
import binascii

from crypto.errors import HeaderMalformed


def encode(raw: bytes) -> str:
    return base64.b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str | bytes) -> bytes:
    """The bytes that *text* spells canonically without padding. Raises HeaderMalformed."""
    line = text if isinstance(text, bytes) else text.encode("ascii", "replace")
    try:
        raw = base64.b64decode(line + b"=" * (-len(line) % 4), validate=True)
    except binascii.Error:
        raise HeaderMalformed("not base64") from None
    if encode(raw).encode() != line:
        raise HeaderMalformed("not the canonical base64")
    return raw
