"""Whole age files: encrypt, decrypt, look at the header without any key."""

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.age import header as headers
from crypto.age import stream
from crypto.age.header import Header, Lines, Stanza
from crypto.age.stream import Progress, Sink, Source
from crypto.age.wrap import Identity, Passphrase, Recipient, unwrap, wrap
from crypto.errors import HeaderMalformed, SealBroken


class SealedSource(Source, Lines, Protocol):
    """An age file opened for reading; buffered, for the header is read line by line."""


@dataclass(frozen=True)
class Written:
    """What became of an encryption: never the file key."""

    header: Header
    size: int  # bytes of the whole age file
    sha256: bytes | None  # of the whole age file, where it was asked for
    plaintext_size: int


def encrypt_file(
    src: Source,
    dst: Sink,
    *,
    recipients: Sequence[Recipient],
    extra_stanzas: Sequence[Stanza] = (),
    hashing: bool = False,
    on_progress: Progress | None = None,
) -> Written:
    """Encrypt *src* to *dst* so that any one of *recipients* opens it, in constant memory.

    *extra_stanzas* come first in the header; others ignore them, the MAC covers them. With *hashing*
    the SHA-256 of the age file is taken on the way. *on_progress* hears the plaintext bytes done.
    """
    file_key = os.urandom(headers.FILE_KEY_SIZE)
    nonce = os.urandom(stream.NONCE_SIZE)
    header = Header.sealed((*extra_stanzas, *_wrapped(file_key, recipients)), file_key)
    out = _Counting(dst, hashlib.sha256() if hashing else None)
    out.write(header.raw + nonce)
    size = stream.seal(src, out, stream.payload_cipher(file_key, nonce), on_progress)
    return Written(header, out.size, out.digest(), size)


def decrypt_file(
    src: SealedSource, dst: Sink, *, identities: Sequence[Identity], on_progress: Progress | None = None
) -> Header:
    """Decrypt *src* to *dst* in constant memory, releasing no byte that is not genuine.

    Raises HeaderMalformed, NoIdentityMatched, HeaderForged before the first byte is written, and
    SealBroken as soon as a chunk is not what was sealed: then *dst* holds a genuine but partial text.
    *on_progress* hears the ciphertext bytes done.
    """
    header, cipher = open_payload(src, identities)
    stream.unseal(src, dst, cipher, on_progress)
    return header


def open_payload(src: SealedSource, identities: Sequence[Identity]) -> tuple[Header, ChaCha20Poly1305]:
    """The header and the cipher of the payload; *src* is left at the first chunk."""
    header = read_header(src)
    file_key = unwrap(header, identities)
    nonce = bytearray(stream.NONCE_SIZE)
    if stream.fill(src, memoryview(nonce)) != stream.NONCE_SIZE:
        raise HeaderMalformed("the payload's nonce is missing")
    return header, stream.payload_cipher(file_key, bytes(nonce))


def read_header(src: Lines) -> Header:
    """The header of the age file *src*, read without any key. Raises HeaderMalformed."""
    return headers.parse(src)


def payload_size(header: Header, size: int) -> int:
    """The plaintext bytes in an age file of *size* bytes, told without any key.

    Raises SealBroken where no plaintext gives that size: the file was cut short.
    """
    sealed = size - len(header.raw) - stream.NONCE_SIZE
    chunks = max(1, -(-sealed // stream.SEALED_CHUNK))
    plain = sealed - chunks * stream.TAG
    if plain <= (chunks - 1) * stream.CHUNK and (plain < 0 or chunks > 1):
        raise SealBroken("the last chunk is cut short")
    return plain


def encrypt(
    plaintext: bytes, *, recipients: Sequence[Recipient], extra_stanzas: Sequence[Stanza] = ()
) -> bytes:
    """`encrypt_file` for what fits in memory."""
    out = io.BytesIO()
    encrypt_file(io.BytesIO(plaintext), out, recipients=recipients, extra_stanzas=extra_stanzas)
    return out.getvalue()


def decrypt(sealed: bytes, *, identities: Sequence[Identity]) -> bytes:
    """`decrypt_file` for what fits in memory; all or nothing."""
    out = io.BytesIO()
    decrypt_file(io.BytesIO(sealed), out, identities=identities)
    return out.getvalue()


def _wrapped(file_key: bytes, recipients: Sequence[Recipient]) -> list[Stanza]:
    if not recipients:
        raise HeaderMalformed("a file needs a recipient")
    if len(recipients) > 1 and any(isinstance(one, Passphrase) for one in recipients):
        raise HeaderMalformed("a passphrase stands alone")
    return [wrap(file_key, recipient) for recipient in recipients]


class _Counting:
    """A sink that counts, and hashes where asked, what passes."""

    def __init__(self, dst: Sink, hasher: "hashlib._Hash | None") -> None:
        self.dst, self.hasher, self.size = dst, hasher, 0

    def write(self, buffer: bytes | memoryview, /) -> int:
        view = memoryview(buffer)
        stream.write_all(self.dst, view)
        if self.hasher:
            self.hasher.update(view)
        self.size += len(view)
        return len(view)

    def digest(self) -> bytes | None:
        return self.hasher.digest() if self.hasher else None
