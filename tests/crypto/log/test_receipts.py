import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates import Profile, Subject
from crypto.checkpoints import parse_checkpoint
from crypto.errors import CryptoError, NoteInvalid, ProofInvalid, TimestampInvalid
from crypto.jcs import canonical
from crypto.receipts import Promise, Receipt, parse_receipt, promise, replaces, stamp_digest, verify_receipt
from crypto.timestamps import request, token_of
from crypto.trust import Trust
from crypto.tsa import TimestampAuthority
from tests.crypto.certificates.makers import NOON as STAMPED
from tests.crypto.certificates.makers import SECOND, House
from tests.crypto.log.makers import BLIND, ENTRY, NOON, cosigner, log_signer, proof_in

WITNESSES = [cosigner(f"w{n}.example") for n in range(3)]


@dataclass(frozen=True)
class Kept:
    text: str = canonical(ENTRY).decode()
    blind: bytes = BLIND


def trust(**more):
    keys = tuple(str(one.vkey) for one in WITNESSES)
    return Trust(log_vkey=str(log_signer().vkey), **{"witnesses": keys, "quorum": 2} | more)


def proof(*, witnesses=2):
    made = proof_in(24, 9)
    lines = [one.cosign(made.note.text, at=NOON) for one in WITNESSES[:witnesses]]
    return replace(made, note=made.note.signed_also(*lines))


def test_a_bare_proof_is_a_receipt():
    shown = verify_receipt(str(proof()), trust())
    assert (shown.entry, shown.leaf.index, shown.promised_at, shown.stamped_at) == (ENTRY, 9, None, None)
    assert shown.leaf.cosigned == {"w0.example": NOON, "w1.example": NOON}


def test_a_receipt_survives_its_json_form():
    receipt = Receipt(proof(), b"token")
    assert parse_receipt(receipt.dumps()) == receipt
    assert verify_receipt(Receipt(proof()).dumps(), trust()).entry == ENTRY


def test_a_receipt_with_too_few_witnesses_is_refused():
    with pytest.raises(NoteInvalid, match="too few"):
        verify_receipt(Receipt(proof(witnesses=1)), trust())


def test_a_promise_says_what_and_when_but_proves_no_leaf():
    raw = promise(Kept(), signer=log_signer(), at=NOON + timedelta(microseconds=5)).dumps()
    shown = verify_receipt(raw, trust())
    assert (shown.entry, shown.promised_at) == (ENTRY, NOON + timedelta(microseconds=5))
    assert shown.leaf is None


def test_a_proof_replaces_its_promise():
    promised = verify_receipt(promise(Kept(), signer=log_signer(), at=NOON), trust())
    receipt = verify_receipt(Receipt(proof()), trust())
    replaces(receipt, promised)
    with pytest.raises(ProofInvalid, match="does not replace"):
        replaces(promised, promised)
    other = promise(Kept(blind=bytes(16)), signer=log_signer(), at=NOON)
    with pytest.raises(ProofInvalid, match="another entry"):
        replaces(receipt, verify_receipt(other, trust()))


def test_a_promise_by_a_stranger_or_of_something_else_is_refused():
    made = promise(Kept(), signer=log_signer(), at=NOON)
    stranger = promise(Kept(), signer=log_signer("stranger.example"), at=NOON)
    with pytest.raises(NoteInvalid):
        verify_receipt(stranger, trust())
    with pytest.raises(ProofInvalid, match="another entry"):
        verify_receipt(Promise(made.note, bytes(16) + made.extra[16:]), trust())


def test_what_the_log_signs_for_one_purpose_serves_no_other():
    made = promise(Kept(), signer=log_signer(), at=NOON)
    with pytest.raises(NoteInvalid):
        parse_checkpoint(made.note.text)
    checkpoint = log_signer().sign(proof().note.text)
    with pytest.raises(NoteInvalid, match="not a promise"):
        verify_receipt(Promise(checkpoint, made.extra), trust())


@pytest.mark.parametrize(
    "text",
    [
        "x\nlog.example/qifeng\nAAAA\n2026-11-23T04:00:00.000000Z\n",
        "qifeng.example/promise/v1\nother.example\nAAAA\n2026-11-23T04:00:00.000000Z\n",
        "qifeng.example/promise/v1\nlog.example/qifeng\nAAAA\n",
        "qifeng.example/promise/v1\n",
    ],
)
def test_other_notes_of_the_log_are_no_promises(text):
    extra = BLIND + canonical(ENTRY)
    with pytest.raises(NoteInvalid, match="not a promise"):
        verify_receipt(Promise(log_signer().sign(text), extra), trust())


def test_a_promise_without_an_instant_is_refused():
    made = promise(Kept(), signer=log_signer(), at=NOON)
    text = made.note.text.replace("2026-11-23T", "yesterday ")
    with pytest.raises(NoteInvalid, match="instant"):
        verify_receipt(Promise(log_signer().sign(text), made.extra), trust())


@pytest.fixture(scope="module")
def house():
    return House()


@pytest.fixture(scope="module")
def tsa(house):
    return TimestampAuthority(house.leaf(Profile.TSA, Subject(name="示例时间戳服务")))


def pem(*certificates):
    return tuple(one.public_bytes(Encoding.PEM).decode() for one in certificates)


def stamped(tsa, digest):
    asked = request(digest)
    return token_of(tsa.stamp(asked, now=STAMPED, serial=7), asked)


def test_a_time_stamp_bounds_the_checkpoint(house, tsa):
    receipt = Receipt(proof(), stamped(tsa, stamp_digest(proof().checkpoint)))
    roots = pem(house.root.certificate, house.issuing.certificate)
    assert verify_receipt(receipt.dumps(), trust(tsa_roots_pem=roots)).stamped_at == STAMPED + SECOND


def test_a_time_stamp_that_is_there_must_be_good(house, tsa):
    roots = pem(house.root.certificate, house.issuing.certificate)
    foreign = pem(House("另一示例").root.certificate)
    good = stamped(tsa, stamp_digest(proof().checkpoint))
    for token, known in ((stamped(tsa, bytes(32)), roots), (good, foreign), (good, ()), (b"no token", roots)):
        with pytest.raises(TimestampInvalid):
            verify_receipt(Receipt(proof(), token), trust(tsa_roots_pem=known))


GOOD = json.loads(Receipt(proof(), b"token").dumps())
WORD = json.loads(promise(Kept(), signer=log_signer(), at=NOON).dumps())


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{}",
        "[]",
        "null",
        "c2sp.org/tlog-proof@v1",
        json.dumps(GOOD | {"v": "qifeng-receipt/2"}),
        json.dumps(GOOD | {"proof": 7}),
        json.dumps(GOOD | {"proof": "no proof"}),
        json.dumps(GOOD | {"token": 7}),
        json.dumps(GOOD | {"token": "not base64!"}),
        json.dumps({"v": GOOD["v"], "proof": GOOD["proof"]}),
        json.dumps(WORD | {"note": None}),
        json.dumps(WORD | {"extra": ""}),
        json.dumps(WORD | {"extra": b64encode(b64decode(WORD["extra"])[:16]).decode()}),
        "[" * 100_000,
    ],
)
def test_what_is_no_receipt_is_refused(raw):
    with pytest.raises(CryptoError):
        verify_receipt(raw, trust())
