"""How alembic runs here: with a connection handed in by `web.migrate`, and with plain types in revisions."""

from typing import Any

from alembic import context

import bidding.tables  # noqa: F401 -- every table is known to Base
from crypto.ledger.tables import Base, Instant


def plain(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Render our types as SQLAlchemy's own, so that old revisions outlive our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=plain,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
