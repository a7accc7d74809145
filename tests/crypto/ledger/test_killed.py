import asyncio
import sys
from pathlib import Path

from crypto.checkpoints import Checkpoint
from crypto.ledger import log_queries
from crypto.ledger.audit import audit
from crypto.proofs import verify_proof
from tests.crypto.ledger.makers import ORIGIN, POLICY, SIGNER, entries, take_in

ROOT = Path(__file__).parents[3]


async def lives(url):
    """What the killed ones had reported: entry ids, and checkpoints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crypto.ledger.killed", url, "seed",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    lines = [line.split() for line in out.decode().splitlines()]
    acknowledged = [int(word) for kind, *words in lines if kind == "entries" for word in words]
    heads = [Checkpoint(ORIGIN, int(w[1]), bytes.fromhex(w[2])) for w in lines if w[0] == "checkpoint"]
    return acknowledged, heads


async def test_a_sequencer_killed_at_every_statement_leaves_a_log_that_only_grew(db, db_url):
    acknowledged, heads = await lives(db_url)
    assert len(heads) > 3
    assert len(acknowledged) > 3 * len(heads) - 1
    await take_in(db)
    async with db.reading() as session:
        assert await audit(session, log=SIGNER.vkey, known=heads) == []
        for entry_id in acknowledged:
            verify_proof(await log_queries.proof_for(session, entry_id), POLICY)
    assert {entry.id for entry in await entries(db)} >= set(acknowledged)
