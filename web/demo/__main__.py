"""`python -m web.demo [--once]`: a seeded district with a live opening, or the whole story, verified."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from web.demo.home import make_home
from web.demo.live import UNHURRIED, run_live
from web.demo.play import Pace
from web.demo.story import tell_once
from web.demo.tell import Teller

_LIVE_PORT = 8080


def main() -> int:
    """Run the demonstration; with --once the exit code is 0 only if all of it held."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.dir and asked.dir.exists() and any(asked.dir.iterdir()):
        parser.error(f"{asked.dir} is not empty")
    tell = Teller(lang=asked.lang)
    path = asked.dir or Path(tempfile.mkdtemp(prefix="qifeng-demo-"))
    try:
        asyncio.run(_play(asked, tell, path))
    except KeyboardInterrupt:
        return 130
    except Exception:
        _show_log(path)
        raise
    finally:
        if asked.dir is None:
            shutil.rmtree(path, ignore_errors=True)
    return _verdict(tell)


async def _play(asked: argparse.Namespace, tell: Teller, path: Path) -> None:
    base = Pace() if asked.once else UNHURRIED
    pace = replace(base, lead=asked.lead, large=asked.large or base.large)
    port = asked.port or (0 if asked.once else _LIVE_PORT)
    home = await asyncio.to_thread(make_home, path, db=asked.db, port=port)
    await (tell_once if asked.once else run_live)(home, tell, pace)


def _show_log(path: Path) -> None:
    """What the platform itself had to say, where something broke."""
    log = path / "server.log"
    if log.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        faults = [line[:2000] for line in lines if '"level": "error"' in line or not line.startswith("{")]
        sys.stderr.write("\n".join(faults[-3:]) + "\n")


def _verdict(tell: Teller) -> int:
    if tell.broken:
        tell.chapter(f"{len(tell.broken)} 项不成立", f"{len(tell.broken)} things did not hold")
        for one in tell.broken:
            tell.console.print(f"  [red]✗[/] {one}")
        return 1
    tell.chapter(f"全部 {tell.held} 项成立，用时 {tell.elapsed}", f"All {tell.held} hold, in {tell.elapsed}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="the whole story as fast as it goes, then exit")
    parser.add_argument("--db", default="", help="a database URL; by default SQLite in the demo's directory")
    parser.add_argument("--dir", type=Path, help="an empty directory to keep everything in")
    parser.add_argument("--port", type=int, default=0, help="by default 8080, or a free one")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--lead", type=int, default=0, help="seconds between publication and deadline")
    parser.add_argument("--large", type=int, default=0, help="MiB of the largest file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
