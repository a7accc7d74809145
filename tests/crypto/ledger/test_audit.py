import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.commitments import commitment
from crypto.ledger import audit as auditing
from crypto.ledger.audit import audit
from crypto.ledger.log_queries import checkpoint
from crypto.merkle import Frontier
from tests.crypto.ledger.makers import SIGNER, entries, ring, take_in


async def tamper(db, *statements, **values):
    """What the owner of the database can do once the guards are off."""
    if db.is_sqlite:
        tamper_with_file(db.url.partition("///")[2], statements, values)
        return
    async with db.writing() as session, session.begin():
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement), values)


def tamper_with_file(path, statements, values):
    with closing(sqlite3.connect(path)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement, values)


def places_of(size):
    """Which nodes a log of *size* leaves has."""
    tree = Frontier()
    return [node.place for _ in range(size) for node, _ in tree.append(b"")]


async def faults(db, **options):
    async with db.reading() as session:
        return await audit(session, log=SIGNER.vkey, **options)


async def newest(db):
    async with db.reading() as session:
        return parse_checkpoint((await checkpoint(session)).note.text)


@pytest.fixture
async def ledger(db):
    """Two towers, three batches, one act that still waits: entries 1 to 26."""
    await ring(db, 12)
    await take_in(db)
    await ring(db, 5, tower="tower/2")
    await take_in(db)
    await ring(db, 8)
    await take_in(db)
    await ring(db, 1, tower="tower/2")
    return db


async def test_an_honest_ledger_is_clean(ledger):
    assert await faults(ledger, known=[await newest(ledger)]) == []


async def test_an_honest_ledger_is_clean_page_by_page(ledger, monkeypatch):
    monkeypatch.setattr(auditing, "PAGE", 3)
    assert await faults(ledger, known=[await newest(ledger)]) == []


async def test_an_empty_ledger_is_clean(db):
    assert await faults(db) == []


@pytest.mark.parametrize("page", [3, 2048])
async def test_an_edited_text_is_named(ledger, monkeypatch, page):
    monkeypatch.setattr(auditing, "PAGE", page)
    await tamper(ledger, "UPDATE ledger_entry SET text = replace(text, '3,\"t', '4,\"t') WHERE id = 4")
    assert await faults(ledger) == ["entry 4 (tower/1 seq 4): its text is not what was committed to"]


async def test_an_edit_with_its_commitment_is_named(ledger):
    fourth = (await entries(ledger))[3]
    forged = fourth.text.replace('"times":3', '"times":4')
    sealed = commitment(fourth.blind, forged)
    await tamper(
        ledger,
        "UPDATE ledger_entry SET text = :text, commitment = :seal WHERE id = 4",
        text=forged,
        seal=sealed,
    )
    found = await faults(ledger)
    assert found[0] == "entry 5 (tower/1 seq 5): it does not continue the entry before it"
    assert "(entry 4): not the commitment of its entry" in found[1]


async def test_an_edit_carried_into_the_leaf_breaks_the_checkpoint(ledger):
    last = (await entries(ledger))[24]
    forged = last.text.replace('"times":7', '"times":8')
    sealed = commitment(last.blind, forged)
    await tamper(
        ledger,
        "UPDATE ledger_entry SET text = :text, commitment = :seal WHERE id = 25",
        "UPDATE ledger_stream SET head = :seal WHERE id = 'tower/1'",
        "UPDATE log_leaf SET commitment = :seal WHERE entry_id = 25",
        text=forged, seal=sealed,
    )  # fmt: skip
    found = await faults(ledger)
    assert found[0] == "checkpoint 32 (our own): other leaves, the first from leaf 24 on"


@pytest.mark.parametrize(
    ("column", "value"), [("by", "'another'"), ("at", "'2026-11-23 04:00:09'"), ("kind", "'test.other'")]
)
async def test_a_row_that_differs_from_its_text_is_named(ledger, column, value):
    await tamper(ledger, f'UPDATE ledger_entry SET "{column}" = {value} WHERE id = 4')
    assert (await faults(ledger))[0] == "entry 4 (tower/1 seq 4): its row differs from its text"


async def test_an_act_made_audible_to_others_is_named(ledger):
    await tamper(ledger, "UPDATE ledger_entry SET audience = 'experts' WHERE id = 4")
    assert await faults(ledger) == ["entry 4 (tower/1 seq 4): its audience is not that of its kind"]


async def test_a_deleted_entry_is_missed_by_the_one_after_it(ledger):
    await tamper(ledger, "DELETE FROM ledger_entry WHERE id = 4")
    found = await faults(ledger)
    assert found[0] == "entry 5 (tower/1 seq 5): seq 4 is missing before it"
    assert any(fault.endswith("(entry 4): its entry is gone") for fault in found)


async def test_a_tail_cut_off_is_missed_by_the_stream(ledger):
    await tamper(ledger, "DELETE FROM ledger_pending", "DELETE FROM ledger_entry WHERE id = 26")
    assert await faults(ledger) == ["stream tower/2: its head is seq 6, its last entry seq 5"]


