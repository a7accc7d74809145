"""kill -9 in the middle of everything: what was receipted stands, what was begun goes on."""

import asyncio
import random
import secrets
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from crypto.keys import read_key_file
from crypto.receipts import verify_receipt
from tests.journeys.district import PASSPHRASE, District, sealed, seat, trust_of, uploaded
from tests.journeys.processes import Replica
from web.client import Client, Refused, Unreachable, release_bid, release_layer, submit, upload_file
from web.client.uploads import begin_upload, standing

CHUNK = 1 << 20
SIZE = 6 * CHUNK
SEED = 20260118


@pytest.fixture(autouse=True)
def _running(replica: Replica) -> None:
    replica.start()


async def test_an_upload_that_is_killed_in_the_middle_of_a_piece_sends_at_most_that_piece_again(
    replica, district, begin, tmp_path
):
    chance, one = random.Random(SEED), await begin(district)
    path = tmp_path / "docs.age"
    path.write_bytes(b"age-encryption.org/v1\n" + secrets.token_bytes(SIZE))
    upload = await begin_upload(one.client, one.tender.id, path)
    for _ in range(2):
        kept = await standing(one.client, one.tender.id, upload)
        sent = await _upload_and_kill(replica, one, path, upload, kept + chance.randrange(SIZE // 3))
        await asyncio.to_thread(replica.start)
        now = await standing(one.client, one.tender.id, upload)
        assert kept <= now
        assert sent - now <= CHUNK
    await upload_file(one.client, one.tender.id, path, upload, chunk=CHUNK)
    assert await standing(one.client, one.tender.id, upload) == path.stat().st_size


async def test_a_bid_whose_submission_is_killed_is_in_once_and_its_receipt_verifies(
    replica, district, begin, tmp_path
):
    chance, one = random.Random(SEED), await begin(district)
    address, receipts = f"/api/tenders/{one.tender.id}/bids", []
    for _ in range(3):
        body = await uploaded(
            one.client, one.tender, await sealed(one.client, one.tender, one.party, tmp_path)
        )
        key = secrets.token_hex(16)
        call = asyncio.create_task(one.client.post(address, body, key=key))
        await asyncio.sleep(chance.uniform(0.0, 0.15))
        await asyncio.to_thread(replica.kill)
        early = await _outcome(call)
        await asyncio.to_thread(replica.start)
        receipts += [early] if early else []
        receipts.append(await one.client.post(address, body, key=key))
        receipts.append(await one.client.get(f"/api/bids/outcomes/{key}"))
    bids = (await one.client.get(f"{address}/mine"))["bids"]
    assert sorted((bid["round"], bid["state"]) for bid in bids) == [
        (1, "replaced"), (2, "replaced"), (3, "submitted"),
    ]  # fmt: skip
    trust = trust_of(district)
    seen = {verify_receipt(one["proof"] or one["promise"], trust).text for one in receipts}
    assert len(seen) == 3


async def test_an_opening_goes_on_where_it_was_killed_and_every_act_happens_once(replica, district, tmp_path):
    async with AsyncExitStack() as stack:
        hall = await _hall(replica, district, stack, tmp_path)
        await hall.to_the_keys()
        await hall.release_through_a_kill()
        await hall.pause_through_a_kill()
        await hall.open_the_layers_through_a_kill()
        await hall.prices()
        await hall.record_through_kills()
        entries = await hall.everything()
    for receipt in hall.receipts:
        verify_receipt(receipt["proof"] or receipt["promise"], trust_of(district))
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    kinds = [entry["kind"] for entry in entries]
    assert {kind: kinds.count(kind) for kind in ONCE} == ONCE


ONCE = {
    "deadline.reached": 1,
    "opening.started": 1,
    "key.bidder-released": 3,
    "key.layer-released": 2,
    "bid.decrypted": 3,
    "bid.announced": 3,
    "record.drawn": 1,
    "record.signed": 3,
    "record.confirmed": 3,
    "opening.closed": 1,
    "record.published": 1,
}


class Hall:
    """An opening with three bidders, and the one server under it that is killed."""

    def __init__(self, replica: Replica, tender: Any, people: dict[str, Any], bidders: list[Any]) -> None:
        self._replica, self._tender, self._people, self._bidders = replica, tender, people, bidders
        self._chance = random.Random(SEED)
        self.receipts = [receipt for _, _, receipt in bidders]

    async def do(self, verb: str, body: Any = None, *, by: str = "host") -> Any:
        return await self._people[by].post(f"/api/tenders/{self._tender.id}/opening{verb}", body)

    async def look(self) -> Any:
        return (await self._people["host"].get(f"/api/tenders/{self._tender.id}/opening"))["hall"]

    async def until(self, holds: Any, *, seconds: float = 40) -> Any:
        async with asyncio.timeout(seconds):
            while not holds(seen := await self.look()):
                await asyncio.sleep(0.1)
        return seen

    async def to_the_keys(self) -> None:
        await self.until(lambda seen: seen["state"] == "deadline_reached")
        await self.do("/start")
        await self.do("/discipline", {"text": "请保持安静。"})
        await self.do("/advance")
        await self.do("/list")
        await self.do("/advance")
        for bid in (await self.look())["bids"]:
            await self.do("/identity-checks", {"bidder_id": bid["bidder_id"], "is_ok": True})
        for verb in ("/deposits", "/advance", "/cap", "/advance"):
            await self.do(verb)

    async def release_through_a_kill(self) -> None:
        before = await self.look()
        await self._through_a_kill(*(self._release(*bidder) for bidder in self._bidders))
        after = await self.look()
        assert [one["closes_at"] for one in after["windows"]] == [
            one["closes_at"] for one in before["windows"]
        ]
        assert (after["state"], after["stage"]) == ("running", "decrypt_bidder")
        await asyncio.gather(*(self._release(*bidder) for bidder in self._bidders))
        assert (await self.look())["released"] == 3

    async def pause_through_a_kill(self) -> None:
        await self.do("/pause", {"reason": "示例:核实一项举报"})
        before = await self.look()
        await self._through_a_kill()
        after = await self.look()
        assert after["windows"] == before["windows"]
        assert after["state"] == "paused"
        await self.do("/resume", {})
        await self.do("/windows/release/end")
        await self.do("/advance")

    async def open_the_layers_through_a_kill(self) -> None:
        keys = self._tender.layer_keys
        await release_layer(self._people["holder-1"], self._tender.id, keys[0])
        await self._through_a_kill(release_layer(self._people["holder-2"], self._tender.id, keys[1]))
        await release_layer(self._people["holder-2"], self._tender.id, keys[1])
        await self.until(lambda seen: seen["is_decryption_over"])
        assert (await self.look())["opened"] == 3

    async def prices(self) -> None:
        await self.do("/advance")
        await self._bidders_say("/price/confirmation")
        for verb in ("/windows/price_confirm/end", "/advance", "/announcements/all", "/advance"):
            await self.do(verb)
        for verb in ("/analysis", "/advance"):
            await self.do(verb)
        await self._bidders_say("/objections/none")
        for verb in ("/windows/objection/end", "/advance"):
            await self.do(verb)

    async def record_through_kills(self) -> None:
        await self._through_a_kill(self.do("/record", {}))
        if (await self.look())["record"] is None:
            await self.do("/record", {})
        signing = {"host": "agency_host", "entity": "procuring_entity", "witness": "opening_witness"}
        words = [("/record/1/signatures", {"role": role}, who) for who, role in signing.items()]
        await self._through_a_kill(*(self.do(verb, body, by=who) for verb, body, who in words))
        for verb, body, who in words:
            await self.do(verb, body, by=who)
        await self._bidders_say("/record/1/confirmation")
        for verb in ("/windows/record_confirm/end", "/advance", "/files"):
            await self.do(verb)
        await self._through_a_kill(self.do("/close", {}))
        if (await self.look())["state"] == "running":
            await self.do("/close", {})
        await self.until(lambda seen: seen["state"] == "published")

    async def everything(self) -> list[Any]:
        answer = await self._people["host"].get(f"/api/feeds/{self._tender.id}/public")
        assert not answer["more"]
        return list(answer["entries"])

    async def _release(self, client: Client, identity: str, _receipt: Any) -> None:
        await release_bid(client, self._tender.id, identity)

    async def _bidders_say(self, verb: str) -> None:
        for client, _, _ in self._bidders:
            await client.post(f"/api/tenders/{self._tender.id}/opening{verb}")

    async def _through_a_kill(self, *works: Any) -> None:
        """Begin all *works*, kill the server somewhere in them, and start it again."""
        tasks = [asyncio.create_task(work) for work in works]
        await asyncio.sleep(self._chance.uniform(0.01, 0.12))
        await asyncio.to_thread(self._replica.kill)
        for task in tasks:
            await _outcome(task)
        await asyncio.to_thread(self._replica.start)


async def _hall(replica: Replica, district: District, stack: AsyncExitStack, home: Path) -> Hall:
    """Everyone enters; three bids are in a few seconds before the deadline falls."""
    host, entity = await district.host(), await district.admit(Kind.PROCURING_ENTITY, Role.PROCURING_ENTITY)
    witness = await district.admit(Kind.CENTRE, Role.OPENING_WITNESS)
    holders = [await district.admit(Kind.AGENCY, Role.LAYER_HOLDER) for _ in range(2)]
    parties = {"host": host, "entity": entity, "witness": witness} | {
        f"holder-{number}": holder for number, holder in enumerate(holders, start=1)
    }
    people = {name: await _client(replica, party, stack) for name, party in parties.items()}
    callers = [
        (await _client(replica, party, stack), party) for party in [await district.bidder() for _ in "甲乙丙"]
    ]
    tender = await district.tender(host, seconds=15, holders=holders)
    async with district.acting() as unit:
        await seat(unit, tender.id, entity, Role.PROCURING_ENTITY)
        await seat(unit, tender.id, witness, Role.OPENING_WITNESS)
    bidders = [await _bid(client, tender, party, home) for client, party in callers]
    return Hall(replica, tender, people, bidders)


async def _client(replica: Replica, party: Any, stack: AsyncExitStack) -> Client:
    client = await stack.enter_async_context(Client(replica.url, credential=party.credential))
    await client.sign_in()
    return client


async def _bid(client: Client, tender: Any, party: Any, home: Path) -> Any:
    folder = await sealed(client, tender, party, home)
    receipt = await submit(client, tender.id, folder)
    key = await asyncio.to_thread(read_key_file, folder.with_name(folder.name + ".qfkey"), PASSPHRASE)
    return client, key.identity, receipt


async def _upload_and_kill(replica: Replica, one: Any, path: Path, upload: str, at: int) -> int:
    """Upload until *at* bytes went out, and kill the server in that very piece; how many went out."""
    sent = 0

    def watch(_name: str, done: int, _size: int) -> None:
        nonlocal sent
        sent = max(sent, done)
        if done >= at and replica.process is not None and replica.process.poll() is None:
            replica.kill()

    task = asyncio.create_task(
        upload_file(one.client, one.tender.id, path, upload, chunk=CHUNK, on_progress=watch)
    )
    while replica.process is not None and replica.process.poll() is None:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return sent


async def _outcome(task: "asyncio.Task[Any]") -> Any:
    """What the call brought; None where the kill cut it off."""
    try:
        return await task
    except Unreachable:
        return None
    except Refused as refused:
        raise AssertionError(refused.code) from refused
