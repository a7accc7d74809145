"""Sealed bids at the door: a receipt that verifies, one shape of no, and nothing for anyone else."""

import asyncio
import json
from base64 import b64encode

import pytest

from bidding.acts import bidder_stream
from bidding.bid.vault import LocalVault
from bidding.party.roles import Role
from crypto.ledger import head, since
from crypto.receipts import verify_receipt
from crypto.trust import Trust
from tests.bidding.bid import makers
from tests.conftest import NOON, TICK, at
from tests.web.bidders import SIGNER, endpoints, official, platform, sequencing, served, who

TRUSTED = Trust(log_vkey=str(SIGNER.vkey), witnesses=(), quorum=0, ca_roots_pem=(), tsa_roots_pem=())


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def tender_id(db):
    return await makers.a_tender(db)


@pytest.fixture
async def bidder(db):
    return await makers.a_bidder(db)


@pytest.fixture
def app(db, vault):
    return platform(db, vault)


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(served(app))


@pytest.fixture
def me(app, bidder):
    return who(app, bidder)


def form(order):
    return {
        "statement": b64encode(order.statement).decode(),
        "signature": b64encode(order.signature).decode(),
        "objects": dict(order.objects),
    }


async def an_order(db, vault, tmp_path, tender_id, bidder, **changed):
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    return await makers.order_of(db, vault, tender_id, bidder, folder, **changed)


async def submitted(client, tender_id, order, me, **headers):
    return await client.post(f"/api/tenders/{tender_id}/bids", json=form(order), headers={**me, **headers})


async def codes(db, tender_id, bidder):
    async with db.reading() as session:
        entries = await since(session, bidder_stream(tender_id, bidder.actor.organisation_id), 0)
    return [json.loads(entry.text)["body"].get("code", entry.kind) for entry in entries]


async def test_a_receipt_proves_the_bid_offline(client, app, db, vault, tmp_path, tender_id, bidder, me):
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    async with sequencing(app):
        answer = await submitted(client, tender_id, order, me)
        told = await answer.json()
    assert answer.status == 201
    proven = verify_receipt(told["proof"], TRUSTED)
    assert proven.text == told["entry"]
    assert proven.entry["body"]["statement_sha256"] == told["statement_sha256"]
    assert (told["seq"], told["promise"], told["kind"]) == (1, None, "bid.submitted")
    assert {one["name"] for one in told["objects"]} == set(order.objects)


async def test_without_a_sequencer_the_receipt_is_a_promise_and_the_proof_comes_later(
    client, app, db, vault, tmp_path, tender_id, bidder, me, monkeypatch
):
    monkeypatch.setattr("web.api.bids._PROOF_SECONDS", 0.1)
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    told = await (await submitted(client, tender_id, order, me)).json()
    assert told["proof"] is None
    assert verify_receipt(told["promise"], TRUSTED).promised_at == NOON
    address = f"/api/tenders/{tender_id}/receipts/{told['seq']}/proof"
    assert (await client.get(address, headers=me)).status == 404
    async with sequencing(app):
        monkeypatch.setattr("web.api.bids._PROOF_SECONDS", 3.0)
        proof = await (await client.get(address, headers=me)).text()
    assert verify_receipt(proof, TRUSTED).text == told["entry"]


