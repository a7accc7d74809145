"""The public age testkit: every vector of the kinds that this core supports."""

import hashlib
import io
import zlib
from dataclasses import dataclass

from crypto.age import Passphrase, SealedFile, dearmor, decrypt_file
from crypto.errors import (
    ArmorMalformed,
    CryptoError,
    HeaderForged,
    HeaderMalformed,
    NoIdentityMatched,
    SealBroken,
)
from tests.vectors import age_testkit

OUTCOMES = {
    "header failure": HeaderMalformed,
    "armor failure": ArmorMalformed,
    "no match": NoIdentityMatched,
    "HMAC failure": HeaderForged,
    "payload failure": SealBroken,
}
SUPPORTED = 143 - 19  # all but those for a hybrid post-quantum identity
# A reader that learns only after a full chunk that it was, or was not, the last has released it by then.
# This one looks ahead: it releases only the chunks before, so many bytes.
CAUTIOUS = {
    "armor_garbage_encoded": 0,
    "stream_no_final_full": 0,
    "stream_no_final_two_chunks_full": 65536,
    "stream_trailing_garbage_long": 0,
    "stream_trailing_garbage_short": 0,
    "stream_two_final_chunks": 0,
    "stream_two_final_chunks_full": 0,
    "stream_two_final_chunks_second": 65536,
}


@dataclass
class Vector:
    expect: str
    payload: str | None
    identities: list
    armored: bool
    sealed: bytes


def vectors():
    """Read when the test runs, so that collecting needs no registry."""
    return {name: vector for name, raw in age_testkit().items() if (vector := parse(raw)) is not None}


def parse(raw):
    head, _, sealed = raw.partition(b"\n\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\n")]
    fields = dict(lines)
    identities = [text for key, text in lines if key == "identity"]
    if any(text.startswith("AGE-SECRET-KEY-PQ-") for text in identities):
        return None
    identities += [Passphrase(text) for key, text in lines if key == "passphrase"]
    sealed = zlib.decompress(sealed) if "compressed" in fields else sealed
    return Vector(fields["expect"], fields.get("payload"), identities, "armored" in fields, sealed)


def run(vector, out):
    sealed = dearmor(vector.sealed) if vector.armored else vector.sealed
    decrypt_file(io.BytesIO(sealed), out, identities=vector.identities)


def outcome(vector, out):
    try:
        run(vector, out)
    except CryptoError as error:
        return type(error)
    return None


def test_every_supported_vector_ends_as_the_testkit_says():
    found = vectors()
    assert len(found) == SUPPORTED
    wrong = {}
    for name, vector in found.items():
        out = io.BytesIO()
        ended = outcome(vector, out)
        if ended is not OUTCOMES.get(vector.expect):
            wrong[name] = (vector.expect, ended)
    assert wrong == {}


def test_nothing_but_the_genuine_plaintext_is_released():
    wrong = {}
    for name, vector in vectors().items():
        out = io.BytesIO()
        outcome(vector, out)
        released = out.getvalue()
        if name in CAUTIOUS:
            assert len(released) == CAUTIOUS[name], name
        elif vector.payload is not None and hashlib.sha256(released).hexdigest() != vector.payload:
            wrong[name] = len(released)
    assert wrong == {}


def sought(vector):
    """The digest of what the seekable reader gives, or the refusal."""
    try:
        whole = io.BufferedReader(SealedFile(io.BytesIO(vector.sealed), vector.identities)).read()
    except CryptoError as error:
        return type(error)
    return hashlib.sha256(whole).hexdigest()


def test_the_seekable_reader_gives_the_same_bytes_or_the_same_refusal():
    for name, vector in vectors().items():
        if not vector.armored:
            assert sought(vector) == OUTCOMES.get(vector.expect, vector.payload), name
