"""The product's schema, made the way an operator makes it."""

from crypto.ledger.engine import Database
from web.migrate import migrate


async def create_schema(database: Database) -> None:
    """Bring an empty database to the newest revision."""
    await migrate(database)