async def test_a_stream_wiped_out_is_missed(ledger):
    await tamper(
        ledger, "DELETE FROM ledger_pending", "DELETE FROM ledger_entry WHERE stream = 'tower/2'",
        "DELETE FROM ledger_stream WHERE id = 'tower/2'",
    )  # fmt: skip
    found = await faults(ledger)
    assert len(found) == 5
    assert all(fault.endswith("its entry is gone") for fault in found)


async def test_entries_that_changed_places_are_named(ledger):
    await tamper(
        ledger,
        "UPDATE ledger_entry SET seq = 100 WHERE id = 4",
        "UPDATE ledger_entry SET seq = 4 WHERE id = 5",
        "UPDATE ledger_entry SET seq = 5 WHERE id = 4",
    )
    assert (await faults(ledger))[0] == "entry 5 (tower/1 seq 4): it does not continue the entry before it"


async def test_leaves_that_changed_places_are_named(ledger):
    await tamper(
        ledger,
        'UPDATE log_leaf SET "index" = 1000 WHERE "index" = 2',
        'UPDATE log_leaf SET "index" = 2 WHERE "index" = 3',
        'UPDATE log_leaf SET "index" = 3 WHERE "index" = 1000',
    )
    assert "checkpoint 16 (our own): other leaves, the first from leaf 0 on" in await faults(ledger)


async def test_a_deleted_leaf_is_named(ledger):
    await tamper(ledger, 'DELETE FROM log_leaf WHERE "index" = 9')
    found = [fault for fault in await faults(ledger) if fault.startswith("leaf ")]
    assert found[0].startswith("leaf 10")
    assert found[0].endswith("it stands where leaf 9 should")


async def test_an_altered_or_missing_node_is_named(ledger):
    await tamper(ledger, "UPDATE log_node SET hash = :other WHERE place = 11", other=bytes(32))
    assert await faults(ledger) == ["node 2/1: altered"]
    await tamper(ledger, "DELETE FROM log_node WHERE place = 11")
    assert await faults(ledger) == ["node 2/1: missing"]


async def test_a_log_cut_short_is_named(ledger):
    await tamper(ledger, 'DELETE FROM log_leaf WHERE "index" >= 24')
    assert "the newest checkpoint has 32 leaves, the log 24" in await faults(ledger)


async def test_an_entry_taken_out_of_the_queue_is_named(ledger):
    await tamper(ledger, "DELETE FROM ledger_pending")
    assert await faults(ledger) == ["entry 26 (tower/2 seq 6): it neither stands in the log nor waits for it"]


async def test_a_checkpoint_signed_by_another_is_named(ledger):
    await tamper(
        ledger,
        "UPDATE log_checkpoint SET note = replace(note, '— log.', '— a.') WHERE size = 16",
    )
    assert await faults(ledger) == ["checkpoint 16: not signed by any key that is trusted here"]


async def test_a_checkpoint_whose_row_lies_is_named(ledger):
    await tamper(ledger, "UPDATE log_checkpoint SET root = :other WHERE size = 16", other=bytes(32))
    assert await faults(ledger) == [
        "checkpoint 16 (our own): other leaves, the first from leaf 0 on",
        "checkpoint 16: its note says something else",
    ]


async def test_a_rollback_to_a_backup_shows_against_a_kept_checkpoint(ledger):
    kept = await newest(ledger)
    await tamper(
        ledger,
        'DELETE FROM log_leaf WHERE "index" >= 24',
        f"DELETE FROM log_node WHERE place NOT IN ({', '.join(map(str, places_of(24)))})",
        "DELETE FROM log_checkpoint WHERE size > 24",
        "DELETE FROM ledger_pending",
        "DELETE FROM ledger_entry WHERE id > 17",
        "UPDATE ledger_stream SET last_seq = (SELECT max(seq) FROM ledger_entry e"
        " WHERE e.stream = ledger_stream.id)",
        "UPDATE ledger_stream SET head = (SELECT commitment FROM ledger_entry e"
        " WHERE e.stream = ledger_stream.id AND seq = last_seq)",
    )
    assert await faults(ledger) == []  # a backup is consistent in itself
    assert await faults(ledger, known=[kept]) == [
        "checkpoint 32 (kept by others): the log was rolled back to 24 leaves"
    ]


async def test_a_second_story_shows_against_a_kept_checkpoint(ledger):
    told = Checkpoint(SIGNER.name, 24, bytes(32))
    assert await faults(ledger, known=[told]) == [
        "checkpoint 24 (kept by others): other leaves, the first from leaf 24 on"
    ]


async def test_the_list_of_faults_has_an_end(db):
    await ring(db, 150)
    await tamper(db, "UPDATE ledger_entry SET \"by\" = 'another'")
    assert len(await faults(db)) == 100


async def test_the_guards_are_on_until_they_are_taken_off(ledger):
    for statement in ("UPDATE ledger_entry SET text = ''", "DELETE FROM ledger_entry"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with ledger.writing() as session, session.begin():
                await session.execute(text(statement))
    assert await faults(ledger) == []
