"""How large a run is: the short form keeps the ratios, the full form the sizes of the goals."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scale:
    """Short or full, and the directory in which everything is made."""

    home: Path
    full: bool = False

    def pick(self, short: int, full: int) -> int:
        """The size for this run."""
        return full if self.full else short

    @property
    def rounds(self) -> int:
        return self.pick(3, 5)

    def folder(self, name: str) -> Path:
        """A fresh folder for one row."""
        made = self.home / name
        made.mkdir(parents=True, exist_ok=True)
        return made
