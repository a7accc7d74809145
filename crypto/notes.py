"""Signed notes (c2sp.org/signed-note): a text, an empty line, and one line for each signature."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.errors import NoteInvalid
from crypto.vkeys import Kind, VerifierKey, decode, refuse_name

MAX_NOTE = 1 << 20
MAX_SIGNATURES = 64
_DASH = "— "


@dataclass(frozen=True)
class Signature:
    """One line under a note; `raw` is whatever the key's kind says it is (64 bytes for Ed25519)."""

    name: str
    key_id: bytes
    raw: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.raw).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it claims to be of *key*: same name and same key id."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signatures, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed_also(self, *signatures: Signature) -> "Note":
        """The same note with more lines under it."""
        return replace(self, signatures=(*self.signatures, *signatures))


class NoteSigner:
    """An Ed25519 key under a name: the log's own hand."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.vkey = VerifierKey.of(name, key.public_key().public_bytes_raw())
        self._key = key

    @property
    def name(self) -> str:
        return self.vkey.name

    def sign(self, text: str) -> Note:
        """*text* (ending in a newline) as a note under this key."""
        refuse_text(text)
        return Note(text, (Signature(self.name, self.vkey.key_id, self._key.sign(text.encode())),))


def parse_note(raw: str | bytes) -> Note:
    """Take the note apart; NoteInvalid where it is not one. No signature is checked."""
    whole = _as_text(raw)
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteInvalid("a note is a text, an empty line and its signatures")
    refuse_text(text + "\n")
    signatures = tuple(parse_signature(line + "\n") for line in lines[:-1].split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise NoteInvalid("too many signatures")
    return Note(text + "\n", signatures)


def parse_signature(line: str) -> Signature:
    """Read one signature line, its newline included."""
    if not line.startswith(_DASH) or not line.endswith("\n"):
        raise NoteInvalid("not a signature line")
    name, _, encoded = line[len(_DASH) : -1].partition(" ")
    refuse_name(name)
    raw = decode(encoded)
    if len(raw) <= 4:  # noqa: PLR2004 -- the key id alone
        raise NoteInvalid("a signature line without a signature")
    return Signature(name, raw[:4], raw[4:])


def open_note(raw: str | bytes | Note, known: Iterable[VerifierKey]) -> tuple[Note, Sequence[VerifierKey]]:
    """The note and which of the *known* plain Ed25519 keys signed it.

    As the specification has it: unknown keys are ignored, one broken signature of a known key spoils
    the note, and at least one known key must have signed; else NoteInvalid.
    """
    note = raw if isinstance(raw, Note) else parse_note(raw)
    signers = [key for key in known if key.kind is Kind.ED25519 and signed_by(note, key)]
    if not signers:
        raise NoteInvalid("not signed by any key that is trusted here")
    return note, signers


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether *key* signed the note: False where it did not try, NoteInvalid where it does not verify."""
    found = [one for one in note.signatures if one.is_by(key)]
    for one in found:
        key.verify(one.raw, note.text.encode())
    return bool(found)


def refuse_text(text: str) -> None:
    """A note's text ends in a newline and has no other control character."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise NoteInvalid("not the text of a note")


def _as_text(raw: str | bytes) -> str:
    try:
        whole = raw if isinstance(raw, str) else raw.decode()
    except UnicodeDecodeError:
        raise NoteInvalid("a note is UTF-8") from None
    if len(whole) > MAX_NOTE:
        raise NoteInvalid("too long for a note")
    return whole
