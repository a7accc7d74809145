"""In which language, and whether for a person or a program, the command line speaks."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

LANGUAGES = ("zh", "en")


@dataclass
class Mode:
    """`lang` is zh or en; with `json`, standard output holds one JSON value and nothing else."""

    lang: str = "zh"
    json: bool = False

    def take(self, words: Sequence[str]) -> list[str]:
        """*words* without `--lang …` and `--json`, which may stand anywhere before a bare `--`."""
        self.lang = _known(os.environ.get("QIFENG_LANG", self.lang)) or "zh"
        rest: list[str] = []
        coming = iter(words)
        for word in coming:
            if word == "--":
                return [*rest, word, *coming]
            if word == "--json":
                self.json = True
            elif word == "--lang":
                self.lang = _known(next(coming, "")) or self.lang
            elif word.startswith("--lang="):
                self.lang = _known(word.partition("=")[2]) or self.lang
            else:
                rest.append(word)
        return rest


MODE = Mode()


def t(zh: str, en: str) -> str:
    """The text in the language of this call."""
    return zh if MODE.lang == "zh" else en


def _known(lang: str) -> str:
    short = lang[:2].lower()
    return short if short in LANGUAGES else ""
