from datetime import timedelta

import pytest

from crypto import merkle, tiles
from crypto.cosign import Cosigner
from crypto.errors import LedgerBroken, NoteInvalid, ProofInvalid
from crypto.ledger import log_queries
from crypto.ledger.log_queries import NotInLog
from crypto.ledger.log_tables import TreeNode
from crypto.merkle import Node
from crypto.policy import Policy
from crypto.proofs import parse_proof, verify_proof
from crypto.tiles import TileNodes
from crypto.vkeys import VerifierKey
from crypto.witness import ShortMemory, Witness
from tests.crypto.ledger.makers import NOON, POLICY, SIGNER, entries, leaves, ring, take_in
from tests.crypto.log.makers import key

WITNESSES = [Cosigner(f"w{n}.example", key(f"w{n}")) for n in range(3)]
QUORUM = Policy.threshold(SIGNER.vkey, [one.vkey for one in WITNESSES], 2)


def witness(cosigner):
    return Witness(cosigner, [SIGNER.vkey], ShortMemory())


async def test_every_entry_gets_a_proof_that_stands_alone(db):
    ids = [*await ring(db, 13), *await ring(db, 4, tower="tower/2")]
    await take_in(db)
    async with db.reading() as session:
        proofs = [await log_queries.proof_for(session, entry_id) for entry_id in ids]
    shown = [verify_proof(proof, POLICY) for proof in proofs]
    assert [leaf.text for leaf in shown] == [entry.text for entry in await entries(db)]
    assert [leaf.entry["stream"] for leaf in shown] == ["tower/1"] * 13 + ["tower/2"] * 4


async def test_many_proofs_at_once_are_the_same_proofs(db, monkeypatch):
    monkeypatch.setattr(log_queries, "_TOGETHER", 4)
    ids = await ring(db, 11)
    await take_in(db)
    async with db.reading() as session:
        together = await log_queries.proofs_for(session, ids[::-1])
        assert together == {one: await log_queries.proof_for(session, one) for one in ids}
        assert await log_queries.proofs_for(session, []) == {}
        with pytest.raises(NotInLog, match="entry 99 waits"):
            await log_queries.proofs_for(session, [*ids, 99])


async def test_old_entries_are_proved_under_every_later_checkpoint(db):
    (entry_id,) = await ring(db, 1)
    sizes = [(await take_in(db)).size]
    for _ in range(5):
        await ring(db, 9)
        sizes.append((await take_in(db)).size)
    async with db.reading() as session:
        for size in sizes:
            proof = await log_queries.proof_for(session, entry_id, size=size)
            assert verify_proof(proof, POLICY).checkpoint.size == size
        assert (
            verify_proof(await log_queries.proof_for(session, entry_id), POLICY).checkpoint.size == sizes[-1]
        )


async def test_an_entry_that_waits_has_no_proof_yet(db):
    await ring(db, 1)
    await take_in(db)
    (late,) = await ring(db, 1)
    async with db.reading() as session:
        with pytest.raises(NotInLog, match="waits"):
            await log_queries.proof_for(session, late)
    await take_in(db)
    async with db.reading() as session:
        with pytest.raises(NotInLog, match="after the checkpoint of 8"):
            await log_queries.proof_for(session, late, size=8)


async def test_an_empty_log_has_no_checkpoint(db):
    async with db.reading() as session:
        with pytest.raises(NotInLog):
            await log_queries.checkpoint(session)
        assert await log_queries.latest_size(session) == 0


async def test_every_checkpoint_continues_every_earlier_one(db):
    heads = []
    for batch in (1, 20, 9, 60):
        await ring(db, batch)
        heads.append(await take_in(db))
    async with db.reading() as session:
        for new in heads:
            for old in (one for one in heads if one.size <= new.size):
                path = await log_queries.consistency(session, old.size, new.size)
                merkle.verify_consistency(
                    old=old.size, new=new.size, old_root=old.root, new_root=new.root, path=path
                )
        with pytest.raises(NotInLog):
            await log_queries.consistency(session, 8, 1000)


async def test_a_log_that_lost_a_node_says_so(db):
    ids = await ring(db, 16)
    await take_in(db)
    async with db.writing() as session, session.begin():
        await session.delete(await session.get(TreeNode, Node(3, 1).place))
    async with db.reading() as session:
        with pytest.raises(LedgerBroken, match="level=3, offset=1"):
            await log_queries.proof_for(session, ids[0])


