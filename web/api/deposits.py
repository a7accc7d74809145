"""Deposits: two people of the centre type what the bank shows; nobody is shown a list of payers (E-08)."""

from bidding.deposit import service
from bidding.deposit.queries import own_fact
from bidding.deposit.service import DepositEntry
from bidding.party.identifiers import normal
from bidding.party.queries import organisation_by_uscc
from bidding.party.roles import Role
from bidding.refusals.deposit import DepositAbsent
from web.call import Call
from web.endpoint import endpoint
from web.forms.openings import DepositForm
from web.views.openings import Acts, DepositView, acts, deposit

CENTRE = frozenset({Role.CENTRE_OPS})
BIDDER = frozenset({Role.BIDDER})


@endpoint("POST", "/api/tenders/{tender_id}/deposits", act="deposit.entered", roles=CENTRE,
          body=DepositForm, returns=Acts, status=201, tag="deposit",
          summary="录入保证金", summary_en="Enter what is known of a deposit")  # fmt: skip
async def enter_deposit(call: Call, body: DepositForm) -> Acts:
    async with call.acting() as unit:
        await service.enter(unit, await _order(call, body), actor=call.actor)
        return acts(unit.recorded)


@endpoint("POST", "/api/tenders/{tender_id}/deposits/confirmation", act="deposit.confirmed", roles=CENTRE,
          body=DepositForm, returns=Acts, tag="deposit",
          summary="复核保证金", summary_en="Confirm a deposit as a second person")  # fmt: skip
async def confirm_deposit(call: Call, body: DepositForm) -> Acts:
    async with call.acting() as unit:
        await service.confirm(unit, await _order(call, body), actor=call.actor)
        return acts(unit.recorded)


@endpoint("GET", "/api/tenders/{tender_id}/deposits/mine", act="deposit.read", roles=BIDDER,
          returns=DepositView, tag="deposit",
          summary="本单位保证金", summary_en="What is known of my deposit")  # fmt: skip
async def read_my_deposit(call: Call) -> DepositView:
    async with call.reading() as session:
        row = await own_fact(session, call.path["tender_id"], call.actor.organisation_id)
    if row is None:
        raise DepositAbsent(tender_id=call.path["tender_id"])
    return deposit(row)


async def _order(call: Call, body: DepositForm) -> DepositEntry:
    async with call.reading() as session:
        found = await organisation_by_uscc(session, normal(body.uscc))
    if found is None:
        raise DepositAbsent(tender_id=call.path["tender_id"])
    return DepositEntry(
        tender_id=call.path["tender_id"], bidder_id=found.id, status=body.status,
        amount_fen=body.amount_fen, reference=body.reference,
    )  # fmt: skip
