"""Hard stop 1: a bid that is late by one millisecond is refused, and no receipt is issued."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bidding.acts import bidder_stream
from bidding.bid.tables import Bid, BidObject
from bidding.bid.vault import LocalVault
from crypto.ledger import since
from tests.bidding.bid import makers
from tests.conftest import at
from tests.web.bidders import platform, sequencing, served, who
from tests.web.test_bids import an_order, submitted

MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(("late_by", "status"), [(-1, 201), (0, 201), (1, 409)])
async def test_late_by_one_millisecond_is_refused_and_no_receipt_issued(
    db, tmp_path, aiohttp_client, late_by, status
):
    vault = LocalVault(tmp_path / "objects")
    tender_id, bidder = await makers.a_tender(db), await makers.a_bidder(db)
    app = platform(db, vault)
    client, me = await aiohttp_client(served(app)), who(app, bidder)
    order = await an_order(db, vault, tmp_path, tender_id, bidder)
    app.clock = at(await makers.deadline_of(db, tender_id) + late_by * MILLISECOND)
    async with sequencing(app):
        answer = await submitted(client, tender_id, order, me)
        told = await answer.json()
    assert answer.status == status
    async with db.reading() as session:
        entries = await since(session, bidder_stream(tender_id, bidder.actor.organisation_id), 0)
        kept = [
            (await session.execute(select(func.count()).select_from(one))).scalar_one()
            for one in (Bid, BidObject)
        ]
    if status == 201:
        assert ([one.kind for one in entries], kept) == (["bid.submitted"], [1, 4])
        assert told["proof"]
    else:
        assert ([one.kind for one in entries], kept) == (["refused.bidder"], [0, 0])
        assert (told["code"], told["rule"], "proof" in told) == ("bid-late", "E-03", False)
    vault.close()
