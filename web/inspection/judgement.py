"""What was found in one file: its kind, findings under codes, and numbers. Never a word of its content."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from web.inspection.limits import Limits

UNSAFE = "file-unsafe"


@dataclass(frozen=True)
class Judgement:
    """A file as it was judged. `findings` are codes in order, `facts` plain numbers by name."""

    kind: str
    findings: tuple[str, ...] = ()
    facts: Mapping[str, int] = field(default_factory=dict)

    def raw(self) -> bytes:
        """One line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    def with_finding(self, code: str) -> "Judgement":
        """The same, and *code*."""
        return Judgement(self.kind, tuple(sorted({*self.findings, code})), self.facts)

    @classmethod
    def read(cls, line: bytes) -> "Judgement":
        """The judgement that *line* spells. Raises ValueError, since a child may be anyone's by now."""
        try:
            said = json.loads(line)
            findings = tuple(_word(one) for one in said["findings"])
            facts = {_word(name): _number(value) for name, value in said["facts"].items()}
            return cls(_word(said["kind"]), findings, facts)
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a judgement: {error}") from None


class TooMuch(Exception):
    """The file goes beyond a cap, which `code` names; there is no use in reading on."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Notes:
    """What a child writes down while it reads one file within *limits*."""

    limits: Limits
    kind: str = "other"
    findings: set[str] = field(default_factory=set)
    facts: dict[str, int] = field(default_factory=dict)

    def find(self, code: str) -> None:
        self.findings.add(code)

    def count(self, name: str, more: int = 1) -> int:
        """Add *more* to a number; what it is now."""
        self.facts[name] = self.facts.get(name, 0) + more
        return self.facts[name]

    def judgement(self) -> Judgement:
        return Judgement(self.kind, tuple(sorted(self.findings)), dict(self.facts))


_LONGEST = 60


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isascii():
        raise ValueError("not a code")
    return value


def _number(value: object) -> int:
    if type(value) is not int or not -1 <= value < 2**63:
        raise ValueError("not a number")
    return value
