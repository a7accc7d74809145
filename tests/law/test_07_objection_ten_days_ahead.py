"""Hard stop 7: an objection ten days before the deadline is in time and pauses; an hour later it is late."""

from datetime import timedelta

import pytest

from bidding.tender.service.objections import object_to_documents
from bidding.tender.states import TenderState
from tests.bidding.tender.makers import DAY, actor, on_sale, unit


@pytest.mark.parametrize(
    ("ahead", "is_late", "state"),
    [
        (10 * DAY, False, TenderState.OBJECTION_PAUSED),
        (10 * DAY - timedelta(microseconds=1), True, TenderState.BIDDING),
        (timedelta(days=9, hours=23), True, TenderState.BIDDING),
    ],
)
async def test_objection_at_ten_days_is_in_time_and_pauses_while_a_later_one_is_late(
    session, ahead, is_late, state
):
    tender = await on_sale(session)
    moment = tender.bid_deadline - ahead
    objection = await object_to_documents(
        unit(session, moment), tender.id, "第 4 条限制竞争。", actor=actor("org-b")
    )
    assert (objection.is_late, tender.state) == (is_late, state)
