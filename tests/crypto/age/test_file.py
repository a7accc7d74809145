import contextlib
import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age import (
    Passphrase,
    SealedFile,
    Stanza,
    decrypt,
    decrypt_file,
    encrypt,
    encrypt_file,
    generate_identity,
    payload_size,
    read_header,
    recipient_of,
)
from crypto.age.header import MAX_STANZAS, Header
from crypto.errors import CryptoError, HeaderForged, HeaderMalformed, NoIdentityMatched, SealBroken

IDENTITY = generate_identity()
RECIPIENT = recipient_of(IDENTITY)
OTHER = generate_identity()
CHUNK = 65536
PLAIN = bytes(range(256)) * 600  # two chunks and a part of the third
BIND = Stanza(("qifeng.example/bind-v1", "x" * 43))
SEALED = encrypt(PLAIN, recipients=[RECIPIENT], extra_stanzas=[BIND])
HEADER = read_header(io.BytesIO(SEALED))


@given(st.integers(0, len(HEADER.raw) - 1), st.integers(1, 255))
@settings(max_examples=400, deadline=None)
def test_a_changed_byte_in_the_header_never_opens(at, change):
    broken = bytearray(SEALED)
    broken[at] ^= change
    with pytest.raises((HeaderMalformed, HeaderForged, NoIdentityMatched)):
        decrypt(bytes(broken), identities=[IDENTITY])


@given(st.integers(len(HEADER.raw), len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_a_changed_byte_in_the_payload_never_opens(at, change):
    broken = bytearray(SEALED)
    broken[at] ^= change
    with pytest.raises(SealBroken):
        decrypt(bytes(broken), identities=[IDENTITY])


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_a_header_or_a_named_refusal(raw):
    with contextlib.suppress(HeaderMalformed):
        read_header(io.BytesIO(b"age-encryption.org/v1\n-> " + raw))


@pytest.mark.parametrize("cut", [1, 16, 17, CHUNK, CHUNK + 16, len(SEALED) - len(HEADER.raw) - 1])
def test_a_file_cut_short_is_broken_or_malformed(cut):
    with pytest.raises((SealBroken, HeaderMalformed)):
        decrypt(SEALED[:-cut], identities=[IDENTITY])


def test_a_swapped_pair_of_chunks_is_broken():
    start, size = len(HEADER.raw) + 16, CHUNK + 16
    first, second = SEALED[start : start + size], SEALED[start + size : start + 2 * size]
    with pytest.raises(SealBroken):
        decrypt(SEALED[:start] + second + first + SEALED[start + 2 * size :], identities=[IDENTITY])


def test_the_foreign_stanza_is_kept_and_covered_by_the_mac():
    assert HEADER.stanzas[0] == BIND
    forged = SEALED.replace(b"x" * 43, b"y" * 43)
    with pytest.raises(HeaderForged):
        decrypt(forged, identities=[IDENTITY])


def test_a_payload_under_another_files_header_is_broken():
    other = encrypt(b"another", recipients=[RECIPIENT])
    spliced = HEADER.raw + other[len(read_header(io.BytesIO(other)).raw) :]
    with pytest.raises(SealBroken):
        decrypt(spliced, identities=[IDENTITY])


def test_a_two_faced_file_opens_to_one_of_its_faces_only():
    mine, theirs = bytes(16), bytes([1]) * 16
    from crypto.age.wrap import wrap

    stanzas = (wrap(mine, RECIPIENT), wrap(theirs, recipient_of(OTHER)))
    raw = Header.sealed(stanzas, mine).raw + SEALED[len(HEADER.raw) :]
    with pytest.raises(HeaderForged):
        decrypt(raw, identities=[OTHER])


def test_a_stranger_opens_nothing():
    with pytest.raises(NoIdentityMatched):
        decrypt(SEALED, identities=[OTHER, Passphrase("x")])


def test_one_of_several_recipients_is_enough():
    sealed = encrypt(b"x", recipients=[RECIPIENT, recipient_of(OTHER)])
    assert decrypt(sealed, identities=[OTHER]) == decrypt(sealed, identities=[IDENTITY]) == b"x"


def test_a_passphrase_file_opens_by_its_passphrase_alone():
    sealed = encrypt(b"x", recipients=[Passphrase("正确的口令", work_factor=10)])
    assert decrypt(sealed, identities=[Passphrase("正确的口令")]) == b"x"
    with pytest.raises(NoIdentityMatched):
        decrypt(sealed, identities=[Passphrase("错误的口令")])


@pytest.mark.parametrize("recipients", [[], [Passphrase("x", 10), RECIPIENT], [Passphrase("x", 10)] * 2])
def test_no_recipient_or_a_passphrase_in_company_is_refused(recipients):
    with pytest.raises(HeaderMalformed):
        encrypt(b"", recipients=recipients)


@pytest.mark.parametrize(("count", "readable"), [(MAX_STANZAS, True), (MAX_STANZAS + 1, False)])
def test_a_header_holds_at_most_128_stanzas(count, readable):
    raw = Header.sealed((Stanza(("x",)),) * count, bytes(16)).raw
    if readable:
        assert len(read_header(io.BytesIO(raw)).stanzas) == count
    else:
        with pytest.raises(HeaderMalformed):
            read_header(io.BytesIO(raw))


def test_a_header_without_an_end_is_refused_before_it_fills_the_memory():
    class Endless(io.BytesIO):
        asked = 0

        def readline(self, limit=-1, /):
            assert 0 <= limit <= 64 * 1024
            self.asked += limit
            return super().readline(limit)

    src = Endless(b"age-encryption.org/v1\n-> x\n" + (b"A" * 64 + b"\n") * 10_000)
    with pytest.raises(HeaderMalformed):
        read_header(src)
    assert src.tell() <= 64 * 1024


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 131073])
def test_the_size_is_told_without_a_key(size):
    sealed = encrypt(bytes(size), recipients=[RECIPIENT])
    assert payload_size(read_header(io.BytesIO(sealed)), len(sealed)) == size


