"""Hard stop 6: a change that affects bid preparation comes fifteen days ahead, or brings a later deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.acts import public_stream
from bidding.refusals.tender import AmendmentTooLate
from bidding.tender.queries import get
from bidding.tender.service.changes import NewClarification, clarify
from tests.bidding.tender.makers import DAY, kinds, on_sale, unit
from tests.conftest import TICK


async def test_an_amendment_14_days_and_23_hours_ahead_must_extend_and_at_15_days_need_not(
    session,
):
    tender = await on_sale(session)
    in_time = tender.bid_deadline - 15 * DAY
    late = tender.bid_deadline - timedelta(days=14, hours=23)
    order = NewClarification(tender_id=tender.id, text="清单第 3 项改为 C30。", affects_bid_preparation=True)

    await clarify(unit(session, in_time), order)
    with pytest.raises(AmendmentTooLate) as refused:
        await clarify(unit(session, late), order)

    assert refused.value.deadline_from == late + 15 * DAY
    assert (await kinds(session, public_stream(tender.id)))[-1] == "clarification.published"


async def test_the_extension_the_refusal_names_is_enough_and_one_tick_less_is_not(session):
    tender = await on_sale(session)
    late = tender.bid_deadline - timedelta(days=14, hours=23)
    enough = late + 15 * DAY
    order = NewClarification(tender_id=tender.id, text="清单改动。", affects_bid_preparation=True)

    with pytest.raises(AmendmentTooLate):
        async with session.begin_nested():
            await clarify(unit(session, late), replace(order, new_deadline=enough - TICK))
    await clarify(unit(session, late), replace(order, new_deadline=enough))

    after = await get(session, order.tender_id)
    assert (after.bid_deadline, after.opening_time) == (enough, enough)
    heard = await kinds(session, public_stream(order.tender_id))
    assert heard == ["notice.published", "documents.offered", "deadline.extended", "clarification.published"]
