from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from crypto.ledger.engine import Database
from web.migrate import config, migrate, newest


async def _revision(database):
    async with database.reader.connect() as connection:
        return (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()


async def test_the_newest_file_is_the_head_that_alembic_finds(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/q.db")
    async with database.writer.begin() as connection:
        made = await connection.run_sync(config)
    await database.dispose()
    assert ScriptDirectory.from_config(made).get_current_head() == newest()


async def test_a_database_that_stopped_half_way_is_brought_to_the_newest_revision(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/q.db")
    await migrate(database, to="0002")
    assert await _revision(database) == "0002"
    await migrate(database)
    assert await _revision(database) == newest()
    await database.dispose()


async def test_a_database_at_the_newest_revision_is_left_as_it_is(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/q.db")
    await migrate(database)
    async with database.writer.begin() as connection:
        await connection.execute(text("DROP TABLE log_cosignature"))
    await migrate(database)
    async with database.reader.connect() as connection:
        assert not await connection.run_sync(lambda sync: inspect(sync).has_table("log_cosignature"))
    await database.dispose()
