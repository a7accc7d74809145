"""The databases every test of rows runs on: SQLite always, PostgreSQL where its wheel is present."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from crypto.ledger.clock import Clock
from crypto.ledger.engine import Database
from tests.postgres import PostgresAbsent, server_url
from tests.schema import create_schema

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def at(moment: datetime) -> Clock:
    """A clock that stands still, for tests that stand on a boundary."""

    async def clock(_session: AsyncSession) -> datetime:
        return moment

    return clock


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the product's schema, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "q.db"
    _apart(_schema_in, f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with the product's schema in `template_q`, or a skip that says why not."""
    try:
        with server_url() as url:
            _apart(_run, url, "CREATE DATABASE template_q")
            _apart(_schema_in, _named(url, "template_q"))
            yield url
    except PostgresAbsent as why:
        pytest.skip(f"no PostgreSQL here: {why}")


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table, once on each kind."""
    if request.param == "sqlite":
        url, base = f"sqlite+aiosqlite:///{tmp_path}/empty.db", None
    else:
        base, name = request.getfixturevalue("postgres"), f"q{uuid.uuid4().hex}"
        await _run(base, f"CREATE DATABASE {name}")
        url = _named(base, name)
    database = Database(url)
    yield database
    await database.dispose()
    if base is not None:
        await _run(base, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
async def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database with the product's schema, once on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "q.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/q.db"
        return
    base, name = request.getfixturevalue("postgres"), f"q{uuid.uuid4().hex}"
    await _run(base, f"CREATE DATABASE {name} TEMPLATE template_q")
    yield _named(base, name)
    await _run(base, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[Database]:
    """An empty database, open for writing and reading."""
    database = Database(db_url)
    yield database
    await database.dispose()


@pytest.fixture
async def session(db: Database) -> AsyncIterator[AsyncSession]:
    """A writing session inside one transaction that is rolled back at the end."""
    async with db.writing() as session, session.begin() as transaction:
        yield session
        await transaction.rollback()


def _apart(work: Callable[..., Coroutine[None, None, None]], *arguments: str) -> None:
    # A session's fixture may be asked for from inside a running loop, so it brings its own.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work(*arguments))).result()


async def _schema_in(url: str) -> None:
    database = Database(url)
    try:
        await create_schema(database)
    finally:
        await database.dispose()


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


def _named(url: str, name: str) -> str:
    address, _, query = url.partition("?")
    return f"{address.rsplit('/', 1)[0]}/{name}?{query}"
