"""B2: sealing and opening a large file, beside the age program, pyrage and the bare cipher."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.age import decrypt_file, encrypt_file, generate_identity, recipient_of
from web.bench.figures import Absent, Bar, Figure, Line, at_least, at_most
from web.bench.measure import Case, Cost, interleave
from web.bench.scale import Scale

ROW = "B2"
_CHUNK = 64 * 1024
_MEMORY = """
import sys
from crypto.age import encrypt_file
with open(sys.argv[1], "rb") as src, open(sys.argv[2], "wb") as dst:
    encrypt_file(src, dst, recipients=[sys.argv[3]])
# Not ru_maxrss: that one remembers the process which was forked.
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


def run(scale: Scale) -> Iterator[Line]:
    """MB of plaintext per CPU second and per second of the wall, and memory at two sizes."""
    mib = scale.pick(128, 1024)
    bench = _Files(scale.folder("b02"), mib)
    costs = interleave(bench.cases(), rounds=scale.rounds)
    size = mib * 2**20 / 1e6
    yield from _beside(costs, size, f"{mib} MiB")
    yield from _memory(bench, mib)


class _Files:
    """A random file, its sealed form for opening, and one output for each case."""

    def __init__(self, home: Path, mib: int) -> None:
        self.home, self.plain, self.sealed = home, home / "plain", home / "sealed.age"
        self.identity = generate_identity()
        self.recipient = recipient_of(self.identity)
        self.key = home / "identity.txt"
        self.key.write_text(self.identity + "\n")
        with self.plain.open("wb") as out:
            for _ in range(mib):
                out.write(os.urandom(2**20))
        with self.plain.open("rb") as src, self.sealed.open("wb") as dst:
            encrypt_file(src, dst, recipients=[self.recipient])

    def cases(self) -> dict[str, Case]:
        """Every case that can run here; the file is read and written by all but `cipher`."""
        made: dict[str, Case] = {"cipher": self._cipher, "seal": self._seal, "seal+sha": self._seal_hashing}
        made["open"] = self._open
        if shutil.which("age"):
            made |= {"age seal": self._age_seal, "age open": self._age_open}
            made["age seal+sha"] = self._age_seal_hashing
        try:
            import_module("pyrage")
        except ImportError:
            return made
        return made | {"pyrage seal": self._pyrage_seal, "pyrage open": self._pyrage_open}

    def _out(self, name: str) -> Path:
        path = self.home / name
        path.unlink(missing_ok=True)
        return path

    def _cipher(self) -> None:
        cipher, block, out = ChaCha20Poly1305(bytes(32)), bytes(_CHUNK), bytearray(_CHUNK + 16)
        for index in range(self.plain.stat().st_size // _CHUNK):
            cipher.encrypt_into(index.to_bytes(12, "big"), block, None, out)

    def _seal(self, *, hashing: bool = False) -> None:
        with self.plain.open("rb") as src, self._out("ours.age").open("wb") as dst:
            encrypt_file(src, dst, recipients=[self.recipient], hashing=hashing)

    def _seal_hashing(self) -> None:
        self._seal(hashing=True)

    def _open(self) -> None:
        with self.sealed.open("rb") as src, self._out("ours.plain").open("wb") as dst:
            decrypt_file(src, dst, identities=[self.identity])

    def _age_seal(self) -> None:
        _run("age", "-r", self.recipient, "-o", self._out("age.age"), self.plain)

    def _age_seal_hashing(self) -> None:
        self._age_seal()
        with (self.home / "age.age").open("rb") as sealed:
            hashlib.file_digest(sealed, "sha256")

    def _age_open(self) -> None:
        _run("age", "-d", "-i", self.key, "-o", self._out("age.plain"), self.sealed)

    def _pyrage_seal(self) -> None:
        pyrage: Any = import_module("pyrage")
        to = pyrage.x25519.Recipient.from_str(self.recipient)
        pyrage.encrypt_file(str(self.plain), str(self._out("rage.age")), [to])

    def _pyrage_open(self) -> None:
        pyrage: Any = import_module("pyrage")
        by = pyrage.x25519.Identity.from_str(self.identity)
        pyrage.decrypt_file(str(self.sealed), str(self._out("rage.plain")), [by])


def _beside(costs: dict[str, Cost], size: float, said: str) -> Iterator[Line]:
    yield _per_core(costs, "seal", "cipher", size, f"seal {said}", "bare cipher in memory", None)
    if "age seal" in costs:
        yield _per_core(costs, "seal", "age seal", size, f"seal {said}", "age", at_least(1.3))
        yield _per_core(costs, "open", "age open", size, f"open {said}", "age", at_least(1.5))
        told = f"seal {said} with SHA-256"
        yield _per_core(costs, "seal+sha", "age seal", size, told, "age without", at_least(0.9))
        yield _by_wall(costs, "seal", "age seal", size, f"seal {said}")
        yield _by_wall(costs, "open", "age open", size, f"open {said}")
    else:
        yield Absent(row=ROW, what="age", why="the age program is not installed")
    if "pyrage seal" in costs:
        yield _per_core(costs, "seal", "pyrage seal", size, f"seal {said}", "pyrage", at_least(1.3))
        yield _per_core(costs, "open", "pyrage open", size, f"open {said}", "pyrage", at_least(1.5))
    else:
        yield Absent(row=ROW, what="pyrage", why="the package is not installed")


def _per_core(
    costs: dict[str, Cost], ours: str, theirs: str, size: float, what: str, peer: str, bar: Bar | None
) -> Figure:
    return Figure(
        row=ROW, what=what, ours=size / costs[ours].cpu, theirs=size / costs[theirs].cpu, unit="MB/CPU s",
        peer=peer, bar=bar,
    )  # fmt: skip


def _by_wall(costs: dict[str, Cost], ours: str, theirs: str, size: float, what: str) -> Figure:
    return Figure(
        row=ROW, what=what, ours=size / costs[ours].wall, theirs=size / costs[theirs].wall, unit="MB/s",
        peer="age", bar=at_least(2.0),
    )  # fmt: skip


def _memory(bench: _Files, mib: int) -> Iterator[Line]:
    if not sys.platform.startswith("linux"):
        yield Absent(row=ROW, what="peak memory", why="read from /proc, which is Linux's")
        return
    small = bench.home / "small"
    small.write_bytes(os.urandom(2**20))
    whole, little = (_peak(path, bench) for path in (bench.plain, small))
    yield Figure(
        row=ROW, what=f"peak memory, {mib} MiB", ours=whole, theirs=little, unit="MiB", peer="1 MiB",
        bar=at_most(1.1),
    )  # fmt: skip


def _peak(path: Path, bench: _Files) -> float:
    words = [sys.executable, "-c", _MEMORY, str(path), str(bench.home / "memory.age"), bench.recipient]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return int(told) / 2**10


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)
