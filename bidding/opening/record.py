"""The opening record as data: everything the 开标记录表 of a project type shows (domain §2.8)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import bidder_stream
from bidding.opening.states import OPENED, Answer, BidStatus
from bidding.opening.tables import (
    Objection,
    Opening,
    OpeningBid,
    RecordSignature,
    RecordVersion,
    SignIn,
)
from bidding.party.queries import organisation_names
from bidding.refusals.opening import RecordStale
from bidding.tender.queries import get, terms_of
from bidding.tender.terms import Terms, unfold
from crypto.jcs import digest
from crypto.ledger import Entry


@dataclass(frozen=True, kw_only=True)
class Column:
    """One announced item: its name in the sheet, its kind (fen, rate, days, text) and its titles."""

    name: str
    kind: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One opened bid. Items are fen, ten-thousandths, days or text; `<item>_words` is in capitals."""

    number: int
    bidder_id: str
    bidder: str
    uscc: str
    representative: str
    identity_ok: bool | None
    deposit: str | None
    deposit_fen: int | None
    items: Mapping[str, Any]
    findings: tuple[str, ...]
    price_answer: str
    price_note: str


@dataclass(frozen=True, kw_only=True)
class NotOpened:
    """A bid that was not opened, or an attempt that was refused, and why."""

    bidder: str
    status: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """A line of the sign-in sheet."""

    bidder: str
    delegate: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A line of the submission-time sheet."""

    bidder: str
    at: datetime
    statement_sha256: str
    status: str


@dataclass(frozen=True, kw_only=True)
class ObjectionLine:
    """An objection and what was answered on the spot."""

    bidder: str
    text: str
    raised_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RecordBody:
    """What one version fixes by its hash: SHA-256 over JCS of `plain()`."""

    tender_id: str
    title: str
    lot_code: str
    project_type: str
    procuring_entity: str
    agency: str
    place: str
    opening_time: datetime
    started_at: datetime | None
    price_cap_fen: int | None
    coefficient_label: str | None
    coefficient: str | None
    price_type: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    not_opened: tuple[NotOpened, ...]
    sign_in: tuple[Attendance, ...]
    submissions: tuple[Submission, ...]
    objections: tuple[ObjectionLine, ...]
    remarks: str

    def plain(self) -> dict[str, Any]:
        """The body as plain JSON values."""
        return unfold(self)  # type: ignore[no-any-return]

    @property
    def sha256(self) -> str:
        """The hash in hex."""
        return digest(self.plain()).hex()


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """A bidder's answer to this version."""

    bidder_id: str
    bidder: str
    answer: str
    note: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature of someone on duty."""

    role: str
    person_id: str
    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordData:
    """One version of the record: its fixed body (plain JSON), and who answered and signed it since."""

    tender_id: str
    version: int
    sha256: str
    previous_sha256: str | None
    drawn_at: datetime
    body: Mapping[str, Any]
    confirmations: tuple[Confirmation, ...]
    signatures: tuple[Signature, ...]
    is_newest: bool


async def record_of(session: AsyncSession, tender_id: str, version: int | None = None) -> RecordData:
    """A version of the record, the newest where none is named.

    Answers belong to the newest version alone: an older one shows none. Raises RecordStale where there
    is no such version.
    """
    opening = await session.get(Opening, tender_id)
    newest = opening.record_version if opening else 0
    row = await session.get(RecordVersion, (tender_id, newest if version is None else version))
    if row is None:
        raise RecordStale(version=version or 0, newest=newest)
    is_newest = row.version == newest
    return RecordData(
        tender_id=tender_id, version=row.version, sha256=row.sha256, drawn_at=row.drawn_at,
        previous_sha256=row.previous_sha256, body=row.data, is_newest=is_newest,
        confirmations=await _confirmations(session, tender_id) if is_newest else (),
        signatures=await _signatures(session, tender_id, row.version),
    )  # fmt: skip


async def _confirmations(session: AsyncSession, tender_id: str) -> tuple[Confirmation, ...]:
    return tuple(
        Confirmation(
            bidder_id=bid.bidder_id, bidder=bid.name, answer=bid.record_answer.value,
            note=bid.record_note, at=bid.record_answered_at,
        )
        for bid in await _bids(session, tender_id)
        if bid.record_answer is not Answer.NONE
    )  # fmt: skip


async def _signatures(session: AsyncSession, tender_id: str, version: int) -> tuple[Signature, ...]:
    asked = select(RecordSignature).where(
        RecordSignature.tender_id == tender_id, RecordSignature.version == version
    )
    rows = (await session.execute(asked.order_by(RecordSignature.signed_at))).scalars()
    return tuple(
        Signature(role=one.role, person_id=one.person_id, name=one.name, at=one.signed_at) for one in rows
    )


async def _bids(session: AsyncSession, tender_id: str) -> list[OpeningBid]:
    asked = select(OpeningBid).where(OpeningBid.tender_id == tender_id).order_by(OpeningBid.number)
    return list((await session.execute(asked)).scalars())


async def draw_body(session: AsyncSession, opening: Opening, *, remarks: str) -> RecordBody:
    """The body of a new version, from the rows as they stand."""
    tender = await get(session, opening.tender_id)
    terms = terms_of(tender)
    bids = await _bids(session, tender.id)
    present = await _attendance(session, tender.id)
    names = {bid.bidder_id: bid.name for bid in bids}
    return RecordBody(
        tender_id=tender.id, title=terms.title, lot_code=terms.lot_code,
        project_type=terms.project_type.value, procuring_entity=terms.procuring_entity,
        agency=terms.agency, place=terms.place, opening_time=terms.opening_time,
        started_at=opening.started_at, price_cap_fen=terms.price_cap_fen,
        coefficient_label=terms.coefficient.label if terms.coefficient else None,
        coefficient=opening.coefficient, price_type=terms.price_type.value, columns=_columns(terms),
        rows=tuple(_row(bid, present.get(bid.bidder_id)) for bid in bids if bid.status in OPENED),
        not_opened=(*_unopened(bids), *await _refused(session, tender.id, names)),
        sign_in=tuple(
            Attendance(bidder=names.get(one.bidder_id, ""), delegate=one.delegate, at=one.at)
            for one in present.values()
            if one.bidder_id in names
        ),
        submissions=tuple(_submission(bid) for bid in bids),
        objections=await _objections(session, tender.id, names), remarks=remarks,
    )  # fmt: skip


def _columns(terms: Terms) -> tuple[Column, ...]:
    return tuple(Column(name=field.name, kind=field.kind, zh=field.zh, en=field.en) for field in terms.sheet)


def _row(bid: OpeningBid, present: SignIn | None) -> Row:
    return Row(
        number=bid.number, bidder_id=bid.bidder_id, bidder=bid.name, uscc=bid.uscc,
        representative=present.delegate if present else "", identity_ok=bid.identity_ok,
        deposit=bid.deposit, deposit_fen=bid.deposit_fen, items=bid.items or {},
        findings=tuple(str(one) for one in bid.findings),
        price_answer=bid.price_answer.value, price_note=bid.price_note,
    )  # fmt: skip


def _unopened(bids: list[OpeningBid]) -> tuple[NotOpened, ...]:
    return tuple(
        NotOpened(bidder=bid.name, status=bid.status.value, cause=bid.cause)
        for bid in bids
        if bid.status not in OPENED
    )


def _submission(bid: OpeningBid) -> Submission:
    status = BidStatus.WITHDRAWN if bid.status is BidStatus.WITHDRAWN else BidStatus.SUBMITTED
    return Submission(
        bidder=bid.name, at=bid.submitted_at, statement_sha256=bid.statement_sha256, status=status.value
    )


_ATTEMPTS = frozenset({"bid-late", "bid-unencrypted"})


async def _refused(session: AsyncSession, tender_id: str, listed: Mapping[str, str]) -> tuple[NotOpened, ...]:
    """Those whose bid never got in: late, or not encrypted (E-02, E-03); the last refusal of each."""
    prefix = bidder_stream(tender_id, "")
    asked = select(Entry.stream, Entry.text).where(
        Entry.stream.startswith(prefix, autoescape=True), Entry.kind == "refused.bidder"
    )
    last: dict[str, str] = {}
    for stream, text in await session.execute(asked.order_by(Entry.id)):
        bidder_id, code = stream.removeprefix(prefix), json.loads(text)["body"]["code"]
        if code in _ATTEMPTS and bidder_id not in listed:
            last[bidder_id] = code
    names = await _names(session, last)
    return tuple(
        NotOpened(bidder=names.get(one, ""), status="refused", cause=code) for one, code in last.items()
    )


async def _names(session: AsyncSession, ids: Mapping[str, str]) -> Mapping[str, str]:
    return {id_: one.name for id_, one in (await organisation_names(session, list(ids))).items()}


async def _attendance(session: AsyncSession, tender_id: str) -> Mapping[str, SignIn]:
    asked = select(SignIn).where(SignIn.tender_id == tender_id).order_by(SignIn.at)
    return {one.bidder_id: one for one in (await session.execute(asked)).scalars()}


async def _objections(
    session: AsyncSession, tender_id: str, names: Mapping[str, str]
) -> tuple[ObjectionLine, ...]:
    asked = select(Objection).where(Objection.tender_id == tender_id).order_by(Objection.raised_at)
    return tuple(
        ObjectionLine(
            bidder=names.get(one.bidder_id, ""), text=one.text, raised_at=one.raised_at,
            answer=one.answer, answered_at=one.answered_at,
        )
        for one in (await session.execute(asked)).scalars()
    )  # fmt: skip