async def test_the_same_key_gets_the_same_receipt_and_its_outcome_can_be_asked_for(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    key = {"Idempotency-Key": "submit-0001"}
    async with sequencing(app):
        assert (await client.get("/api/bids/outcomes/submit-0001", headers=me)).status == 404
        first = await (await submitted(client, tender_id, order, me, **key)).json()
        again = await (await submitted(client, tender_id, order, me, **key)).json()
        known = await (await client.get("/api/bids/outcomes/submit-0001", headers=me)).json()
        other = makers.replace(order, signature=order.signature + b"x")
        refused = await submitted(client, tender_id, other, me, **key)
    assert first["seq"] == again["seq"] == known["seq"]
    assert (first["entry"], first["bid_id"]) == (again["entry"], again["bid_id"])
    assert (refused.status, (await refused.json())["code"]) == (409, "idempotency-key-reused")


async def test_an_outcome_is_known_to_its_own_bidder_alone(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    rival = who(app, await makers.a_bidder(db, 1))
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    async with sequencing(app):
        await submitted(client, tender_id, order, me, **{"Idempotency-Key": "submit-0001"})
        assert (await client.get("/api/bids/outcomes/submit-0001", headers=rival)).status == 404
        assert (await client.get(f"/api/tenders/{tender_id}/receipts/1", headers=rival)).status == 404
        assert (await client.get(f"/api/tenders/{tender_id}/receipts/1", headers=me)).status == 200
    for address in (f"/api/tenders/{tender_id}/bids/mine", "/api/bids"):
        assert await (await client.get(address, headers=rival)).json() == {"bids": []}


async def test_one_tick_late_is_refused_without_a_receipt_and_written_down(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    app.clock = at(await makers.deadline_of(db, tender_id) + TICK)
    answer = await submitted(client, tender_id, order, me)
    told = await answer.json()
    assert (answer.status, told["code"], told["rule"]) == (409, "bid-late", "E-03")
    assert told["zh"]["cause"]
    assert told["en"]["remedy"]
    assert await codes(db, tender_id, bidder) == ["bid-late"]


async def test_every_refusal_is_recorded_under_its_code_and_keeps_nothing(
    client, db, vault, tmp_path, tender_id, bidder, me
):
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    short = {name: id_ for name, id_ in order.objects.items() if name != "docs.age"}
    for wrong in (
        makers.replace(order, statement=b"PK\x03\x04"),
        makers.replace(order, signature=b"none"),
        makers.replace(order, objects=short),
    ):
        assert (await submitted(client, tender_id, wrong, me)).status == 422
    assert await codes(db, tender_id, bidder) == ["bid-ill-formed", "bid-signature-broken", "bid-incomplete"]
    assert await (await client.get("/api/bids", headers=me)).json() == {"bids": []}


async def test_replacing_and_withdrawing_show_in_ones_own_list(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    async with sequencing(app):
        for _ in range(2):
            order = await an_order(db, vault, tmp_path, tender_id, bidder)
            assert (await submitted(client, tender_id, order, me)).status == 201
        gone = await client.delete(f"/api/tenders/{tender_id}/bids/mine", headers=me)
        told = await gone.json()
    assert (gone.status, told["kind"]) == (200, "bid.withdrawn")
    assert verify_receipt(told["proof"], TRUSTED).entry["body"]["bid_id"] == told["bid_id"]
    listed = await (await client.get(f"/api/tenders/{tender_id}/bids/mine", headers=me)).json()
    assert [(one["round"], one["state"]) for one in listed["bids"]] == [(1, "replaced"), (2, "withdrawn")]


async def test_what_to_seal_to_is_told_to_the_bidder(client, app, db, vault, tmp_path, tender_id, bidder, me):
    told = await (await client.get(f"/api/tenders/{tender_id}/sealing", headers=me)).json()
    assert (told["round"], told["previous"], told["stage"], told["lot"]) == (1, None, "single", tender_id)
    assert len(told["layers"]) == 2
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    async with sequencing(app):
        receipt = await (await submitted(client, tender_id, order, me)).json()
    told = await (await client.get(f"/api/tenders/{tender_id}/sealing", headers=me)).json()
    assert (told["round"], told["previous"]) == (2, receipt["statement_sha256"])


@pytest.mark.parametrize(
    "role",
    [
        Role.AGENCY_HOST,
        Role.PROCURING_ENTITY,
        Role.SUPERVISOR,
        Role.CENTRE_OPS,
        Role.LAYER_HOLDER,
        Role.RECORDER,
    ],
)
async def test_no_official_has_a_door_to_bids(client, app, tender_id, role):
    app.door.actors["official"] = official(role)
    for row in endpoints():
        if row.is_public:
            continue
        path = row.path.format(tender_id=tender_id, upload_id="u", key="k-00000001", seq="1")
        answer = await client.request(row.method, path, headers={"X-Who": "official"})
        assert answer.status == 403, row.path


async def test_a_bid_leaves_no_trace_in_any_stream_but_its_bidders(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    async with sequencing(app):
        await submitted(client, tender_id, order, me)
    async with db.reading() as session:
        assert await head(session, bidder_stream(tender_id, bidder.actor.organisation_id)) == 1
        for stream in (f"tender/{tender_id}/public", f"tender/{tender_id}/desk", "platform"):
            assert await head(session, stream) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"statement": 1}, {"statement": "%%%"}, {"objects": {}}, {"objects": {"../x": "y"}}, {"extra": 1},
        {"objects": {"docs.age": "x" * 37}}, {"signature": ""},
    ],
)  # fmt: skip
async def test_a_form_that_is_none_is_a_defect(client, db, tender_id, me, wrong):
    plain = {"statement": "e30=", "signature": "e30=", "objects": {"docs.age": "0" * 36}}
    answer = await client.post(f"/api/tenders/{tender_id}/bids", json=plain | wrong, headers=me)
    assert (answer.status, (await answer.json())["code"]) == (422, "form-defect")


async def test_two_bidders_submit_at_once_without_waiting_for_each_other(
    client, app, db, vault, tmp_path, tender_id, bidder, me
):
    rival = await makers.a_bidder(db, 1)
    (tmp_path / "two").mkdir()
    orders = [
        (await an_order(db, vault, tmp_path, tender_id, bidder), me),
        (await an_order(db, vault, tmp_path / "two", tender_id, rival), who(app, rival)),
    ]
    async with sequencing(app):
        answers = await asyncio.gather(*(submitted(client, tender_id, order, one) for order, one in orders))
    assert [answer.status for answer in answers] == [201, 201]
    assert [(await answer.json())["seq"] for answer in answers] == [1, 1]
