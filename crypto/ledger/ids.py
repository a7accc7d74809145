"""Names for rows: UUID version 7, so that new rows land beside each other in an index."""

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 as text. Its time part is a hint for indexes and decides nothing."""
    return str(uuid_utils.uuid7())
