"""Armor: an age file as text, in the one strict spelling (c2sp.org/age, RFC 7468 strict)."""

import base64
import binascii
import re

from crypto.errors import ArmorMalformed

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"

_COLUMNS = 64
_AROUND = b" \t\r\n"


def armor(sealed: bytes) -> bytes:
    """*sealed* as armored text ending in a line feed."""
    body = base64.b64encode(sealed)
    rows = [body[at : at + _COLUMNS] for at in range(0, len(body), _COLUMNS)]
    return b"\n".join([BEGIN, *rows, END, b""])


def dearmor(text: bytes) -> bytes:
    """The age file inside *text*; white space may surround it, nothing else.

    Raises ArmorMalformed for every other deviation: headers, short or long lines, padding or base64
    that is not canonical, a missing end. Meant for key files: all of it is held in memory.
    """
    rows = re.split(rb"\r?\n", text.strip(_AROUND))
    if rows[0] != BEGIN or rows[-1] != END or len(rows) == 1:
        raise ArmorMalformed("the first or the last line is not age's own")
    return _decoded(rows[1:-1])


def _decoded(rows: list[bytes]) -> bytes:
    if any(len(row) != _COLUMNS for row in rows[:-1]) or not all(0 < len(row) <= _COLUMNS for row in rows):
        raise ArmorMalformed("a line is not of 64 columns")
    body = b"".join(rows)
    try:
        sealed = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise ArmorMalformed("not base64") from None
    if base64.b64encode(sealed) != body:
        raise ArmorMalformed("not the canonical base64")
    return sealed
