"""The short way for hot statements changes how they travel, and nothing else."""

from datetime import datetime

import pytest
from sqlalchemy import bindparam, func, select, update

from crypto.ledger.direct import Direct
from crypto.ledger.tables import Entry, Stream
from tests.crypto.ledger.makers import ring

_HEAD = Direct(select(Stream.last_seq, Stream.head).where(Stream.id == bindparam("id")))
_RAISE = Direct(update(Stream).where(Stream.id == bindparam("which")).values(last_seq=bindparam("seq")))


async def test_it_sees_what_its_transaction_wrote_and_a_rollback_undoes_it(db):
    await ring(db, 1)
    async with db.writing() as session, session.begin() as transaction:
        assert list(await _RAISE(session, which="tower/1", seq=7)) == []
        assert [row[0] for row in await _HEAD(session, id="tower/1")] == [7]
        await transaction.rollback()
    async with db.reading() as session:
        assert [row[0] for row in await _HEAD(session, id="tower/1")] == [1]


async def test_what_the_session_holds_back_is_written_first(db):
    async with db.writing() as session, session.begin():
        session.add(Stream(id="tower/2", last_seq=3, head=b"\x07" * 32))
        assert [tuple(row) for row in await _HEAD(session, id="tower/2")] == [(3, b"\x07" * 32)]


async def test_an_instant_is_written_as_the_orm_writes_it(db):
    await ring(db, 2)
    async with db.reading() as session:
        at = (await session.execute(select(Entry.at).where(Entry.seq == 2))).scalar_one()
        counted = Direct(select(func.count()).where(Entry.at == bindparam("at", type_=Entry.at.type)))
        assert isinstance(at, datetime)
        assert [row[0] for row in await counted(session, at=at)] == [1]


async def test_a_naive_instant_is_refused_here_too(db):
    counted = Direct(select(func.count()).where(Entry.at == bindparam("at", type_=Entry.at.type)))
    async with db.reading() as session:
        with pytest.raises(Exception, match="naive"):
            await counted(session, at=datetime(2026, 11, 23, 4, 0))  # noqa: DTZ001 -- the very defect
