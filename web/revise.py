"""Write a migration from what the tables say and the database does not: `python -m web.revise SENTENCE`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from crypto.ledger.engine import Database
from web.migrate import config, scripts, upgrade


def main() -> None:
    """Bring an empty SQLite file to head and let alembic write what is missing under the next number.

    Further words name tables; where there are any, only those are looked at.
    """
    sentence, *tables = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_revise(f"sqlite+aiosqlite:///{folder}/empty.db", sentence, set(tables)))


async def _revise(url: str, sentence: str, tables: set[str]) -> None:
    database = Database(url)
    try:
        async with database.writer.begin() as connection:
            await connection.run_sync(write, sentence, tables)
    finally:
        await database.dispose()


def write(connection: Connection, sentence: str, tables: set[str]) -> Path:
    """Write the revision and return where it stands. Its name is its number and its sentence."""
    from alembic import command

    upgrade(connection, "head")
    number = f"{len(list((scripts() / 'versions').glob('[0-9]*.py'))) + 1:04d}"
    settings = config(connection)
    settings.attributes["tables"] = tables
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.set_main_option("truncate_slug_length", "60")
    made: Any = command.revision(settings, message=sentence, autogenerate=True, rev_id=number)
    path = Path(made.path)
    path.write_text(re.sub(r"\n{3,}", "\n\n\n", path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
