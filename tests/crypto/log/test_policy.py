import pytest

from crypto.checkpoints import Checkpoint
from crypto.errors import NoteInvalid
from crypto.policy import Policy, parse_policy
from tests.crypto.log.makers import NOON, ORIGIN, cosigner, log_signer

WITNESSES = [cosigner(f"w{n}.example") for n in range(6)]
TEXT = Checkpoint(ORIGIN, 8, bytes(32)).text
LINES = "\n".join(
    [f"log {log_signer().vkey} https://log.example/", "# three of one house, three of another", ""]
    + [f"\twitness  W{n} {w.vkey}" for n, w in enumerate(WITNESSES)]
    + ["group X 2 W0 W1 W2", "group Y any W3 W4 W5", "group X-and-Y all X Y", "quorum X-and-Y", ""]
)


def note_by(*numbers):
    note = log_signer().sign(TEXT)
    return note.signed_also(*(WITNESSES[n].cosign(TEXT, at=NOON) for n in numbers))


@pytest.mark.parametrize("numbers", [(0, 1, 3), (1, 2, 5), (0, 1, 2, 3, 4, 5)])
def test_a_quorum_is_enough(numbers):
    attested = parse_policy(LINES).judge(str(note_by(*numbers)))
    assert attested.checkpoint.size == 8
    assert attested.cosigned == {f"W{n}": NOON for n in numbers}


@pytest.mark.parametrize("numbers", [(), (0, 1), (0, 3), (3, 4, 5), (0, 3, 4, 5)])
def test_less_than_a_quorum_is_not(numbers):
    with pytest.raises(NoteInvalid, match="too few"):
        parse_policy(LINES).judge(note_by(*numbers))


def test_the_same_witness_twice_counts_once():
    with pytest.raises(NoteInvalid, match="too few"):
        parse_policy(LINES).judge(note_by(0, 0, 3))


def test_another_log_is_refused_though_the_witnesses_agree():
    other = log_signer("other.example").sign(TEXT)
    note = other.signed_also(*(w.cosign(TEXT, at=NOON) for w in WITNESSES))
    with pytest.raises(NoteInvalid, match="not signed by any key"):
        parse_policy(LINES).judge(note)


def test_a_log_may_not_speak_in_the_name_of_another():
    policy = Policy(logs=(log_signer("other.example").vkey,))
    with pytest.raises(NoteInvalid, match="not signed by any key"):
        policy.judge(log_signer("other.example").sign(TEXT))


def test_a_threshold_is_a_policy():
    policy = Policy.threshold(log_signer().vkey, [w.vkey for w in WITNESSES[:3]], 2)
    policy.judge(note_by(0, 2))
    with pytest.raises(NoteInvalid, match="too few"):
        policy.judge(note_by(0, 4))
    Policy.threshold(log_signer().vkey, [], 0).judge(note_by())


@pytest.mark.parametrize("quorum", [-1, 4])
def test_a_threshold_that_cannot_be_reached_is_refused(quorum):
    with pytest.raises(NoteInvalid, match="cannot agree"):
        Policy.threshold(log_signer().vkey, [w.vkey for w in WITNESSES[:3]], quorum)


@pytest.mark.parametrize(
    "wrong",
    [
        "log nonsense",
        f"log {WITNESSES[0].vkey}",
        f"witness A {log_signer().vkey}",
        f"witness A {WITNESSES[0].vkey} url another",
        f"witness none {WITNESSES[0].vkey}",
        f"witness A {WITNESSES[0].vkey}\nwitness A {WITNESSES[1].vkey}",
        f"witness A {WITNESSES[0].vkey}\nwitness B {WITNESSES[0].vkey}",
        f"witness A {WITNESSES[0].vkey}\ngroup G 0 A",
        f"witness A {WITNESSES[0].vkey}\ngroup G 2 A",
        f"witness A {WITNESSES[0].vkey}\ngroup G 2 A A",
        f"witness A {WITNESSES[0].vkey}\ngroup G any A\ngroup H any A",
        "group G any A",
        "group G all",
        "quorum A",
        "quorum none",
        "quorum",
        "surprise",
    ],
)
def test_a_wrong_line_is_named(wrong):
    number = wrong.count("\n") + 2
    with pytest.raises(NoteInvalid, match=f"policy line {number}:"):
        parse_policy(("quorum none\n" if wrong == "quorum none" else "\n") + wrong + "\nquorum none\n")


def test_a_policy_without_a_quorum_line_is_none():
    with pytest.raises(NoteInvalid, match="one quorum line"):
        parse_policy(f"log {log_signer().vkey}\n")
