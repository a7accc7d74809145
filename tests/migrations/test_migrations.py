"""Every revision goes up, down and up again on both databases, and the newest equals the tables."""

import ast
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

import bidding.tables  # noqa: F401 -- every table is known to Base
from crypto.ledger.tables import Base
from web.migrate import config, scripts

VERSIONS = sorted((scripts() / "versions").glob("[0-9]*.py"))
OURS = {"bidding", "crypto", "evaluation", "web", "tests"}


def revisions(connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(config(connection))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def up_down_up(connection: Connection) -> None:
    for number in revisions(connection):
        command.upgrade(config(connection), number)
        command.downgrade(config(connection), "-1")
        command.upgrade(config(connection), number)


def all_the_way_down(connection: Connection) -> list[str]:
    command.downgrade(config(connection), "base")
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection)
    return list(compare_metadata(context, Base.metadata))


async def test_each_revision_goes_up_down_and_up_again(empty_db):
    async with empty_db.writer.begin() as connection:
        await connection.run_sync(up_down_up)
        assert await connection.run_sync(differences) == []


async def test_nothing_is_left_when_all_revisions_are_undone(empty_db):
    async with empty_db.writer.begin() as connection:
        await connection.run_sync(up_down_up)
        assert await connection.run_sync(all_the_way_down) == []


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_revision_imports_nothing_of_ours(path: Path):
    tree = ast.parse(path.read_text())
    named = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert named & OURS == set()


def test_revisions_are_numbered_without_a_gap():
    assert [path.stem[:4] for path in VERSIONS] == [f"{n:04d}" for n in range(1, len(VERSIONS) + 1)]
