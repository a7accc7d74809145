"""The append-only record of acts: ordered streams in the database, committed with the change they record.

`Unit` is one act in one transaction; `Act` is what happened; `since` is how anyone catches up. The
sequencer turns entries into leaves of one RFC 6962 log.
"""

from crypto.ledger.acts import Act
from crypto.ledger.clock import Clock, database_clock
from crypto.ledger.streams import head, since
from crypto.ledger.tables import Base, Entry, Instant, Stream
from crypto.ledger.unit import Unit

__all__ = ["Act", "Base", "Clock", "Entry", "Instant", "Stream", "Unit", "database_clock", "head", "since"]
