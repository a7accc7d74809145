"""`python -m web`: serve by config.toml and the environment."""

import asyncio
import sys
from pathlib import Path

from web.serve import serve
from web.settings import default_path, load


def main() -> None:
    """Serve until told to stop; the first argument may name another config.toml."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default_path()
    run(serve(load(path)))


def run(work: "asyncio._CoroutineLike[None]") -> None:
    """Run on uvloop where it exists."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)  # type: ignore[arg-type]
    else:
        uvloop.run(work)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
