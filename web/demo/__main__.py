"""`python -m web.demo [--once]`: a seeded district with a live opening, or the whole story, verified."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from web.demo.home import make_home
from web.demo.play import Pace
from web.demo.story import tell_once
from web.demo.tell import Teller


def main() -> int:
    """Run the demonstration; the exit code is 0 only if all of it held."""
    asked = _parser().parse_args()
    tell = Teller(lang=asked.lang)
    path = asked.dir or Path(tempfile.mkdtemp(prefix="qifeng-demo-"))
    try:
        home = make_home(path, db=asked.db, port=asked.port)
        asyncio.run(tell_once(home, tell, Pace(lead=asked.lead, large=asked.large)))
    except KeyboardInterrupt:
        return 130
    finally:
        if asked.dir is None:
            shutil.rmtree(path, ignore_errors=True)
    return _verdict(tell)


def _verdict(tell: Teller) -> int:
    if tell.broken:
        tell.chapter(f"{len(tell.broken)} 项不成立", f"{len(tell.broken)} things did not hold")
        for one in tell.broken:
            tell.console.print(f"  [red]✗[/] {one}")
        return 1
    tell.chapter(f"全部 {tell.held} 项成立,用时 {tell.elapsed}", f"All {tell.held} hold, in {tell.elapsed}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="the whole story as fast as it goes, then exit")
    parser.add_argument("--db", default="", help="a database URL; by default SQLite in the demo's directory")
    parser.add_argument("--dir", type=Path, help="an empty directory to keep everything in")
    parser.add_argument("--port", type=int, default=0, help="by default a free one")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--lead", type=int, default=150, help="seconds between publication and deadline")
    parser.add_argument("--large", type=int, default=300, help="MiB of the largest file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
