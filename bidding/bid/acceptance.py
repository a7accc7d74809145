"""Everything about a sealed bid that can be judged before its moment: signature, trust, envelope, uploads.

None of it happens in the deciding transaction, which is left with a handful of comparisons.
"""

import asyncio
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid import rules
from bidding.bid.entitled import bidder_of
from bidding.bid.faults import refusal_of
from bidding.bid.queries import parts_of
from bidding.bid.sealing import SealingFacts, sealing_facts
from bidding.bid.tables import Upload
from bidding.bid.vault import Part, Vault
from bidding.party.roles import Actor
from bidding.refusals.bid import (
    BidCertificateRevoked,
    BidCertificateUntrusted,
    BidIllFormed,
    BidIncomplete,
    BidSignatureBroken,
)
from bidding.tender import queries as tenders
from crypto.certificates import Holder, Profile, TrustStore, fingerprint
from crypto.cms import SignerInfo, verify_detached
from crypto.envelope import Accepted, accept
from crypto.envelope.statement import SIGNATURE, STATEMENT, Statement
from crypto.errors import CertificateInvalid, CertificateRevoked, SignatureInvalid, StatementInvalid
from crypto.jcs import digest


@dataclass(frozen=True, kw_only=True)
class SubmitOrder:
    """A bid as it is handed in: its signed statement, and by object name the uploads that hold the rest."""

    tender_id: str
    statement: bytes
    signature: bytes
    objects: Mapping[str, str]
    key: str | None = None

    @property
    def sha256(self) -> str:
        """The digest by which an idempotency key knows this order again."""
        plain = {
            "tender_id": self.tender_id,
            "statement": hashlib.sha256(self.statement).hexdigest(),
            "signature": hashlib.sha256(self.signature).hexdigest(),
            "objects": dict(self.objects),
        }
        return digest(plain).hex()


@dataclass(frozen=True, kw_only=True)
class SealedBid:
    """An order that passed every check that needs no lock; `uploads` by object name."""

    order: SubmitOrder
    accepted: Accepted
    uploads: Mapping[str, str]

    @property
    def certificate_sha256(self) -> str:
        """The certificate that signed."""
        return fingerprint(self.accepted.signer.certificate)


async def prepare(
    session: AsyncSession, order: SubmitOrder, *, actor: Actor, vault: Vault, trust: TrustStore, now: datetime
) -> SealedBid:
    """Judge *order* without a lock and, heavy parts in a thread, without a key.

    *session* only reads. Raises the refusals of refusals.bid: what the bid is not.
    """
    named = await asyncio.to_thread(_named_notice, order.statement)
    facts = await sealing_facts(session, order.tender_id, actor.organisation_id, named=named)
    tender = await tenders.get(session, order.tender_id)
    bidder = await bidder_of(session, tender, actor.organisation_id)
    uploads = await _uploads(session, order, actor.organisation_id)
    rules.refuse_too_large(size=sum(one.size for one in uploads.values()), limit=facts.terms.max_bid_bytes)
    parts = {name: await parts_of(session, one.id) for name, one in uploads.items()}
    files = _Files(vault, order, uploads, parts)
    accepted, holder = await asyncio.to_thread(_judge, files, order, facts, trust, now)
    rules.refuse_signed_by_another(signer_uscc=holder.uscc, bidder_uscc=bidder.uscc)
    return SealedBid(order=order, accepted=accepted, uploads={n: one.id for n, one in uploads.items()})


def _named_notice(raw: bytes) -> str:
    try:
        return Statement.read(raw).context.notice_sha256
    except StatementInvalid as error:
        raise BidIllFormed(check=error.code, detail=error.detail) from None


async def _uploads(session: AsyncSession, order: SubmitOrder, bidder_id: str) -> dict[str, Upload]:
    asked = select(Upload).where(
        Upload.id.in_(order.objects.values()),
        Upload.owner_id == bidder_id,
        Upload.tender_id == order.tender_id,
    )
    found = {one.id: one for one in (await session.execute(asked)).scalars()}
    return {name: _named_upload(found, name, id_) for name, id_ in order.objects.items()}


def _named_upload(found: Mapping[str, Upload], name: str, upload_id: str) -> Upload:
    upload = found.get(upload_id)
    if upload is None or upload.name != name:
        raise BidIncomplete(detail=name)
    rules.refuse_incomplete(name=name, state=upload.state)
    return upload


def _judge(
    files: "_Files", order: SubmitOrder, facts: SealingFacts, trust: TrustStore, now: datetime
) -> tuple[Accepted, Holder]:
    """Who signed and whether to trust it, then the numbered checks of the envelope."""
    try:
        signer = verify_detached(order.statement, order.signature)
    except SignatureInvalid as error:
        raise BidSignatureBroken(detail=str(error)) from None
    holder = _trusted(signer, trust, now)
    try:
        return accept(files, facts.expected(fingerprint(signer.certificate))), holder
    except StatementInvalid as error:
        raise refusal_of(error, facts) from None


def _trusted(signer: SignerInfo, trust: TrustStore, now: datetime) -> Holder:
    try:
        return trust.judge(signer.certificate, signer.chain, at=now, profile=Profile.BIDDER)
    except CertificateRevoked:
        raise BidCertificateRevoked from None
    except CertificateInvalid as error:
        raise BidCertificateUntrusted(detail=str(error)) from None


class _Files:
    """The bid's files as the envelope's checks read them; digests are those taken as the bytes came in."""

    def __init__(
        self,
        vault: Vault,
        order: SubmitOrder,
        uploads: Mapping[str, Upload],
        parts: Mapping[str, Sequence[Part]],
    ) -> None:
        self._vault, self._uploads, self._parts = vault, uploads, parts
        self._small = {STATEMENT: order.statement, SIGNATURE: order.signature}

    def names(self) -> Iterable[str]:
        return [*self._small, *self._uploads]

    def size(self, name: str) -> int:
        return len(self._small[name]) if name in self._small else self._uploads[name].size

    def sha256(self, name: str) -> str:
        if name in self._small:
            return hashlib.sha256(self._small[name]).hexdigest()
        return self._uploads[name].sha256 or ""

    def open(self, name: str) -> BinaryIO:
        if name in self._small:
            return io.BytesIO(self._small[name])
        return self._vault.reader(self._parts[name])
