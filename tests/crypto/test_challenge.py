import dataclasses
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from crypto import jcs
from crypto.challenge import LOGIN, Challenge, issue_challenge, verify_answer
from crypto.errors import ChallengeExpired, SignatureInvalid
from tests.crypto.certificates.makers import NOON, House

DOMAIN = "tender.example"
TICK = timedelta(microseconds=1)
SHA256 = hashes.SHA256()


@pytest.fixture(scope="module")
def bidder():
    return House().leaf()


def certify(key):
    """A bare certificate of *key*; whether it is trusted is not the challenge's question."""
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOON, NOON + timedelta(days=1))
    return builder.sign(key, SHA256)


def ask(purpose=LOGIN):
    return issue_challenge(DOMAIN, purpose, now=NOON)


def answer(challenge, holder):
    return holder.key.sign(challenge.message(), ec.ECDSA(SHA256))


def raw(signature):
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))


@pytest.mark.parametrize("form", [bytes, raw])
def test_an_ecdsa_answer_is_taken_as_der_and_as_browsers_write_it(bidder, form):
    challenge = ask()
    verify_answer(challenge, form(answer(challenge, bidder)), bidder.certificate, now=NOON)


@pytest.mark.parametrize(
    "scheme",
    [
        padding.PKCS1v15(),
        padding.PSS(padding.MGF1(SHA256), 32),
        padding.PSS(padding.MGF1(SHA256), padding.PSS.MAX_LENGTH),
    ],
)
def test_an_rsa_answer_is_taken_in_both_paddings(scheme):
    key = rsa.generate_private_key(65537, 2048)
    challenge = ask()
    signature = key.sign(challenge.message(), scheme, SHA256)
    verify_answer(challenge, signature, certify(key), now=NOON)
    with pytest.raises(SignatureInvalid):
        verify_answer(ask(), signature, certify(key), now=NOON)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=120)])
def test_an_answer_counts_up_to_the_last_instant(bidder, after):
    challenge = ask()
    verify_answer(challenge, answer(challenge, bidder), bidder.certificate, now=NOON + after)


@pytest.mark.parametrize("after", [-TICK, timedelta(seconds=120) + TICK])
def test_an_answer_out_of_its_time_is_refused(bidder, after):
    challenge = ask()
    with pytest.raises(ChallengeExpired):
        verify_answer(challenge, answer(challenge, bidder), bidder.certificate, now=NOON + after)


@pytest.mark.parametrize(
    "change",
    [
        {"domain": "other.example"},
        {"purpose": "step-up:bid.submit"},
        {"purpose": "confirm:" + "0" * 64},
        {"nonce": "0" * 32},
        {"expires_at": NOON + timedelta(hours=1)},
        {"issued_at": NOON - timedelta(hours=1)},
    ],
)
def test_an_answer_to_one_question_is_none_to_another(bidder, change):
    challenge = ask()
    other = dataclasses.replace(challenge, **change)
    with pytest.raises(SignatureInvalid):
        verify_answer(other, answer(challenge, bidder), bidder.certificate, now=NOON)


@pytest.mark.parametrize("damage", [b"", b"\x30", b"\x00" * 64, b"\xff" * 64, b"\x00" * 71])
def test_nonsense_is_no_signature(bidder, damage):
    with pytest.raises(SignatureInvalid):
        verify_answer(ask(), damage, bidder.certificate, now=NOON)


def test_anothers_certificate_does_not_answer(bidder):
    challenge = ask()
    with pytest.raises(SignatureInvalid):
        verify_answer(challenge, answer(challenge, bidder), House().leaf().certificate, now=NOON)


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 1024)]
)
def test_other_kinds_of_key_are_not_heard(key):
    challenge = ask()
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(challenge.message(), padding.PKCS1v15(), SHA256)
    else:
        signature = key.sign(challenge.message(), ec.ECDSA(SHA256))
    with pytest.raises(SignatureInvalid, match="neither"):
        verify_answer(challenge, signature, certify(key), now=NOON)


def test_two_questions_are_never_the_same():
    assert ask().nonce != ask().nonce


@pytest.mark.parametrize("purpose", ["", "Login", "login ", "step-up:", "confirm:abc", "confirm:" + "A" * 64])
def test_a_purpose_of_another_form_is_a_mistake_of_the_caller(purpose):
    with pytest.raises(ValueError, match="purpose"):
        ask(purpose)


def test_the_message_is_canonical_json_and_reads_back():
    challenge = ask("confirm:" + "ab" * 32)
    assert jcs.parse(challenge.message())["expires_at"] == "2026-03-02T04:02:00.000000Z"
    assert Challenge.parse(challenge.message()) == challenge


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"v": 2}, {"purpose": "x"}, {"issued_at": 3}, {"domain": None}]
)
def test_a_message_that_is_not_ours_to_the_byte_does_not_read_back(change):
    value = jcs.parse(ask().message()) | change
    with pytest.raises(SignatureInvalid, match="not a challenge"):
        Challenge.parse(jcs.canonical(value))


@pytest.mark.parametrize("message", [b"", b"[]", b"{}", b"\xff", b"null"])
def test_nonsense_is_no_challenge(message):
    with pytest.raises(SignatureInvalid, match="not a challenge"):
        Challenge.parse(message)
