"""Hard stop 30 (K-04): an opening cannot be closed while an objection waits for its answer."""

import pytest

from bidding.opening import service
from bidding.opening.states import OpeningState
from bidding.refusals.opening import ObjectionsUnanswered, StageUnfinished
from tests.bidding.opening import makers


async def test_an_unanswered_objection_holds_the_opening_and_an_answer_frees_it(meeting):
    await meeting.to_the_announcement()
    await meeting.host(service.announce_all, atrest=makers.ATREST)
    await meeting.advance()
    await meeting.host(service.analyse_prices)
    await meeting.advance()
    actor = meeting.bidders[0].actor
    raised = await meeting.do(service.raise_objection, meeting.tender_id, actor=actor, text="唱标内容有误")
    await meeting.pass_window(makers.WINDOWS.objection)
    with pytest.raises(StageUnfinished):
        await meeting.advance()
    with pytest.raises(ObjectionsUnanswered):
        await meeting.host(service.close)
    await meeting.host(
        service.answer_objection, objection_id=raised.id, actor=makers.OWNER, answer="已核对，无误"
    )
    await meeting.advance()
    await meeting.host(service.draw_record, actor=makers.HOST)
    await meeting.sign(1)
    await meeting.pass_window(makers.WINDOWS.record_confirm)
    await meeting.advance()
    await meeting.host(service.hand_over_files)
    await meeting.host(service.close)
    assert (await meeting.opening()).state is OpeningState.CLOSED
