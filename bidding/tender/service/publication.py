"""Publication: the whole law is asked once more, then the terms are fixed by hash for everyone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bidding.acts.tender import BidderInvited, DocumentsOffered, NoticePublished
from bidding.refusals.tender import DocumentUnstored, VenueUnexplained
from bidding.tender.check import Finding, Severity, report
from bidding.tender.queries import circumstances, documents, lock_tender, terms_of
from bidding.tender.service.moves import move, new_version, override
from bidding.tender.states import TenderState
from bidding.tender.tables import Tender
from bidding.tender.terms import Terms
from crypto.ledger import Unit

_NEEDS_REASON = frozenset({VenueUnexplained.code})


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The order to publish; `reasons` answer findings that warn, by their codes."""

    tender_id: str
    reasons: Mapping[str, str] = field(default_factory=dict)


async def publish(unit: Unit, order: Publication) -> Tender:
    """Publish the notice: T-01 … T-10, N-04 … N-08, venue, keys and liveness are judged at this instant.

    Raises the first blocking refusal. Findings that only warn are logged with the desk's reason. The
    documents are on offer at once where their hour has come.
    """
    tender = await lock_tender(unit, order.tender_id)
    terms, now = terms_of(tender), await unit.now()
    found = report(terms, await circumstances(unit.session, terms, now=now))
    refuse_blocked(found, order.reasons)
    await _refuse_unstored(unit, terms)
    await _fix(unit, tender, terms)
    for one in found:
        reason = order.reasons.get(one.code, "")
        await override(unit, tender, one.refusal, reason=reason, attempted=NoticePublished.kind)
    if terms.docs_from <= now:
        await offer_documents(unit, tender)
    return tender


def refuse_blocked(found: Sequence[Finding], reasons: Mapping[str, str]) -> None:
    """Raise the first finding that stops the desk: one that blocks, or one left without its reason."""
    for one in found:
        unexplained = one.code in _NEEDS_REASON and not reasons.get(one.code, "").strip()
        if one.severity is Severity.BLOCK or unexplained:
            raise one.refusal


async def _fix(unit: Unit, tender: Tender, terms: Terms) -> None:
    tender.invited = sorted(set(terms.invited))
    public = replace(terms, invited=())
    tender.published_at = await unit.now()
    version = await new_version(unit, tender, public)
    act = NoticePublished(
        tender_id=tender.id, version=version.version, terms=version.terms,
        notice_sha256=version.notice_sha256, previous=None,
    )  # fmt: skip
    await move(unit, tender, act)
    for bidder in tender.invited:
        await unit.record(
            BidderInvited(tender_id=tender.id, bidder_id=bidder, notice_sha256=version.notice_sha256)
        )


async def _refuse_unstored(unit: Unit, terms: Terms) -> None:
    stored = {(one.name, one.size, one.sha256) for one in await documents(unit.session, terms.tender_id)}
    for one in terms.documents:
        if (one["name"], one["size"], one["sha256"]) not in stored:
            raise DocumentUnstored(name=one["name"])


async def offer_documents(unit: Unit, tender: Tender) -> None:
    """Put the documents on offer; bidding begins."""
    act = DocumentsOffered(tender_id=tender.id, documents=tuple(terms_of(tender).documents))
    await move(unit, tender, act)


async def documents_fall_due(unit: Unit, tender_id: str) -> None:
    """Offer the documents of a published tender once their hour has come; does nothing before or twice."""
    tender = await lock_tender(unit, tender_id)
    if tender.state is TenderState.NOTICE_PUBLISHED and tender.docs_from <= await unit.now():
        await offer_documents(unit, tender)
