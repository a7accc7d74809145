"""Hard stop 20 (K-03): a record drawn again is version 2, and everyone confirms and signs again."""

import pytest

from bidding.opening import service
from bidding.opening.record import record_of
from bidding.refusals.opening import RecordStale, RecordUnfinished
from tests.bidding.opening import makers


async def test_version_two_keeps_version_one_and_none_of_its_answers(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=makers.HOST)
    actor = meeting.bidders[0].actor
    await meeting.do(service.confirm_record, meeting.tender_id, version=1, actor=actor)
    await meeting.sign(1)
    await meeting.host(service.draw_record, actor=makers.HOST, remarks="更正工期")
    async with meeting.db.reading() as session:
        first, second = [await record_of(session, meeting.tender_id, one) for one in (1, 2)]
    assert (second.version, second.previous_sha256) == (2, first.sha256)
    assert (second.confirmations, second.signatures) == ((), ())
    assert len(first.signatures) == 3
    with pytest.raises(RecordStale):
        await meeting.do(service.confirm_record, meeting.tender_id, version=1, actor=actor)


async def test_signatures_of_an_old_version_do_not_close_the_opening(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=makers.HOST)
    await meeting.sign(1)
    await meeting.host(service.draw_record, actor=makers.HOST, remarks="更正工期")
    await meeting.pass_window(makers.WINDOWS.record_confirm)
    await meeting.advance()
    await meeting.host(service.hand_over_files)
    with pytest.raises(RecordUnfinished):
        await meeting.host(service.close)
    await meeting.sign(2)
    await meeting.host(service.close)