@pytest.mark.parametrize("surplus", range(1, 17))
def test_a_size_that_no_plaintext_gives_is_broken(surplus):
    sealed = encrypt(bytes(CHUNK), recipients=[RECIPIENT])
    with pytest.raises(SealBroken):
        payload_size(read_header(io.BytesIO(sealed)), len(sealed) + surplus)


def test_sources_that_give_a_few_bytes_at_a_time_are_read_to_their_end():
    class Slow(io.BytesIO):
        def readinto(self, buffer, /):
            return super().readinto(memoryview(buffer)[:7001])

    out = io.BytesIO()
    encrypt_file(Slow(PLAIN), out, recipients=[RECIPIENT])
    opened = io.BytesIO()
    decrypt_file(Slow(out.getvalue()), opened, identities=[IDENTITY])
    assert opened.getvalue() == PLAIN


def test_progress_counts_up_to_the_whole():
    heard = []
    encrypt_file(
        io.BytesIO(bytes((1 << 20) + 1)), io.BytesIO(), recipients=[RECIPIENT], on_progress=heard.append
    )
    assert heard == [1 << 20, (1 << 20) + 1]


@given(st.integers(0, len(PLAIN) + 10), st.integers(0, len(PLAIN) + 10))
@settings(max_examples=60, deadline=None)
def test_any_part_is_read_from_its_place(offset, size):
    assert SealedFile(io.BytesIO(SEALED), [IDENTITY]).read_at(offset, size) == PLAIN[offset : offset + size]


def test_only_the_chunks_that_are_touched_are_deciphered():
    broken = bytearray(SEALED)
    broken[len(HEADER.raw) + 16 + 10] ^= 1  # in the first chunk
    reader = SealedFile(io.BytesIO(broken), [IDENTITY])
    assert reader.read_at(CHUNK, 9) == PLAIN[CHUNK : CHUNK + 9]
    with pytest.raises(SealBroken):
        reader.read_at(CHUNK - 1, 1)


def test_a_seekable_reader_refuses_a_shortened_file_at_once():
    end = len(HEADER.raw) + 16 + 2 * (CHUNK + 16)
    with pytest.raises(SealBroken):
        SealedFile(io.BytesIO(SEALED[:end]), [IDENTITY])


PEAK = """
import resource, sys
from crypto.age import *
class Zeros:
    def __init__(self, size): self.left = size
    def readinto(self, view):
        done = min(self.left, len(view)); self.left -= done; return done
class Hole:
    def write(self, view): return len(view)
encrypt_file(Zeros(int(sys.argv[1]) << 20), Hole(), recipients=[recipient_of(generate_identity())])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_stays_flat_however_large_the_file():
    def peak(mebibytes):
        command = [sys.executable, "-c", PEAK, str(mebibytes)]
        return int(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    assert peak(256) - peak(1) < 4 * 1024  # KiB


def test_crypto_errors_are_one_family():
    for error in (HeaderMalformed, HeaderForged, NoIdentityMatched, SealBroken):
        assert issubclass(error, CryptoError)
