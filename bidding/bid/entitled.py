"""Who may bid in a tender at all."""

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.rules import refuse_uninvited
from bidding.party import queries as parties
from bidding.party.rules import refuse_affiliate_bidder
from bidding.party.tables import Organisation
from bidding.tender.tables import Tender


async def bidder_of(session: AsyncSession, tender: Tender, bidder_id: str) -> Organisation:
    """The organisation, where nothing bars it from this tender.

    Raises OrganisationAbsent, AffiliateBids (E-10) and BidderNotInvited.
    """
    bidder = await parties.organisation(session, bidder_id)
    refuse_affiliate_bidder(is_operator_affiliate=bidder.is_operator_affiliate, organisation=bidder.name)
    refuse_uninvited(is_invited=tender.terms["is_invited"], invited=tender.invited, bidder_id=bidder_id)
    return bidder
