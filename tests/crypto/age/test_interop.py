"""Our files open elsewhere, and theirs here."""

import hashlib
import random
import shutil
import subprocess

import pyrage
import pytest

from crypto.age import decrypt, decrypt_file, encrypt, encrypt_file, generate_identity, recipient_of

SIZES = [0, 1, 65535, 65536, 65537, 131072, 131073, 1 << 20, (1 << 20) + 1]
LARGE = 200 << 20
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="Debian's age is not installed")


def sample(size):
    return random.Random(size).randbytes(size)


def age(*args, feed):
    return subprocess.run([AGE, *args], input=feed, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture
def identity():
    return generate_identity()


@pytest.fixture
def identity_file(identity, tmp_path):
    path = tmp_path / "identity.txt"
    path.write_text(identity + "\n")
    return str(path)


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_opens_what_we_seal(identity, size):
    sealed = encrypt(sample(size), recipients=[recipient_of(identity)])
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]) == sample(size)


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_pyrage_seals(identity, size):
    recipient = pyrage.x25519.Recipient.from_str(recipient_of(identity))
    assert decrypt(pyrage.encrypt(sample(size), [recipient]), identities=[identity]) == sample(size)


@needs_age
@pytest.mark.parametrize("size", SIZES)
def test_age_opens_what_we_seal(identity_file, identity, size):
    sealed = encrypt(sample(size), recipients=[recipient_of(identity)])
    assert age("-d", "-i", identity_file, feed=sealed) == sample(size)


@needs_age
@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_age_seals(identity, size):
    sealed = age("-r", recipient_of(identity), feed=sample(size))
    assert decrypt(sealed, identities=[identity]) == sample(size)


def test_keys_are_spelled_as_pyrage_spells_them():
    theirs = pyrage.x25519.Identity.generate()
    assert recipient_of(str(theirs)) == str(theirs.to_public())


@pytest.fixture
def large(tmp_path):
    block = random.Random(7).randbytes(1 << 20)
    path = tmp_path / "large"
    with path.open("wb") as out:
        for turn in range(LARGE >> 20):
            out.write(turn.to_bytes(8, "big") + block[8:])
    return path


def digest(path):
    with path.open("rb") as src:
        return hashlib.file_digest(src, "sha256").digest()


@needs_age
def test_age_opens_200_mib_sealed_here(identity, identity_file, large, tmp_path):
    sealed, opened = tmp_path / "sealed.age", tmp_path / "opened"
    with large.open("rb") as src, sealed.open("wb") as dst:
        written = encrypt_file(src, dst, recipients=[recipient_of(identity)], hashing=True)
    subprocess.run([AGE, "-d", "-i", identity_file, "-o", opened, sealed], check=True, timeout=60)
    assert digest(opened) == digest(large)
    assert (written.size, written.sha256) == (sealed.stat().st_size, digest(sealed))


def test_we_open_200_mib_sealed_by_pyrage(identity, large, tmp_path):
    sealed, opened = tmp_path / "sealed.age", tmp_path / "opened"
    recipient = pyrage.x25519.Recipient.from_str(recipient_of(identity))
    pyrage.encrypt_file(str(large), str(sealed), [recipient])
    with sealed.open("rb") as src, opened.open("wb") as dst:
        decrypt_file(src, dst, identities=[identity])
    assert digest(opened) == digest(large)
