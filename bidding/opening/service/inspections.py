"""What was found in the files of the opened bids: written down once per bid, before they are handed over.

A finding is a fact for the committee; nothing is rejected at the opening (K-06), and no bid waits for
another (E-16). Who looks into the files, and how, is not this room's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import Select

from bidding.acts.opening import FilesInspected
from bidding.bid import queries as bid_queries
from bidding.bid.tables import Bid
from bidding.bid.vault import Vault
from bidding.opening.hall import enter
from bidding.opening.service.unsealing import docs_context
from bidding.opening.stages import Stage, is_reached
from bidding.opening.states import OPENED, OpeningState
from bidding.opening.tables import FileFinding, FileInspection, Opening, OpeningBid
from bidding.opening.unsealing import Opener, opener
from crypto.atrest import AtRest
from crypto.envelope.context import Context
from crypto.envelope.statement import Statement, object_name
from crypto.ledger import Entry, Unit

_SHOWN = [stage for stage in Stage if is_reached(stage, Stage.ANNOUNCE)]


@dataclass(frozen=True, kw_only=True)
class SealedDocs:
    """The documents of one opened bid, their key and where they lie; `size` in bytes, still sealed."""

    bidder_id: str
    bid_id: str
    context: Context
    identity: str
    size: int
    open: Opener


@dataclass(frozen=True, kw_only=True)
class JudgedFile:
    """One document: what the manifest says of it, and what was found."""

    name: str
    size: int
    sha256: str
    kind: str
    findings: tuple[str, ...]
    facts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class JudgedDocs:
    """All documents of one bid; `findings` are those of the archive as a whole."""

    bidder_id: str
    files: tuple[JudgedFile, ...]
    findings: tuple[str, ...] = ()

    @property
    def codes(self) -> dict[str, int]:
        """How often each code was found."""
        found = Counter(code for one in self.files for code in set(one.findings))
        return dict(sorted((found + Counter(self.findings)).items()))


async def tenders_to_inspect(session: AsyncSession) -> list[str]:
    """The tenders whose prices are told (E-13) and whose opened files nobody has looked into."""
    asked = _waiting(select(OpeningBid.tender_id).distinct())
    return list((await session.execute(asked)).scalars())


def _waiting(asked: Select[str]) -> Select[str]:
    inspected = select(FileInspection.bidder_id).where(
        FileInspection.tender_id == OpeningBid.tender_id, FileInspection.bidder_id == OpeningBid.bidder_id
    )
    return asked.join(Opening, Opening.tender_id == OpeningBid.tender_id).where(
        Opening.state == OpeningState.RUNNING,
        Opening.stage.in_(_SHOWN),
        OpeningBid.status.in_(OPENED),
        ~inspected.exists(),
    )


async def docs_to_inspect(
    session: AsyncSession, tender_id: str, *, vault: Vault, atrest: AtRest
) -> Sequence[SealedDocs]:
    """The documents of every opened bid of the tender that nobody has looked into, by number."""
    asked = _waiting(select(OpeningBid.bidder_id)).where(OpeningBid.tender_id == tender_id)
    found = (await session.execute(asked.order_by(OpeningBid.number))).scalars().all()
    return [await _docs(session, (tender_id, bidder_id), vault, atrest) for bidder_id in found]


async def _docs(session: AsyncSession, key: tuple[str, str], vault: Vault, atrest: AtRest) -> SealedDocs:
    row = await session.get_one(OpeningBid, key)
    statement = Statement.read((await session.get_one(Bid, row.bid_id)).statement)
    stored = await bid_queries.stored_objects(session, row.bid_id)
    identity = atrest.unseal(row.docs_key_at_rest or b"", context=docs_context(row.bid_id))
    return SealedDocs(
        bidder_id=row.bidder_id, bid_id=row.bid_id, context=statement.context, identity=identity.decode(),
        size=stored[object_name("docs")].size, open=opener(vault.reader, stored),
    )  # fmt: skip


async def record_inspection(unit: Unit, tender_id: str, judged: JudgedDocs) -> Entry | None:
    """Write down what was found in one bid; None where that was done already or the opening stands still."""
    hall = await enter(unit, tender_id)
    known = await unit.session.get(FileInspection, (tender_id, judged.bidder_id))
    if known is not None or hall.opening.state is not OpeningState.RUNNING:
        return None
    bid = await hall.bid_of(judged.bidder_id)
    act = FilesInspected(
        tender_id=tender_id, bidder_id=bid.bidder_id, bid_id=bid.bid_id, files=len(judged.files),
        bytes=sum(one.size for one in judged.files), codes=judged.codes,
    )  # fmt: skip
    unit.session.add(
        FileInspection(
            tender_id=tender_id, bidder_id=bid.bidder_id, files=act.files, bytes=act.bytes, codes=act.codes,
            inspected_at=hall.now,
        )
    )  # fmt: skip
    await unit.session.flush()
    unit.session.add_all(_rows(tender_id, judged))
    return await unit.record(act)


def _rows(tender_id: str, judged: JudgedDocs) -> list[FileFinding]:
    return [
        FileFinding(
            tender_id=tender_id, bidder_id=judged.bidder_id, number=number, name=one.name, size=one.size,
            sha256=one.sha256, kind=one.kind, findings=list(one.findings), facts=dict(one.facts),
        )
        for number, one in enumerate(judged.files, start=1)
        if one.findings
    ]  # fmt: skip
