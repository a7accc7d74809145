"""The payload: 64 KiB chunks of ChaCha20-Poly1305, counted, the last one marked (STREAM).

One buffer for each side is allocated and used again: a fresh page costs more than ciphering it.
"""

from collections.abc import Callable
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.errors import SealBroken

CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE_SIZE = 16
BATCH = 16  # chunks read and written at once: 1 MiB

Progress = Callable[[int], None]


class Source(Protocol):
    """What bytes are read from: a file opened for reading, raw or buffered."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, buffer: Any, /) -> int | None: ...


def payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """The cipher of a payload that begins with *nonce* (16 bytes)."""
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(file_key))


def chunk_nonce(index: int, *, last: bool) -> bytes:
    """Eleven bytes of counter and one that marks the end."""
    return (index << 8 | last).to_bytes(12, "big")


def seal(src: Source, dst: Sink, cipher: ChaCha20Poly1305, on_progress: Progress | None = None) -> int:
    """Encrypt all of *src* into *dst*; the number of plaintext bytes."""
    return _pump(src, dst, _Sealing(cipher), on_progress)


def unseal(src: Source, dst: Sink, cipher: ChaCha20Poly1305, on_progress: Progress | None = None) -> int:
    """Decrypt all of *src* into *dst*; the number of ciphertext bytes.

    Raises SealBroken where the first altered, missing or surplus byte shows; what was written until
    then is genuine.
    """
    return _pump(src, dst, _Unsealing(cipher), on_progress)


class _Transform(Protocol):
    taken: int  # bytes of an incoming chunk
    given: int  # bytes of an outgoing one

    def __call__(self, index: int, chunk: memoryview, out: memoryview, *, last: bool) -> int: ...


class _Sealing:
    taken, given = CHUNK, SEALED_CHUNK

    def __init__(self, cipher: ChaCha20Poly1305) -> None:
        self.cipher = cipher

    def __call__(self, index: int, chunk: memoryview, out: memoryview, *, last: bool) -> int:
        return self.cipher.encrypt_into(chunk_nonce(index, last=last), chunk, None, out[: len(chunk) + TAG])


class _Unsealing:
    taken, given = SEALED_CHUNK, CHUNK

    def __init__(self, cipher: ChaCha20Poly1305) -> None:
        self.cipher = cipher

    def __call__(self, index: int, chunk: memoryview, out: memoryview, *, last: bool) -> int:
        return unseal_chunk(self.cipher, index, chunk, out, last=last)


def unseal_chunk(
    cipher: ChaCha20Poly1305, index: int, chunk: memoryview, out: memoryview, *, last: bool
) -> int:
    """Decrypt chunk *index* into the head of *out*; the number of bytes. Raises SealBroken."""
    size = len(chunk) - TAG
    if size < 0 or (size == 0 and index):
        raise SealBroken(f"chunk {index} is cut short")
    try:
        return cipher.decrypt_into(chunk_nonce(index, last=last), chunk, None, out[:size])
    except InvalidTag:
        raise SealBroken(f"chunk {index} is altered, or is not the last as it should be") from None


def _pump(src: Source, dst: Sink, transform: _Transform, on_progress: Progress | None) -> int:
    """Run every chunk through *transform*. One byte read ahead tells the last chunk from the others."""
    full = BATCH * transform.taken
    batch = memoryview(bytearray(full + 1))
    out = memoryview(bytearray(BATCH * transform.given))
    have = index = total = 0
    while True:
        have += fill(src, batch[have:])
        _turn(batch[: min(have, full)], dst, out, transform, index, ends=have <= full)
        total += min(have, full)
        if on_progress:
            on_progress(total)
        if have <= full:
            return total
        batch[0], have, index = batch[full], 1, index + BATCH


def _turn(
    batch: memoryview, dst: Sink, out: memoryview, transform: _Transform, index: int, *, ends: bool
) -> None:
    step, done = transform.taken, 0
    try:
        for at in range(0, max(len(batch), 1), step):
            last = ends and at + step >= len(batch)
            done += transform(index + at // step, batch[at : at + step], out[done:], last=last)
    finally:  # the genuine head of a broken batch is released too, as chunk by chunk it would be
        write_all(dst, out[:done])


def fill(src: Source, buffer: memoryview) -> int:
    """Read until *buffer* is full or *src* ends; the number of bytes read."""
    done = 0
    while done < len(buffer):
        got = src.readinto(buffer[done:])
        if not got:
            break
        done += got
    return done


def write_all(dst: Sink, view: memoryview) -> None:
    """Write all of *view*, also to a raw file that takes a part at a time."""
    while view:
        view = view[dst.write(view) or 0 :]
