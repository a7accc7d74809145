"""Bring a database to the newest schema: one process at a time, in one transaction where the database can."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from crypto.ledger.engine import Database

_LOCK = 7_301_944_102  # any fixed number: the advisory lock that replicas starting together share


def scripts() -> Path:
    """Where the revisions are: inside the wheel, or beside the code in a checkout."""
    inside = Path(__file__).parent / "_migrations"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "migrations"


async def migrate(database: Database, *, to: str = "head") -> None:
    """Upgrade to the revision *to*; replicas that start together wait for the first."""
    if to == "head" and await _is_newest(database):
        return  # most starts: alembic is slow to import, so it is not even asked
    async with database.writer.begin() as connection:
        await connection.run_sync(upgrade, to)


async def _is_newest(database: Database) -> bool:
    """Whether the database stands at the revision of the last script; False where it has none."""
    async with database.reader.connect() as connection:
        if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
            return False
        found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars().all()
    return list(found) == [newest()]


def newest() -> str:
    """The number of the last revision; their files are named by number."""
    return max(path.name for path in (scripts() / "versions").glob("[0-9]*.py")).partition("_")[0]


def upgrade(connection: Connection, to: str) -> None:
    """Run the revisions up to *to* on an open connection."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    command.upgrade(config(connection), to)


def config(connection: Connection) -> Any:
    """Alembic's configuration for an open connection; there is no alembic.ini."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(scripts()))
    made.attributes["connection"] = connection
    return made
