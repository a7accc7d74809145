"""A witness at work: fetch the checkpoint, prove that the log only grew, cosign, hand the line in."""

from dataclasses import dataclass
from datetime import datetime

from crypto.checkpoints import parse_checkpoint
from crypto.notes import parse_note
from crypto.vkeys import VerifierKey
from crypto.witness import Witness, parse_add_checkpoint
from web.client.calls import Client


@dataclass(frozen=True)
class Cosigned:
    """The tree that was cosigned, and from which size on its growth was proved."""

    origin: str
    size: int
    root: str
    old: int


async def cosign(client: Client, log: VerifierKey, witness: Witness, *, at: datetime) -> Cosigned | None:
    """One round of the witness; None where the log has not grown since the last.

    Raises ProofInvalid or NoteInvalid where the log is not what it was: nothing is cosigned then. What was
    remembered but not handed in is cosigned again.
    """
    old = witness.seen(log.name).size
    newest = parse_checkpoint(parse_note((await client.read("/log/checkpoint")).decode()).text)
    if newest.size == old and await _has_our_line(client, witness):
        return None
    asked = parse_add_checkpoint((await client.read(f"/log/witness/{old}")).decode())
    line = witness.add_checkpoint(asked, at=at)
    head = parse_checkpoint(asked.note.text)
    body = {"size": head.size, "line": str(line)}
    await client.post(f"/log/cosign/{witness.cosigner.name}", body)
    return Cosigned(head.origin, head.size, head.root.hex(), old)


async def _has_our_line(client: Client, witness: Witness) -> bool:
    note = parse_note((await client.read("/log/checkpoint")).decode())
    return any(one.is_by(witness.cosigner.vkey) for one in note.signatures)
