"""Acts to fill a ledger with, and the log's own hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from crypto.ledger.acts import Act
from crypto.ledger.engine import Database
from crypto.ledger.log_tables import Leaf
from crypto.ledger.sequencer import integrate
from crypto.ledger.streams import append
from crypto.ledger.tables import Entry
from crypto.notes import NoteSigner
from crypto.policy import Policy

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ORIGIN = "log.example/qifeng"
SIGNER = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(sha256(b"log").digest()))
POLICY = Policy(logs=(SIGNER.vkey,))


@dataclass(frozen=True, kw_only=True)
class BellRang(Act):
    kind = "test.bell-rang"
    audience = "public"
    tower: str = "tower/1"
    times: int = 1
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def stream(self) -> str:
        return self.tower


async def ring(db: Database, count: int, *, tower: str = "tower/1", at: datetime = NOON) -> list[int]:
    """Record *count* acts in one transaction; the ids of their entries."""
    async with db.writing() as session, session.begin():
        entries = [
            await append(session, BellRang(tower=tower, times=n), at=at + timedelta(seconds=n), by="ringer")
            for n in range(count)
        ]
        return [entry.id for entry in entries]


async def take_in(db: Database, *, forced: bool = False, now: datetime = NOON):
    """One turn of the sequencer in a transaction of its own."""
    async with db.writing() as session, session.begin():
        return await integrate(session, signer=SIGNER, now=now, forced=forced)


async def leaves(db: Database) -> list[Leaf]:
    async with db.reading() as session:
        return list((await session.execute(select(Leaf).order_by(Leaf.index))).scalars())


async def entries(db: Database) -> list[Entry]:
    async with db.reading() as session:
        return list((await session.execute(select(Entry).order_by(Entry.id))).scalars())
