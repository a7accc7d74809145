"""The product's schema, made the way an operator makes it."""

import bidding.tables  # noqa: F401 -- every table is known to Base
from crypto.ledger.engine import Database
from crypto.ledger.tables import Base


async def create_schema(database: Database) -> None:
    """Create every table in an empty database."""
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
