"""Hot statements on a shorter way: on SQLite one hop to the driver's thread instead of the ORM's four.

Only how a statement travels changes. It runs on the session's own connection and in its transaction, is
compiled by SQLAlchemy with the types of its columns, and takes the ordinary way on PostgreSQL.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, UpdateBase
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

Statement: TypeAlias = Select[*tuple[Any, ...]] | UpdateBase
_DIALECT = sqlite.dialect(paramstyle="qmark")


class Direct:
    """One statement, compiled once. Its rows are plain tuples: select integers, text and bytes only."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: _Compiled | None = None

    async def __call__(self, session: AsyncSession, **values: Any) -> Sequence[Any]:
        """All rows for these *values*, after whatever the session holds back was written."""
        if session.new or session.dirty or session.deleted:
            await session.flush()
        connection = await session.connection()
        if connection.dialect.name != "sqlite":
            found = await connection.execute(self._statement, values)
            return found.all() if found.returns_rows else ()
        return await self._on_sqlite(connection, values)

    async def _on_sqlite(self, connection: AsyncConnection, values: dict[str, Any]) -> Sequence[Any]:
        self._compiled = self._compiled or _compiled(self._statement)
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        rows: Sequence[Any] = await driver.execute_fetchall(self._compiled.sql, self._compiled.bind(values))
        return rows


class _Compiled(NamedTuple):
    """SQL with question marks, and for each of them a name, a default and how its type is written."""

    sql: str
    marks: tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]

    def bind(self, values: dict[str, Any]) -> list[Any]:
        given = [(values.get(name, default), write) for name, default, write in self.marks]
        return [write(value) if write else value for value, write in given]


def _compiled(statement: Statement) -> _Compiled:
    made: Any = statement.compile(dialect=_DIALECT)
    marks = ((name, made.params[name], _writer(made.binds[name])) for name in made.positiontup)
    return _Compiled(str(made), tuple(marks))


def _writer(bind: Any) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return found
