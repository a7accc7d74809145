"""age v1 (c2sp.org/age): X25519 and passphrase files, streamed in constant memory."""

from crypto.age.armor import armor, dearmor
from crypto.age.file import (
    Written,
    decrypt,
    decrypt_file,
    encrypt,
    encrypt_file,
    payload_size,
    read_header,
)
from crypto.age.header import Header, Stanza
from crypto.age.keys import generate_identity, is_recipient, recipient_of
from crypto.age.seekable import SealedFile
from crypto.age.wrap import Passphrase

__all__ = [
    "Header",
    "Passphrase",
    "SealedFile",
    "Stanza",
    "Written",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_file",
    "encrypt",
    "encrypt_file",
    "generate_identity",
    "is_recipient",
    "payload_size",
    "read_header",
    "recipient_of",
]
