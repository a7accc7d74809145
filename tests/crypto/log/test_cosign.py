from datetime import timedelta

import pytest

from crypto.checkpoints import Checkpoint
from crypto.cosign import verify_cosignature
from crypto.errors import NoteInvalid
from crypto.notes import Signature
from tests.crypto.log.makers import NOON, ORIGIN, cosigner, log_signer

TEXT = Checkpoint(ORIGIN, 8, bytes(32)).text


def test_a_cosignature_tells_when_it_was_made():
    witness, note = cosigner(), log_signer().sign(TEXT)
    cosigned = note.signed_also(witness.cosign(TEXT, at=NOON + timedelta(milliseconds=900)))
    assert verify_cosignature(cosigned, witness.vkey) == NOON
    assert verify_cosignature(note, witness.vkey) is None


def test_the_signed_message_is_the_one_of_the_specification():
    line = cosigner().cosign(TEXT, at=NOON)
    message = f"cosignature/v1\ntime {int(NOON.timestamp())}\n{TEXT}"
    cosigner().vkey.verify(line.raw[8:], message.encode())
    assert int.from_bytes(line.raw[:8]) == int(NOON.timestamp())


def test_a_cosignature_belongs_to_one_checkpoint_and_one_time():
    witness = cosigner()
    line = witness.cosign(TEXT, at=NOON)
    later = Signature(line.name, line.key_id, (int.from_bytes(line.raw[:8]) + 1).to_bytes(8) + line.raw[8:])
    other = Checkpoint(ORIGIN, 9, bytes(32)).text
    for text, signature in ((TEXT, later), (other, line)):
        with pytest.raises(NoteInvalid, match="not signed by witness"):
            verify_cosignature(log_signer().sign(text).signed_also(signature), witness.vkey)


def test_the_earliest_of_several_cosignatures_counts():
    witness = cosigner()
    lines = [witness.cosign(TEXT, at=NOON + timedelta(seconds=s)) for s in (5, 2, 9)]
    note = log_signer().sign(TEXT).signed_also(*lines)
    assert verify_cosignature(note, witness.vkey) == NOON + timedelta(seconds=2)


def test_a_witness_signs_nothing_but_checkpoints():
    with pytest.raises(NoteInvalid):
        cosigner().cosign("please pay the bearer\n", at=NOON)


def test_an_absurd_time_is_refused():
    witness = cosigner()
    absurd = Signature(witness.name, witness.vkey.key_id, b"\x7f" + bytes(71))
    with pytest.raises(NoteInvalid, match="no year"):
        verify_cosignature(log_signer().sign(TEXT).signed_also(absurd), witness.vkey)


def test_a_log_key_is_not_a_witness_key():
    with pytest.raises(NoteInvalid, match="not a witness key"):
        verify_cosignature(log_signer().sign(TEXT), log_signer().vkey)
