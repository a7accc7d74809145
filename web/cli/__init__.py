"""`qifeng`: the platform's own command line, for those who run it and for everyone who uses it.

Each command is a module of its own and is imported only when it is called, so that help comes at once.
"""

import sys

from web.cli.table import TABLE, command, overview
from web.cli.words import MODE, t


def main(words: list[str] | None = None) -> None:
    """Run the command that *words* (by default those of the process) name, and leave with its exit code."""
    rest = MODE.take(sys.argv[1:] if words is None else words)
    if not rest or rest[0] in {"--help", "-h", "help"}:
        sys.stdout.write(overview())
        sys.exit(0)
    if rest[0] in {"--version", "version"}:
        from web.client.sealing import program

        sys.stdout.write(f"qifeng {program().version}\n")
        sys.exit(0)
    if rest[0] not in TABLE:
        sys.stderr.write(t(f"没有命令 {rest[0]}。", f"There is no command {rest[0]}.") + "\n\n" + overview())
        sys.exit(2)
    command(rest[0])(rest[1:], prog_name=f"qifeng {rest[0]}")
