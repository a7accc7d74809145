"""How alembic runs here: with a connection handed in by `web.migrate`, and with plain types in revisions."""

from typing import Any

import sqlalchemy as sa
from alembic import context

import bidding.tables  # noqa: F401 -- every table is known to Base
from crypto.ledger.tables import Base, Instant

# What each kind of identity column is called in a revision that must outlive our code.
BIG_ID = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'


def plain(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Render our types as SQLAlchemy's own."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return BIG_ID if isinstance(item, sa.BigInteger) else False


def looked_at(_item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Only the tables that were asked for, where any were."""
    asked = context.config.attributes.get("tables")
    return not asked or kind != "table" or name in asked


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=plain,
    include_object=looked_at,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
