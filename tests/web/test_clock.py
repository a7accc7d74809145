"""What falls due happens once, whoever looks first, and no fault of one thing holds up another."""

import asyncio
from base64 import b64decode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from bidding.acts.opening import DeadlineReached
from bidding.refusals import Absent, Who
from crypto.certificates import Authority, Profile, Subject
from crypto.checkpoints import parse_checkpoint
from crypto.ledger import Entry, since
from crypto.ledger.log_queries import checkpoint, latest_size
from crypto.ledger.sequencer import STEP
from crypto.ledger.streams import lock
from crypto.notes import NoteSigner, open_note, parse_note
from crypto.receipts import stamp_digest
from crypto.timestamps import verify_token
from tests.conftest import NOON, at
from web.app import App
from web.clock import Ticker, every
from web.due import Duty
from web.sequencing import Sequencer, proof_of
from web.settings import Settings
from web.stamping import BuiltIn
from web.unit import working


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority.create(
        tmp_path_factory.mktemp("ca"), "口令", name="示例中心", now=NOON - timedelta(days=1)
    )


@pytest.fixture
def app(db, authority):
    tsa = authority.enrol(Profile.TSA, Subject(name="示例时间戳"), now=NOON - timedelta(days=1))
    made = App(settings=Settings(), db=db, clock=at(NOON))
    made.log_signer = NoteSigner("log.example", Ed25519PrivateKey.generate())
    made.timestamps = BuiltIn(tsa, db, at(NOON))
    return made


async def deadline(unit):
    """As an opening does it: once, guarded by what is already there."""
    await lock(unit.session, "tender/T1/public")
    seen = await since(unit.session, "tender/T1/public", 0)
    if not any(entry.kind == DeadlineReached.kind for entry in seen):
        await unit.record(DeadlineReached(tender_id="T1", deadline=NOON, heads=[], bids=[]))


def source(*duties):
    async def asked(_app, _session, _now):
        return list(duties)

    return asked


async def kinds(db):
    async with db.reading() as session:
        return list((await session.execute(select(Entry.kind).order_by(Entry.id))).scalars())


async def test_two_replicas_let_a_deadline_fall_once_and_stamp_it_once(app, db):
    due = source(Duty(kind="deadline", tender_id="T1", perform=deadline))
    replicas = [Ticker(app, Sequencer(app), [due]) for _ in range(2)]
    await asyncio.gather(*(one.tick() for one in replicas))
    await replicas[0].tick()
    found = await kinds(db)
    assert found.count("deadline.reached") == 1
    assert found.count("checkpoint.stamped") == 1


async def test_the_closing_checkpoint_holds_the_deadline_and_its_stamp_verifies(app, db, authority):
    await Ticker(app, Sequencer(app), [source(Duty(kind="d", tender_id="T1", perform=deadline))]).tick()
    async with db.reading() as session:
        stamped = (await since(session, "tender/T1/public", 1))[0]
        head = await checkpoint(session)
    from crypto.jcs import parse

    body = parse(stamped.text.encode())["body"]
    open_note(body["note"], [app.log_signer.vkey])
    assert (body["size"], body["root"], head.forced) == (head.size, head.root.hex(), True)
    told = verify_token(
        b64decode(body["token"]),
        stamp_digest(parse_checkpoint(parse_note(body["note"]).text)),
        trust=authority.trust(now=NOON),
        chain=authority.chain(),
    )
    assert told.at == NOON


async def test_a_deadline_whose_stamp_failed_is_stamped_later_even_after_a_restart(app, db):
    working_stamper, app.timestamps = app.timestamps, None
    due = source(Duty(kind="d", tender_id="T1", perform=deadline))
    await Ticker(app, Sequencer(app), [due]).tick()
    assert "checkpoint.stamped" not in await kinds(db)
    app.timestamps = working_stamper
    restarted = Ticker(app, Sequencer(app), [])
    assert await restarted.passed_without_stamp() == {"T1"}
    task = asyncio.create_task(restarted.run())
    async with asyncio.timeout(5):
        while "checkpoint.stamped" not in await kinds(db):
            await asyncio.sleep(0.02)
    task.cancel()
    assert await restarted.passed_without_stamp() == set()


class _Gone(Absent):
    """Moved meanwhile."""

    code, rule, article, who = "test-gone", "TEST-2", "示例", Who.NOBODY


async def test_a_fault_a_refusal_or_a_deaf_room_holds_up_nothing_else(app, db):
    async def fails(_unit):
        raise ZeroDivisionError

    async def refuses(_unit):
        raise _Gone

    async def deaf(_app, _session, _now):
        raise OSError

    duties = [
        Duty(kind="a", tender_id="T1", perform=fails),
        Duty(kind="b", tender_id="T1", perform=refuses),
        Duty(kind="c", tender_id="T1", perform=deadline),
    ]
    await Ticker(app, Sequencer(app), [deaf, source(*duties)]).tick()
    assert "deadline.reached" in await kinds(db)


async def test_long_work_runs_beside_the_clock_and_once_at_a_time(app):
    started, let_go = [], asyncio.Event()

    async def long():
        started.append(1)
        await let_go.wait()

    ticker = Ticker(app, Sequencer(app), [source(Duty(kind="open", tender_id="T1", apart=long))])
    async with asyncio.timeout(2):
        await ticker.tick()
        await ticker.tick()
        await asyncio.sleep(0)
        assert len(started) == 1
        let_go.set()
        await ticker.finish_apart()
        await ticker.tick()
        await ticker.finish_apart()
    assert len(started) == 2


async def test_a_receipt_waits_for_its_proof_and_gets_a_promise_only_without_a_sequencer(app):
    async with working(app, by="x") as unit:
        await deadline(unit)
    (entry,) = unit.recorded
    assert await proof_of(app, entry.id, seconds=0.2) is None
    loop = asyncio.create_task(Sequencer(app).run())
    proof = await proof_of(app, entry.id, seconds=3)
    loop.cancel()
    assert proof is not None
    assert "log.example" in proof


async def test_covers_grow_the_log_only_while_a_tender_is_open(app, db):
    open_now = []

    async def is_open(_session, _now):
        return bool(open_now)

    sequencer = Sequencer(app)
    await sequencer._cover(is_open)
    async with db.reading() as session:
        assert await latest_size(session) == 0
    open_now.append(1)
    await sequencer._cover(is_open)
    async with db.reading() as session:
        assert await latest_size(session) == STEP


async def test_a_periodic_duty_survives_its_own_faults():
    done = []

    async def work():
        done.append(1)
        raise OSError

    task = asyncio.create_task(every(0.001, work, name="x"))
    async with asyncio.timeout(2):
        while len(done) < 3:
            await asyncio.sleep(0.005)
    task.cancel()
