"""Whom to believe about the log (c2sp.org/tlog-policy): its keys, its witnesses, and how many must agree."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crypto.checkpoints import Checkpoint, parse_checkpoint, parse_number
from crypto.cosign import verify_cosignature
from crypto.errors import NoteInvalid
from crypto.notes import Note, open_note, parse_note
from crypto.vkeys import Kind, VerifierKey

NONE = "none"


@dataclass(frozen=True)
class Group:
    """Witnesses, by cosigning at least *threshold* of *members*, which may be groups themselves."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Attested:
    """A checkpoint that satisfied a policy: which log key signed, and which witness when."""

    checkpoint: Checkpoint
    log: VerifierKey
    cosigned: Mapping[str, datetime]


@dataclass(frozen=True)
class Policy:
    """Known logs, known witnesses by their name in this policy, groups, and the quorum's name."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @classmethod
    def threshold(cls, log: VerifierKey, witnesses: Iterable[VerifierKey], quorum: int) -> "Policy":
        """One log, and any *quorum* of the witnesses; none where it is 0. NoteInvalid where it cannot be."""
        keys = list(witnesses)
        named = {key.name: key for key in keys}
        if len(named) < len(keys):
            raise NoteInvalid("a witness is named twice")
        if not 0 <= quorum <= len(named):
            raise NoteInvalid(f"{quorum} of {len(named)} witnesses cannot agree")
        lines = [f"log {log}", *(f"witness {name} {key}" for name, key in named.items())]
        if quorum:
            lines.append(f"group the-quorum {quorum} {' '.join(named)}")
        return parse_policy("\n".join([*lines, f"quorum {'the-quorum' if quorum else NONE}", ""]))

    def judge(self, raw: str | bytes | Note) -> Attested:
        """The checkpoint in this note, signed by a known log and by a quorum; else NoteInvalid."""
        note = raw if isinstance(raw, Note) else parse_note(raw)
        checkpoint = parse_checkpoint(note.text)
        _, signers = open_note(note, [log for log in self.logs if log.name == checkpoint.origin])
        cosigned = self._cosigned(note)
        if self.quorum != NONE and not self._satisfied(self.quorum, cosigned):
            raise NoteInvalid("too few witnesses cosigned")
        return Attested(checkpoint, signers[0], cosigned)

    def _cosigned(self, note: Note) -> dict[str, datetime]:
        found = {name: verify_cosignature(note, key) for name, key in self.witnesses.items()}
        return {name: at for name, at in found.items() if at is not None}

    def _satisfied(self, name: str, cosigned: Mapping[str, datetime]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._satisfied(member, cosigned) for member in group.members) >= group.threshold


def parse_policy(text: str) -> Policy:
    """Read a policy file; NoteInvalid names the first line that is wrong."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            reader.take(words, number)
    return reader.policy()


class _Reader:
    """Takes a policy line by line, since a line may only speak of what stands above it."""

    def __init__(self) -> None:
        self._logs: list[VerifierKey] = []
        self._witnesses: dict[str, VerifierKey] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: list[str], number: int) -> None:
        kinds: Mapping[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._choose,
        }
        try:
            kinds[words[0]](words[1:])
        except (KeyError, ValueError, IndexError, NoteInvalid) as why:
            raise NoteInvalid(f"policy line {number}: {' '.join(words)[:80]} ({why})") from None

    def policy(self) -> Policy:
        if self._quorum is None:
            raise NoteInvalid("a policy has one quorum line")
        return Policy(tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _log(self, words: list[str]) -> None:
        self._logs.append(self._fresh(_key(words[0], Kind.ED25519), self._logs))
        _refuse(len(words) > 2)  # noqa: PLR2004 -- a key and perhaps a URL

    def _witness(self, words: list[str]) -> None:
        name, encoded, *url = words
        _refuse(len(url) > 1)
        key = self._fresh(_key(encoded, Kind.COSIGNATURE), self._witnesses.values())
        self._witnesses[self._unused(name)] = key

    def _group(self, words: list[str]) -> None:
        name, threshold, *members = words
        counts = {"any": 1, "all": len(members)}
        needed = counts[threshold] if threshold in counts else parse_number(threshold)
        known = {*self._witnesses, *self._groups} - self._grouped
        _refuse(not 1 <= needed <= len(members) or len({*members}) < len(members) or not known >= {*members})
        self._groups[self._unused(name)] = Group(needed, tuple(members))
        self._grouped |= {*members}

    def _choose(self, words: list[str]) -> None:
        (name,) = words
        _refuse(self._quorum is not None or name not in {NONE, *self._witnesses, *self._groups})
        self._quorum = name

    def _unused(self, name: str) -> str:
        _refuse(name in {NONE, *self._witnesses, *self._groups})
        return name

    @staticmethod
    def _fresh(key: VerifierKey, others: Iterable[VerifierKey]) -> VerifierKey:
        _refuse(key.public in {other.public for other in others})
        return key


def _key(text: str, kind: Kind) -> VerifierKey:
    key = VerifierKey.parse(text)
    _refuse(key.kind is not kind)
    return key


def _refuse(wrong: bool) -> None:  # noqa: FBT001 -- a condition, not a switch
    if wrong:
        raise ValueError
