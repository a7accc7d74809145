"""An opening to measure: sealed bids of real size in the vault, and its acts in their order."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bidding.bid import acceptance, uploads
from bidding.bid import service as bidding
from bidding.bid.acceptance import SubmitOrder
from bidding.bid.receiver import Receiver
from bidding.bid.sealing import STAGE, sealing_facts
from bidding.bid.uploads import UploadLimits, UploadOrder
from bidding.bid.vault import LocalVault
from bidding.opening import service
from bidding.opening.stages import Stage
from bidding.opening.tables import Opening
from bidding.opening.windows import SETTLING
from bidding.party.roles import NOBODY, Actor
from bidding.tender.terms import Windows
from crypto.certificates import fingerprint
from crypto.envelope import Context, Sealed, SealJob, seal
from crypto.envelope.statement import SIGNATURE, STATEMENT
from crypto.ledger import Unit
from crypto.ledger.engine import Database
from web.bench.bids import SHEET
from web.bench.world import Party, World
from web.client.sealing import program

_TICK = timedelta(microseconds=1)
_LIMITS = UploadLimits(quota=2**33, lifetime=timedelta(hours=72))
_WINDOWS = Windows()


@dataclass
class Meeting:
    """The opening of a world's tender; `now` is the instant of the next act."""

    world: World
    db: Database
    vault: LocalVault
    now: datetime
    identities: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def acting(self, actor: Actor = NOBODY) -> AsyncIterator[Unit]:
        """One committed act."""

        async def clock(_session: Any) -> datetime:
            return self.now

        async with self.db.writing.begin() as session:
            yield Unit(session, by=actor.label, clock=clock)

    async def do(self, verb: Any, *args: Any, by: Actor = NOBODY, **more: Any) -> Any:
        """Run one verb as one act."""
        async with self.acting(by) as unit:
            return await verb(unit, *args, **more)

    async def host(self, verb: Any, **more: Any) -> Any:
        """Run one verb of the desk."""
        assert self.world.host is not None
        return await self.do(verb, self.world.tender_id, by=self.world.host, **more)

    async def fill(self, doc: Path) -> None:
        """Let every bidder of the world seal *doc* and hand it in."""
        for party in self.world.bidders:
            made = await self._sealed(party, doc)
            self.identities[party.organisation.id] = made.bidder_identity
            await self._submit(party, made.folder)

    async def to_the_layers(self) -> None:
        """From the deadline to the moment in which only the layers are still on."""
        self.now = self.world.deadline + _TICK
        await self.do(service.reach_deadline, self.world.tender_id)
        await self.host(service.start)
        await self.host(service.read_discipline, text="请保持安静。")
        await self.host(service.advance)
        await self.host(service.publish_list)
        await self.host(service.advance)
        await self._checks()
        for party in self.world.bidders:
            identity = self.identities[party.organisation.id]
            order = service.KeyRelease(tender_id=self.world.tender_id, identity=identity)
            atrest = self.world.keys.atrest
            await self.do(service.release, order, by=party.actor, actor=party.actor, atrest=atrest)
        await self._pass(_WINDOWS.release)
        await self.host(service.advance)

    async def release_layers(self) -> None:
        """The holders let go; the bids can be opened."""
        for identity, holder in zip(self.world.layers, self.world.holders, strict=True):
            order = service.LayerOrder(tender_id=self.world.tender_id, identity=identity)
            await self.do(service.release_layer, order, by=holder, actor=holder)

    async def open_all(self) -> int:
        """Open every bid, as the platform's clock does once the last layer is off."""
        shop = service.Workshop(
            acting=self.acting, reading=self.db.reading, vault=self.vault, atrest=self.world.keys.atrest
        )
        return await service.open_all(shop, self.world.tender_id)

    async def announce(self) -> None:
        """Through the prices' confirmation to their announcement."""
        await self.host(service.advance)
        await self._pass(_WINDOWS.price_confirm)
        await self.host(service.advance)
        await self.host(service.announce_all, atrest=self.world.keys.atrest)

    async def _checks(self) -> None:
        for party in self.world.bidders:
            await self.host(service.check_identity, bidder_id=party.organisation.id, is_ok=True)
        await self.host(service.state_deposits)
        await self.host(service.advance)
        if await self._stage() is Stage.CONTROL_PRICE:
            await self.host(service.announce_cap)
            await self.host(service.advance)

    async def _stage(self) -> Stage:
        async with self.db.reading() as session:
            return (await session.get_one(Opening, self.world.tender_id)).stage

    async def _pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds) + SETTLING + _TICK
        await self.do(service.expire, self.world.tender_id)

    async def _sealed(self, party: Party, doc: Path) -> Sealed:
        async with self.db.reading() as session:
            facts = await sealing_facts(session, self.world.tender_id, party.organisation.id)
        context = Context(
            tender_id=facts.tender_id, notice_sha256=facts.notice_sha256, lot=facts.lot, stage=STAGE,
            object="statement", bidder_cert_sha256=fingerprint(party.credential.certificate),
            deadline=facts.terms.bid_deadline, round=facts.round, nonce16=secrets.token_hex(16),
        )  # fmt: skip
        said = {"bidder_name": party.organisation.name, "uscc": party.organisation.uscc}
        job = SealJob(
            context=context, docs={doc.name: doc}, sheet={**SHEET, **said},
            layers=facts.expected("").layers, client=program(), previous=facts.previous,
        )  # fmt: skip
        return seal(job, self.world.home / f"sealed-{party.organisation.id}", signer=party.credential)

    async def _submit(self, party: Party, folder: Path) -> None:
        receiver, ids = Receiver(self.vault), {}
        for path in _objects(folder):
            ids[path.name] = await self._upload(receiver, party, path)
        order = SubmitOrder(
            tender_id=self.world.tender_id, statement=(folder / STATEMENT).read_bytes(),
            signature=(folder / SIGNATURE).read_bytes(), objects=ids, key=None,
        )  # fmt: skip
        trust = self.world.keys.authority.trust(now=self.now)
        async with self.db.reading() as session:
            sealed = await acceptance.prepare(
                session, order, actor=party.actor, vault=self.vault, trust=trust, now=self.now
            )
        await self.do(bidding.submit, sealed, by=party.actor, actor=party.actor)

    async def _upload(self, receiver: Receiver, party: Party, path: Path) -> str:
        order = UploadOrder(tender_id=self.world.tender_id, name=path.name, size=_size(path))
        row = await self.do(uploads.begin, order, by=party.actor, actor=party.actor, limits=_LIMITS)
        piece = await receiver.receive(
            row.id, _chunks(path), owner_id=row.owner_id, start=0, limit=row.size, checksum=None
        )
        digest = await receiver.digest(piece, uploads.with_piece((), piece))
        advance = partial(uploads.advance, actor=party.actor, limits=_LIMITS, sha256=digest)
        await self.do(advance, piece, by=party.actor)
        return str(row.id)


def _objects(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.age"))


def _size(path: Path) -> int:
    return path.stat().st_size


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as src:
        while chunk := src.read(2**20):
            yield chunk


def document(home: Path, mib: int) -> Path:
    """A file of *mib* MiB to seal."""
    made = home / "技术标.pdf"
    made.write_bytes(b"%PDF-1.7 " + os.urandom(mib * 2**20 - 9))
    return made