async def test_the_published_tiles_are_the_tree(db):
    await ring(db, 300)
    head = await take_in(db)
    async with db.reading() as session:
        files = {tile: await log_queries.tile(session, str(tile)) for tile in tiles.tiles_of(head.size)}
    assert [str(tile) for tile in files] == [
        "tile/entries/000", "tile/entries/001.p/48", "tile/0/000", "tile/0/001.p/48", "tile/1/000.p/1",
    ]  # fmt: skip
    bundles = [raw for tile, raw in files.items() if tile.level is None]
    published = [entry for raw in bundles for entry in tiles.split_bundle(raw)]
    assert published == [row.commitment for row in await leaves(db)]
    assert merkle.root_of(map(merkle.leaf_hash, published)) == head.root
    source = TileNodes(
        {(t.level, t.index): tiles.split_tile(raw) for t, raw in files.items() if t.level is not None}
    )
    path = merkle.inclusion_path(290, head.size, source)
    merkle.verify_inclusion(
        index=290, size=head.size, leaf=merkle.leaf_hash(published[290]), path=path, root=head.root
    )


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",
        "tile/0/000.p/255",
        "tile/1/000",
        "tile/entries/000",
        "tile/0/000.p/0",
        "checkpoint",
        "tile/9/000",
    ],
)
async def test_a_tile_the_log_does_not_have_is_not_made_up(db, path):
    await ring(db, 30)
    await take_in(db)
    async with db.reading() as session:
        assert len(await log_queries.tile(session, "tile/0/000.p/32")) == 32 * 32
        assert len(await log_queries.tile(session, "tile/0/000.p/9")) == 9 * 32
        with pytest.raises(NotInLog):
            await log_queries.tile(session, path)


async def test_witnesses_follow_and_their_lines_travel_with_every_proof(db):
    watching, last = [witness(one) for one in WITNESSES], None
    for batch in (3, 11):
        (last, *_) = await ring(db, batch)
        await take_in(db)
        async with db.writing() as session, session.begin():
            assert await log_queries.cosign_with(session, watching, at=NOON + timedelta(seconds=batch)) == 3
            assert await log_queries.cosign_with(session, watching, at=NOON) == 0
    async with db.reading() as session:
        leaf = verify_proof(await log_queries.proof_for(session, last), QUORUM)
    assert leaf.cosigned == {f"w{n}.example": NOON + timedelta(seconds=11) for n in range(3)}


async def test_a_witness_elsewhere_is_asked_and_its_answer_kept_once(db):
    await ring(db, 3)
    head = await take_in(db)
    async with db.writing() as session, session.begin():
        asked = await log_queries.ask_for(session, 0)
        line = str(witness(WITNESSES[0]).add_checkpoint(asked, at=NOON))
        assert await log_queries.keep_cosignature(session, head.size, WITNESSES[0].vkey, line)
        assert not await log_queries.keep_cosignature(session, head.size, WITNESSES[0].vkey, line)


async def test_a_line_that_is_not_the_witnesss_is_not_kept(db):
    await ring(db, 3)
    head = await take_in(db)
    other = head.text.replace("\n8\n", "\n9\n", 1)  # the size alone: the root is random, and may hold an 8
    assert other != head.text
    line = str(WITNESSES[0].cosign(other, at=NOON))
    async with db.writing() as session, session.begin():
        for wrong in (line, str(WITNESSES[1].cosign(head.text, at=NOON)), "— nobody\n"):
            with pytest.raises(NoteInvalid):
                await log_queries.keep_cosignature(session, head.size, WITNESSES[0].vkey, wrong)
        assert len((await log_queries.checkpoint(session)).note.signatures) == 1


async def test_a_proof_does_not_verify_under_another_logs_key(db):
    (entry_id,) = await ring(db, 1)
    await take_in(db)
    stranger = VerifierKey.of(SIGNER.name, key("stranger").public_key().public_bytes_raw())
    async with db.reading() as session:
        proof = await log_queries.proof_for(session, entry_id)
    with pytest.raises(NoteInvalid):
        verify_proof(proof, Policy(logs=(stranger,)))
    with pytest.raises(ProofInvalid):
        verify_proof(proof.replace(f"index {parse_proof(proof).index}", "index 8"), POLICY)
