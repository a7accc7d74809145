from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError, NotCanonical, NoteInvalid, ProofInvalid
from crypto.policy import Policy
from crypto.proofs import parse_proof, verify_proof
from tests.crypto.log.makers import BLIND, ENTRY, NOON, ORIGIN, cosigner, log_signer, proof_in

POLICY = Policy.threshold(log_signer().vkey, [cosigner().vkey], 1)
LOG_ONLY = Policy(logs=(log_signer().vkey,))


def cosigned(proof):
    return replace(proof, note=proof.note.signed_also(cosigner().cosign(proof.note.text, at=NOON)))


def test_a_proof_shows_its_entry_and_who_attested_it():
    leaf = verify_proof(str(cosigned(proof_in(37, 20))), POLICY)
    assert (leaf.entry, leaf.index, leaf.checkpoint.size) == (ENTRY, 20, 37)
    assert leaf.cosigned == {cosigner().name: NOON}
    assert leaf.checkpoint.origin == ORIGIN


def test_every_leaf_of_small_trees_is_proved_through_its_text():
    for size in range(1, 18):
        for index in range(size):
            proof = proof_in(size, index)
            assert parse_proof(str(proof)) == proof
            assert verify_proof(str(proof), LOG_ONLY).index == index


def test_the_file_has_the_lines_of_the_specification():
    lines = str(proof_in(4, 1)).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert b64decode(lines[1].removeprefix("extra "))[:16] == BLIND
    assert (lines[2], lines[5], lines[6], lines[7]) == ("index 1", "", ORIGIN, "4")


def test_a_proof_without_the_witness_is_refused_where_one_is_asked_for():
    with pytest.raises(NoteInvalid, match="too few"):
        verify_proof(str(proof_in(37, 20)), POLICY)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 19},
        {"index": 37},
        {"path": ()},
        {"extra": bytes(16) + proof_in(37, 20).extra[16:]},
        {"extra": BLIND + b'{"kind":"bid.received","seq":4,"stream":"tender/T-1"}'},
        {"extra": BLIND},
        {"extra": b""},
        {"note": proof_in(38, 20).note},
    ],
)
def test_a_proof_of_something_else_fails(change):
    with pytest.raises(ProofInvalid):
        verify_proof(replace(proof_in(37, 20), **change), LOG_ONLY)


def test_a_leaf_that_does_not_spell_an_entry_is_refused():
    with pytest.raises(NotCanonical):
        verify_proof(proof_in(3, 1, entry=["no", "object"]), LOG_ONLY)


TEXT = str(cosigned(proof_in(21, 8)))


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
@settings(max_examples=400, deadline=None)
def test_no_single_character_can_be_changed(at, character):
    forged = TEXT[:at] + character + TEXT[at + 1 :]
    if forged != TEXT:
        # Lines of unknown keys are ignored, as the specification demands: so both signers are asked for.
        with pytest.raises(CryptoError):
            verify_proof(forged, POLICY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("extra ", "extra  "),
        TEXT.replace("index 8", "index 08"),
        "\n".join(line for line in TEXT.split("\n") if not line.startswith("extra")),
        TEXT.replace("index 8\n", "index 8\n" + (b64encode(bytes(32)).decode() + "\n") * 64),
        TEXT[:-1],
        TEXT + "\n",
    ],
)
def test_what_is_not_a_proof_is_refused(text):
    with pytest.raises((ProofInvalid, NoteInvalid)):
        verify_proof(text, POLICY)
