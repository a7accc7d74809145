"""The log over HTTP: what an outsider downloads verifies, and what it grew from is proved."""

from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bidding.acts import PublicAct
from crypto.checkpoints import parse_checkpoint
from crypto.cosign import Cosigner, verify_cosignature
from crypto.merkle import leaf_hash, verify_consistency, verify_inclusion
from crypto.notes import NoteSigner, open_note, parse_note
from crypto.witness import ShortMemory, Witness, parse_add_checkpoint
from tests.conftest import NOON, at
from web.api import log as log_api
from web.app import App, application
from web.endpoint import gather
from web.sequencing import Sequencer
from web.settings import Log, Settings
from web.unit import working


@dataclass(frozen=True, kw_only=True)
class Logged(PublicAct):
    kind = "test.logged"
    words: str


@pytest.fixture
def cosigner():
    return Cosigner("witness.example", Ed25519PrivateKey.generate())


@pytest.fixture
def app(db, cosigner):
    settings = Settings(log=Log(name="log.example", witnesses=(str(cosigner.vkey),), quorum=1))
    made = App(settings=settings, db=db, clock=at(NOON))
    made.log_signer = NoteSigner("log.example", Ed25519PrivateKey.generate())
    return made


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(application(app, gather([log_api])))


async def grow(app, words):
    app.clock = at(NOON)
    async with working(app, by="x") as unit:
        await unit.record(Logged(tender_id="T1", words=words))
    return await Sequencer(app).step()


async def head(client, app):
    answer = await client.get("/log/checkpoint")
    note, _ = open_note(await answer.text(), [app.log_signer.vkey])
    return parse_checkpoint(note.text)


async def test_the_checkpoint_is_signed_and_its_tiles_are_the_leaves_it_counts(client, app):
    assert (await client.get("/log/checkpoint")).status == 404
    await grow(app, "一")
    found = await head(client, app)
    entries = await (await client.get("/log/tile/entries/000.p/8")).read()
    hashes = await (await client.get("/log/tile/0/000.p/8")).read()
    commitments = [entries[i * 34 + 2 : i * 34 + 34] for i in range(8)]
    assert [leaf_hash(one) for one in commitments] == [hashes[i * 32 : i * 32 + 32] for i in range(8)]
    path = (await (await client.get("/log/inclusion?index=3&size=8")).json())["path"]
    verify_inclusion(
        leaf=leaf_hash(commitments[3]),
        index=3,
        size=found.size,
        root=found.root,
        path=[bytes.fromhex(p) for p in path],
    )


async def test_growth_is_proved_between_any_two_checkpoints(client, app):
    old = await grow(app, "一")
    new = await grow(app, "二")
    path = (await (await client.get(f"/log/consistency?old={old.size}&new={new.size}")).json())["path"]
    verify_consistency(
        old=old.size,
        new=new.size,
        old_root=old.root,
        new_root=new.root,
        path=[bytes.fromhex(p) for p in path],
    )
    again = await (await client.get(f"/log/checkpoint/{old.size}")).text()
    assert parse_checkpoint(parse_note(again).text) == old


async def test_a_configured_witness_cosigns_and_its_line_is_served(client, app, cosigner):
    await grow(app, "一")
    asked = parse_add_checkpoint(await (await client.get("/log/witness/0")).text())
    witness = Witness(cosigner, [app.log_signer.vkey], ShortMemory())
    line = str(witness.add_checkpoint(asked, at=NOON))
    size = parse_checkpoint(asked.note.text).size
    assert (await client.post("/log/cosign/witness.example", json={"size": size, "line": line})).status == 204
    note = parse_note(await (await client.get("/log/checkpoint")).text())
    assert verify_cosignature(note, cosigner.vkey) == NOON


async def test_a_stranger_or_a_forged_line_is_not_kept(client, app, cosigner):
    await grow(app, "一")
    note = parse_note(await (await client.get("/log/checkpoint")).text())
    strange = Cosigner("witness.example", Ed25519PrivateKey.generate())
    forged = replace(strange.cosign(note.text, at=NOON), key_id=cosigner.vkey.key_id)
    for name, line in (("nobody.example", cosigner.cosign(note.text, at=NOON)), ("witness.example", forged)):
        answer = await client.post(f"/log/cosign/{name}", json={"size": 8, "line": str(line)})
        assert answer.status == 422
    served = parse_note(await (await client.get("/log/checkpoint")).text())
    assert len(served.signatures) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/log/tile/9/000",
        "/log/tile/0/../../etc",
        "/log/tile/entries/000",
        "/log/checkpoint/7",
        "/log/checkpoint/x",
        "/log/checkpoint/²",
        "/log/consistency?old=8&new=99",
        "/log/inclusion?index=8&size=8",
        "/log/witness/99",
        "/log/consistency?old=3&new=2",
    ],
)
async def test_what_the_log_does_not_have_is_absent_and_never_a_fault(client, app, path):
    await grow(app, "一")
    assert (await client.get(path)).status in {404, 422}


async def test_the_keys_that_sign_are_told(client, app, cosigner):
    told = await (await client.get("/log/keys")).json()
    assert told == {
        "name": "log.example",
        "vkey": str(app.log_signer.vkey),
        "witnesses": [str(cosigner.vkey)],
        "quorum": 1,
    }
