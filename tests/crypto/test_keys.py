import hashlib
import shutil
import subprocess

import pytest

from crypto.age import Passphrase, armor, encrypt, generate_identity, recipient_of
from crypto.envelope.layers import nest
from crypto.errors import KeyFileBroken, LivenessUnproven, NoIdentityMatched
from crypto.keys import (
    BidderKey,
    answer,
    check_answer,
    liveness_challenge,
    new_nonce,
    read_identity_file,
    read_key_file,
    write_identity_file,
    write_key_file,
)

PASSPHRASE = "一个够长的口令"
QUICK = 10


@pytest.fixture
def key():
    return BidderKey(
        tender_id="T-2026-0001",
        lot="1",
        statement_sha256="a1" * 32,
        identity=generate_identity(),
        recipients={name: recipient_of(generate_identity()) for name in ("sheet", "docs")},
    )


@pytest.fixture
def path(tmp_path, key):
    write_key_file(tmp_path / "bid.qfkey", key, PASSPHRASE, work_factor=QUICK)
    return tmp_path / "bid.qfkey"


def test_a_key_file_reads_back_under_its_passphrase(path, key):
    assert read_key_file(path, PASSPHRASE) == key
    assert read_key_file(path, PASSPHRASE).recipient == recipient_of(key.identity)


def test_a_key_file_is_for_its_owner_only_and_tells_nothing(path, key):
    assert path.stat().st_mode & 0o777 == 0o600
    assert key.tender_id.encode() not in path.read_bytes()
    assert key.identity not in repr(key)


def test_another_passphrase_opens_nothing(path):
    with pytest.raises(KeyFileBroken):
        read_key_file(path, PASSPHRASE + " ")


def test_a_key_file_is_never_written_over_another(path, key):
    with pytest.raises(FileExistsError):
        write_key_file(path, key, PASSPHRASE, work_factor=QUICK)


@pytest.mark.parametrize("at", [0, 40, 100, 200, 300, -40])
def test_a_damaged_key_file_is_broken(path, at):
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    with pytest.raises(KeyFileBroken):
        read_key_file(path, PASSPHRASE)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"[]",
        b"{}",
        b'"x"',
        b'{"type":"qifeng.example/key-v1"}',
        b'{"type":"other"}',
        b'{"identity":1,"lot":"1","recipients":{},"statement_sha256":"a","tender_id":"T","type":"qifeng.example/key-v1"}',
        b'{"identity":"x","lot":"1","recipients":[],"statement_sha256":"a","tender_id":"T","type":"qifeng.example/key-v1"}',
    ],
)
def test_a_passphrase_file_of_another_kind_is_no_key_file(tmp_path, plaintext):
    path = tmp_path / "other.qfkey"
    path.write_bytes(armor(encrypt(plaintext, recipients=[Passphrase(PASSPHRASE, QUICK)])))
    with pytest.raises(KeyFileBroken):
        read_key_file(path, PASSPHRASE)
    with pytest.raises(KeyFileBroken):
        read_identity_file(path, PASSPHRASE)


def test_a_huge_file_is_refused_unread(tmp_path):
    (tmp_path / "huge").write_bytes(bytes(100_000))
    with pytest.raises(KeyFileBroken, match="large"):
        read_key_file(tmp_path / "huge", PASSPHRASE)


def test_a_holders_identity_file_gives_the_key_of_its_recipient(tmp_path):
    recipient = write_identity_file(tmp_path / "holder.age", PASSPHRASE, work_factor=QUICK)
    assert recipient_of(read_identity_file(tmp_path / "holder.age", PASSPHRASE)) == recipient


def test_the_holder_of_the_key_and_nobody_else_answers_the_challenge():
    identity, nonce = generate_identity(), new_nonce()
    challenge = liveness_challenge(recipient_of(identity), nonce)
    check_answer(hashlib.sha256(nonce).digest(), answer(identity, challenge))
    with pytest.raises(NoIdentityMatched):
        answer(generate_identity(), challenge)


@pytest.mark.parametrize("answered", ["", "zz", "00" * 32, "龙"])
def test_a_guess_proves_nothing(answered):
    with pytest.raises(LivenessUnproven):
        check_answer(hashlib.sha256(new_nonce()).digest(), answered)


def test_nobody_is_talked_into_opening_a_layer_as_a_challenge():
    holder, bidder = generate_identity(), generate_identity()
    layer = nest(generate_identity(), layers=[recipient_of(holder)], bidder_recipient=recipient_of(bidder))
    with pytest.raises(LivenessUnproven):
        answer(holder, layer)
    with pytest.raises(LivenessUnproven):
        answer(holder, encrypt(new_nonce().hex().encode(), recipients=[recipient_of(holder)]))
    with pytest.raises(LivenessUnproven):
        answer(holder, bytes(100_000))


@pytest.mark.skipif(shutil.which("age") is None, reason="Debian's age is not installed")
def test_debians_age_reads_the_recipient_of_an_identity_it_opened(tmp_path):
    identity = generate_identity()
    (tmp_path / "id").write_text(identity + "\n")
    done = subprocess.run(["age-keygen", "-y", tmp_path / "id"], capture_output=True, check=True)
    assert done.stdout.decode().strip() == recipient_of(identity)
