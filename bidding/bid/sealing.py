"""What a bid must be sealed to and say: the facts of the notice in the envelope's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.queries import bid_of
from bidding.bid.tables import Bid
from bidding.refusals.tender import TenderAbsent
from bidding.tender import queries as tenders
from bidding.tender.tables import NoticeVersion, Tender
from bidding.tender.terms import Terms, fold
from crypto.envelope import Committee, Expected, Member

STAGE = "single"
"""Every object of a bid is opened in the one opening there is."""


@dataclass(frozen=True, kw_only=True)
class SealingFacts:
    """What a bidder's next statement in a tender must say; deadlines by the notice that named them."""

    tender_id: str
    lot: str
    notice_sha256: str
    notice_version: int
    terms: Terms
    notices: Mapping[str, datetime]
    round: int
    previous: str | None

    def expected(self, certificate_sha256: str) -> Expected:
        """These facts as the envelope's checks ask for them."""
        return Expected(
            tender_id=self.tender_id,
            lot=self.lot,
            stage=STAGE,
            notices=self.notices,
            layers=layers_of(self.terms),
            bidder_cert_sha256=certificate_sha256,
            committee=committee_of(self.terms, self.notice_version),
            round=self.round,
            previous=self.previous,
        )


def layers_of(terms: Terms) -> tuple[str, ...]:
    """The recipients of the layers, outermost first, as every bid is sealed to them."""
    return tuple(layer.recipient for layer in sorted(terms.layers, key=lambda layer: layer.order))


def committee_of(terms: Terms, version: int) -> Committee | None:
    """The fallback committee as the envelope names it: members by number, the list by notice version."""
    if terms.committee is None:
        return None
    members = sorted(terms.committee.members, key=lambda one: one.number)
    named = tuple(Member(str(one.number), one.recipient) for one in members)
    return Committee(version, terms.committee.m, named)


async def sealing_facts(
    session: AsyncSession, tender_id: str, bidder_id: str, *, named: str | None = None
) -> SealingFacts:
    """The facts for the bidder's next bid under the notice *named*, or the newest where that will not do.

    Raises TenderAbsent; a tender without a published notice counts as absent.
    """
    tender = await tenders.get(session, tender_id)
    versions = await tenders.versions(session, tender_id)
    standing = standing_versions(versions)
    chosen = next((one for one in standing if one.notice_sha256 == named), versions[-1] if versions else None)
    if chosen is None:
        raise TenderAbsent(tender_id=tender_id)
    last = follows(await bid_of(session, tender_id, bidder_id))
    return _facts(tender, chosen, standing, last)


def standing_versions(versions: list[NoticeVersion]) -> list[NoticeVersion]:
    """The versions that may still be answered, newest first: back to the last that asked for new bids."""
    standing: list[NoticeVersion] = []
    for version in reversed(versions):
        standing.append(version)
        if version.requires_resubmission:
            break
    return standing


def follows(last: Bid | None) -> tuple[int, str] | None:
    """The round and statement that the next submission continues."""
    return (last.round, last.statement_sha256) if last is not None else None


def _facts(
    tender: Tender, chosen: NoticeVersion, standing: list[NoticeVersion], last: tuple[int, str] | None
) -> SealingFacts:
    number, previous = last or (0, None)
    return SealingFacts(
        tender_id=tender.id,
        lot=tender.lot_code,
        notice_sha256=chosen.notice_sha256,
        notice_version=chosen.version,
        terms=fold(chosen.terms),
        notices={one.notice_sha256: fold(one.terms).bid_deadline for one in standing},
        round=number + 1,
        previous=previous,
    )
