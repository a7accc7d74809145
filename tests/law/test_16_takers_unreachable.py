"""Hard stop 16: before the deadline no role reaches who took the documents, asked, objected or read."""

import pytest

from bidding.acts import bidder_stream
from bidding.party.roles import Role
from bidding.tender.service.changes import NewClarification, clarify
from bidding.tender.service.objections import object_to_documents
from bidding.tender.service.questions import ask, read_clarification, take_documents
from tests.bidding.tender import makers
from tests.bidding.tender.makers import AGENCY, OWNER, actor, on_sale, unit
from tests.web.desks import ROOM, platform, served, someone

CANARY = "org-canary-7f3a"
EVERYONE = {
    AGENCY: Role.AGENCY_HOST, OWNER: Role.PROCURING_ENTITY, "org-supervisor": Role.SUPERVISOR,
    "org-centre": Role.CENTRE_OPS, "org-rival": Role.BIDDER, "org-nobody": Role.PUBLIC,
}  # fmt: skip


async def planted(db) -> str:
    """A tender on which one bidder did all a bidder may do before the deadline."""
    canary = actor(CANARY, f"{CANARY}-person", Role.BIDDER)
    async with db.writing.begin() as session:
        tender = await on_sale(session)
        by = f"{CANARY}/{CANARY}-person"
        await take_documents(unit(session, by=by), tender.id, actor=canary)
        await ask(unit(session, by=by), tender.id, "问", actor=canary)
        order = NewClarification(tender_id=tender.id, text="答", affects_bid_preparation=False)
        row = await clarify(unit(session), order)
        await read_clarification(unit(session, by=by), tender.id, row.id, actor=canary)
        await object_to_documents(unit(session, by=by), tender.id, "异", actor=canary)
        heard = await makers.kinds(session, bidder_stream(tender.id, CANARY))
    assert len(heard) == 5  # there was something to hear
    return tender.id


@pytest.mark.parametrize("organisation", list(EVERYONE))
async def test_the_document_takers_are_unreachable_before_the_deadline_by_any_role(
    db, aiohttp_client, organisation
):
    tender_id, app = await planted(db), platform(db)
    client = await aiohttp_client(served(app))
    caller = someone(app, client, organisation, EVERYONE[organisation])
    for row in ROOM:
        if row.method != "GET" or "{sha256}" in row.path:
            continue
        status, body = await caller("GET", row.path.replace("{tender_id}", tender_id))
        assert status < 500
        assert CANARY not in str(body), row.path
    status, _ = await caller("GET", f"/api/tenders/{tender_id}/takers")
    assert status in {401, 403}
