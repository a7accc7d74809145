from dataclasses import replace

import pytest

from crypto import merkle
from crypto.checkpoints import Checkpoint
from crypto.cosign import verify_cosignature
from crypto.errors import NoteInvalid, ProofInvalid
from crypto.witness import (
    AddCheckpoint,
    FileMemory,
    OldSizeDiffers,
    Seen,
    ShortMemory,
    UnknownLog,
    Witness,
    parse_add_checkpoint,
)
from tests.crypto.log.makers import NOON, ORIGIN, cosigner, log_signer
from tests.crypto.log.trees import KeptNodes, leaf

TREE = KeptNodes(40)


def root_at(size):
    return merkle.root_of(leaf(n) for n in range(size))


def request(old, new, *, root=None):
    note = log_signer().sign(Checkpoint(ORIGIN, new, root or root_at(new)).text)
    return AddCheckpoint(old, tuple(merkle.consistency_path(old, new, TREE)), note)


@pytest.fixture(params=["short", "file"])
def witness(request, tmp_path):
    memory = ShortMemory() if request.param == "short" else FileMemory(tmp_path / "seen.json")
    return Witness(cosigner(), [log_signer().vkey], memory)


def test_a_witness_follows_a_log_that_grows(witness):
    for old, new in ((0, 8), (8, 8), (8, 23), (23, 40)):
        asked = request(old, new)
        line = witness.add_checkpoint(asked, at=NOON)
        assert verify_cosignature(asked.note.signed_also(line), witness.cosigner.vkey) == NOON
        assert witness.seen(ORIGIN) == Seen(new, root_at(new))


def test_a_witness_says_what_it_remembers(witness):
    witness.add_checkpoint(request(0, 16), at=NOON)
    for asked in (request(0, 24), request(8, 24), request(24, 30), request(8, 8)):
        with pytest.raises(OldSizeDiffers) as refused:
            witness.add_checkpoint(asked, at=NOON)
        assert refused.value.size == 16


def test_a_witness_never_cosigns_a_second_history(witness):
    witness.add_checkpoint(request(0, 16), at=NOON)
    for forged in (request(16, 24, root=leaf(1)), request(16, 16, root=leaf(1))):
        with pytest.raises(ProofInvalid):
            witness.add_checkpoint(forged, at=NOON)
    with pytest.raises(ProofInvalid):
        witness.add_checkpoint(replace(request(16, 24), path=()), at=NOON)
    assert witness.seen(ORIGIN) == Seen(16, root_at(16))


def test_a_witness_does_not_go_back(witness):
    witness.add_checkpoint(request(0, 16), at=NOON)
    with pytest.raises(ProofInvalid):
        witness.add_checkpoint(replace(request(0, 8), old=16), at=NOON)


def test_a_witness_listens_to_its_logs_alone(witness):
    text = Checkpoint("other.example", 8, root_at(8)).text
    with pytest.raises(UnknownLog):
        witness.add_checkpoint(AddCheckpoint(0, (), log_signer("other.example").sign(text)), at=NOON)
    forged = log_signer("other.example").sign(request(0, 8).note.text)
    with pytest.raises(NoteInvalid):
        witness.add_checkpoint(AddCheckpoint(0, (), forged), at=NOON)
    assert witness.seen(ORIGIN) == Seen()


def test_a_witness_that_restarts_remembers(tmp_path):
    path = tmp_path / "seen.json"
    Witness(cosigner(), [log_signer().vkey], FileMemory(path)).add_checkpoint(request(0, 8), at=NOON)
    again = Witness(cosigner(), [log_signer().vkey], FileMemory(path))
    assert again.seen(ORIGIN) == Seen(8, root_at(8))
    with pytest.raises(OldSizeDiffers):
        again.add_checkpoint(request(0, 16), at=NOON)


def test_a_witness_with_a_broken_memory_stops(tmp_path):
    (tmp_path / "seen.json").write_text('{"log')
    with pytest.raises(ValueError, match="Unterminated"):
        Witness(cosigner(), [log_signer().vkey], FileMemory(tmp_path / "seen.json")).add_checkpoint(
            request(0, 8), at=NOON
        )


def test_a_request_is_read_as_it_was_written():
    for asked in (request(0, 8), request(9, 37)):
        assert parse_add_checkpoint(str(asked)) == asked


@pytest.mark.parametrize(
    "text",
    ["", "old 3", "new 3\n\n" + str(request(0, 8).note), "old 03\n\n" + str(request(0, 8).note),
     "old 3\n!!\n\n" + str(request(0, 8).note), "old 3\n" + "AAAA\n" * 64 + "\n" + str(request(0, 8).note)],
)  # fmt: skip
def test_what_is_not_a_request_is_refused(text):
    with pytest.raises(NoteInvalid):
        parse_add_checkpoint(text)
