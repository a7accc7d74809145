"""How a database is opened: the settings durability depends on, and SQLite's share of the clock."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "recursive_triggers=ON",
)


class Database:
    """One database with a door for writing and one for reading.

    On SQLite a single connection writes (`BEGIN IMMEDIATE`), so writers queue in the process instead
    of polling a busy file; readers never wait for it. On PostgreSQL both doors share one pool.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        size = 1 if self.is_sqlite else pool_size
        self.writer: AsyncEngine = _engine(url, size, begin="BEGIN IMMEDIATE")
        self.reader: AsyncEngine = _engine(url, pool_size, begin="BEGIN") if self.is_sqlite else self.writer
        self.writing = async_sessionmaker(self.writer, expire_on_commit=False)
        self.reading = async_sessionmaker(self.reader, expire_on_commit=False, class_=AsyncSession)

    async def dispose(self) -> None:
        """Close every connection; SQLite's threads end with them."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def _engine(url: str, size: int, *, begin: str) -> AsyncEngine:
    extra: dict[str, Any] = {"max_overflow": 0, "pool_timeout": 120}
    engine = create_async_engine(url, pool_size=size, **extra)
    if url.startswith("sqlite"):
        _dress(engine, begin)
    return engine


def _dress(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.create_function("clock_timestamp", 0, _sqlite_clock)
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _sqlite_clock() -> str:
    # SQLite runs inside this process and its own clock has only milliseconds.
    return datetime.now(UTC).isoformat(timespec="microseconds")
