import pytest

from crypto.errors import NoteInvalid
from crypto.notes import open_note, parse_note
from crypto.vkeys import VerifierKey
from tests.crypto.log.makers import ORIGIN, log_signer

# c2sp.org/signed-note, "Example"
SPEC_KEY = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# golang.org/x/mod/sumdb/note, package documentation
GO_KEY = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.mark.parametrize(("text", "key"), [(SPEC_NOTE, SPEC_KEY), (GO_NOTE, GO_KEY)])
def test_notes_that_others_signed_open_and_spell_the_same(text, key):
    note, signers = open_note(text, [GO_KEY, SPEC_KEY])
    assert (list(signers), str(note)) == ([key], text)


def test_a_signed_note_opens_under_its_key_alone():
    note = log_signer().sign("a text\n\nof two parts\n")
    opened, signers = open_note(str(note), [log_signer().vkey, SPEC_KEY])
    assert (opened, list(signers)) == (note, [log_signer().vkey])
    with pytest.raises(NoteInvalid, match="not signed by any key"):
        open_note(str(note), [SPEC_KEY])


def test_an_altered_text_fails_and_an_added_stranger_does_not():
    signer, stranger = log_signer(), log_signer("stranger.example")
    note = signer.sign("ten fen\n")
    both = note.signed_also(*stranger.sign("ten fen\n").signatures)
    assert list(open_note(str(both), [signer.vkey])[1]) == [signer.vkey]
    with pytest.raises(NoteInvalid, match=f"not signed by {ORIGIN}"):
        open_note(str(both).replace("ten", "two"), [signer.vkey])


def test_one_broken_signature_of_a_known_key_spoils_the_note():
    signer, other = log_signer(), log_signer("other.example")
    spoiled = signer.sign("a\n").signed_also(*other.sign("b\n").signatures)
    with pytest.raises(NoteInvalid, match=r"other\.example"):
        open_note(spoiled, [signer.vkey, other.vkey])


GOOD = SPEC_NOTE.split("\n")[2]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no signatures\n",
        "no signatures\n\n",
        f"no gap\n{GOOD}\n",
        f"text\n\n{GOOD}",
        f"text\n\n{GOOD}\n\n",
        f"a tab\there\n\n{GOOD}\n",
        f"a return\r\n\n{GOOD}\n",
        "text\n\n- example.com/foo AAAA\n",
        "text\n\n—  Uw2QOkn8\n",
        "text\n\n— a+b Uw2QOkn8\n",
        "text\n\n— name Uw2QOg==\n",
        "text\n\n— name Uw2QOkn8 \n",
        "text\n\n— name Uw2QOk\n",
        "text\n\n— name Uw2QOkn8sh==\n",
        b"text \xff\n\n" + GOOD.encode() + b"\n",
        "text\n\n" + (GOOD + "\n") * 65,
        "x" * (1 << 20) + SPEC_NOTE,
    ],
)
def test_what_is_not_a_note_is_refused(raw):
    with pytest.raises(NoteInvalid):
        parse_note(raw)


def test_a_note_of_many_signatures_is_still_a_note():
    assert len(parse_note("text\n\n" + (GOOD + "\n") * 16).signatures) == 16


def test_a_text_that_cannot_be_a_note_is_not_signed():
    for text in ("no newline", "a tab\t\n"):
        with pytest.raises(NoteInvalid):
            log_signer().sign(text)
