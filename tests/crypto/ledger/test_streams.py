"""The ledger's streams: dense, chained, append-only, on both databases."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crypto.ledger import Unit, head, since
from crypto.ledger.acts import Act
from crypto.ledger.leaves import commitment
from tests.conftest import NOON, at


@dataclass(frozen=True, kw_only=True)
class Knocked(Act):
    kind = "test.knocked"
    audience = "public"
    door: str

    @property
    def stream(self) -> str:
        return f"test/{self.door}"


async def knock(db, door: str, times: int) -> None:
    for _ in range(times):
        async with db.writing.begin() as session:
            await Unit(session, by="tester", clock=at(NOON)).record(Knocked(door=door))


async def test_each_stream_counts_from_one_without_a_gap(db):
    await knock(db, "a", 3)
    await knock(db, "b", 1)
    async with db.reading() as session:
        assert [entry.seq for entry in await since(session, "test/a", 0)] == [1, 2, 3]
        assert [entry.seq for entry in await since(session, "test/a", 2)] == [3]
        assert (await head(session, "test/b"), await head(session, "test/none")) == (1, 0)


async def test_an_act_that_is_rolled_back_leaves_no_number_behind(db):
    await knock(db, "a", 1)
    async with db.writing() as session, session.begin() as transaction:
        await Unit(session, by="tester", clock=at(NOON)).record(Knocked(door="a"))
        await transaction.rollback()
    await knock(db, "a", 1)
    async with db.reading() as session:
        assert [entry.seq for entry in await since(session, "test/a", 0)] == [1, 2]


async def test_each_entry_names_the_commitment_of_the_one_before(db):
    await knock(db, "a", 2)
    async with db.reading() as session:
        first, second = await since(session, "test/a", 0)
    assert first.commitment == commitment(first.blind, first.text)
    assert f'"prev":"{first.commitment.hex()}"' in second.text


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET kind='x'", "DELETE FROM ledger_entry"])
async def test_the_database_itself_refuses_to_change_an_entry(db, statement):
    await knock(db, "a", 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with db.writing.begin() as session:
            await session.execute(text(statement))


async def test_the_clock_is_read_once_for_an_act_and_is_aware(db):
    async with db.writing.begin() as session:
        unit = Unit(session, by="tester")
        first = await unit.now()
        assert first.tzinfo is not None
        assert await unit.now() == first
