"""The rows measure what they say: small forms of the parts that need no server."""

import asyncio

from sqlalchemy import text

from bidding.bid.vault import LocalVault
from crypto.ledger.engine import Database
from web.bench import world as worlds
from web.bench.b02_envelope import _Files
from web.bench.b03_ledger import _append, _proving
from web.bench.b12_durable import _counted, _Event, _Span
from web.bench.figures import Absent
from web.bench.meeting import Meeting, document


def test_each_way_of_opening_gives_back_the_file(tmp_path):
    files = _Files(tmp_path, 1)
    cases = files.cases()
    for name in ("open", "age open", "pyrage open"):
        if name in cases:
            cases[name]()
    plains = [path.read_bytes() for path in tmp_path.glob("*.plain")]
    assert plains
    assert all(plain == files.plain.read_bytes() for plain in plains)


def test_a_log_made_for_measuring_is_sound_and_proves(tmp_path):
    found = asyncio.run(_proving(tmp_path, 500))
    assert found.inclusion > 0
    assert found.consistency > 0


async def test_an_append_that_is_measured_is_a_real_one(db_url):

    db = Database(db_url)
    try:
        await _append(db, "one")
        await _append(db, "one")
        async with db.reading() as session:
            found = await session.execute(text("SELECT seq FROM ledger_entry ORDER BY id"))
        assert list(found.scalars()) == [1, 2]
    finally:
        await db.dispose()


def test_a_sync_after_the_answer_is_told_apart():
    events = [_Event(1.0, is_sync=True), _Event(2.0, is_sync=False), _Event(3.0, is_sync=True)]
    before, after = _counted("a bid", _Span(0.0, 4.0), events)
    assert (before.ours, after.ours) == (1, 1)
    assert after.verdict == "short"


def test_a_trace_without_an_answer_counts_nothing():
    (line,) = _counted("a bid", _Span(0.0, 1.0), [_Event(0.5, is_sync=True)])
    assert isinstance(line, Absent)


async def test_an_opening_made_for_measuring_opens_every_bid(tmp_path):
    world = await asyncio.to_thread(worlds.build, tmp_path, domain="bench.example", bidders=3)
    db = Database(world.url)
    try:
        meeting = Meeting(world, db, LocalVault(tmp_path / "objects"), world.now)
        await meeting.fill(document(tmp_path, 1))
        await meeting.to_the_layers()
        await meeting.release_layers()
        assert await meeting.open_all() == 3
        await meeting.announce()
    finally:
        await db.dispose()
