import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crypto import merkle
from crypto.ledger import log_queries, sequencer
from crypto.ledger.log_tables import Head, Leaf, TreeNode
from crypto.ledger.sequencer import cover, integrate, next_cover_delay
from crypto.merkle import Frontier, leaf_hash
from crypto.notes import open_note
from tests.crypto.ledger.makers import NOON, ORIGIN, SIGNER, entries, leaves, ring, take_in


async def count(db, table):
    async with db.reading() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_nothing_to_do_is_nothing_done(db):
    assert await take_in(db) is None
    assert await count(db, Head) == 0


@pytest.mark.parametrize(("real", "total"), [(1, 8), (7, 8), (8, 8), (9, 16), (17, 24)])
async def test_every_batch_is_filled_to_a_multiple_of_eight(db, real, total):
    await ring(db, real)
    assert (await take_in(db)).size == total
    rows = await leaves(db)
    assert [row.index for row in rows] == list(range(total))
    assert sum(row.entry_id is not None for row in rows) == real


async def test_entries_keep_their_order_among_the_covers(db):
    first = await ring(db, 5)
    await take_in(db)
    second = [*await ring(db, 3, tower="tower/2"), *await ring(db, 10)]
    await take_in(db)
    assert [row.entry_id for row in await leaves(db) if row.entry_id] == first + second


async def test_a_leaf_is_the_commitment_of_its_entry(db):
    await ring(db, 11)
    await take_in(db)
    known = {entry.id: entry.commitment for entry in await entries(db)}
    rows = await leaves(db)
    assert {row.entry_id: row.commitment for row in rows if row.entry_id} == known
    assert len({row.commitment for row in rows}) == len(rows)


async def test_covers_stand_at_any_place(db):
    places = set()
    for turn in range(12):
        await ring(db, 1, tower=f"tower/{turn}")
        await take_in(db)
    places = {row.index % 8 for row in await leaves(db) if row.entry_id}
    assert len(places) > 1  # all at one place: once in 8**11


async def test_the_checkpoint_signs_the_root_of_all_leaves(db):
    for batch in (3, 20, 9):
        await ring(db, batch)
        head = await take_in(db, now=NOON + timedelta(seconds=batch))
        hashes = [leaf_hash(row.commitment) for row in await leaves(db)]
        assert (head.size, head.root, head.origin) == (len(hashes), merkle.root_of(hashes), ORIGIN)
    async with db.reading() as session:
        signed = await log_queries.checkpoint(session)
    open_note(signed.note, [SIGNER.vkey])
    assert (signed.note.text, signed.at, signed.forced) == (head.text, NOON + timedelta(seconds=9), False)


async def test_exactly_the_completed_subtrees_are_kept(db):
    await ring(db, 40)
    await take_in(db)
    await ring(db, 30)
    await take_in(db)
    frontier, expected = Frontier(), {}
    for row in await leaves(db):
        expected |= {node.place: hashed for node, hashed in frontier.append(leaf_hash(row.commitment))}
    async with db.reading() as session:
        kept = (await session.execute(select(TreeNode))).scalars().all()
    assert {row.place: row.hash for row in kept} == expected


async def test_nothing_waits_after_it_was_taken_in(db):
    await ring(db, 3)
    async with db.reading() as session:
        assert await log_queries.waiting(session) == 3
    await take_in(db)
    async with db.reading() as session:
        assert await log_queries.waiting(session) == 0
    assert await take_in(db) is None


async def test_a_large_backlog_is_taken_in_by_parts_and_at_a_deadline_whole(db, monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH", 16)
    await ring(db, 40)
    assert (await take_in(db)).size == 16
    assert (await take_in(db, forced=True)).size == 40
    assert await take_in(db) is None


async def test_a_forced_checkpoint_is_made_even_when_nothing_waits(db):
    await ring(db, 2)
    await take_in(db)
    head = await take_in(db, forced=True, now=NOON + timedelta(hours=1))
    async with db.reading() as session:
        kept = await log_queries.checkpoint(session, head.size)
    assert (head.size, kept.forced, kept.at) == (16, True, NOON + timedelta(hours=1))


async def test_covers_alone_make_the_log_grow(db):
    async with db.writing() as session, session.begin():
        head = await cover(session, signer=SIGNER, now=NOON)
    assert head.size == 8
    assert [row.entry_id for row in await leaves(db)] == [None] * 8


def test_the_wait_for_the_next_cover_is_random_and_bounded():
    rng = random.Random(7)
    waits = [next_cover_delay(rng).total_seconds() for _ in range(4000)]
    assert 18 < sum(waits) / len(waits) < 22
    assert 0 <= min(waits) < 0.1
    assert max(waits) <= 120
    assert next_cover_delay() != next_cover_delay()


async def test_what_is_rolled_back_was_never_in_the_log(db):
    await ring(db, 3)
    async with db.writing() as session, session.begin() as transaction:
        await integrate(session, signer=SIGNER, now=NOON)
        await transaction.rollback()
    assert (await count(db, Head), await count(db, Leaf), await count(db, TreeNode)) == (0, 0, 0)
    assert (await take_in(db)).size == 8


async def test_many_sequencers_at_once_make_one_log(db):
    async def writer(tower):
        for _ in range(6):
            await ring(db, 2, tower=tower)

    async def sequence():
        for _ in range(8):
            await take_in(db)

    await asyncio.gather(*(writer(f"tower/{n}") for n in range(3)), *(sequence() for _ in range(3)))
    await take_in(db)
    rows = await leaves(db)
    assert [row.index for row in rows] == list(range(len(rows)))
    in_log = [row.entry_id for row in rows if row.entry_id]
    assert sorted(in_log) == [entry.id for entry in await entries(db)]
    assert merkle.root_of(leaf_hash(row.commitment) for row in rows) == (await newest(db)).root
    streams = {entry.id: (entry.stream, entry.seq) for entry in await entries(db)}
    order = [streams[entry_id] for entry_id in in_log]
    for tower in range(3):
        assert [seq for stream, seq in order if stream == f"tower/{tower}"] == list(range(1, 13))


async def newest(db):
    async with db.reading() as session:
        return await log_queries.checkpoint(session)
