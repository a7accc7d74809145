"""Prices confirmed, objections answered, few bids decided, records drawn anew, and what comes between."""

import json

import pytest

from bidding.opening import service
from bidding.opening.record import record_of
from bidding.opening.states import OpeningState
from bidding.opening.windows import WindowKind
from bidding.refusals.opening import (
    AcceptanceCauseUnknown,
    BidStatusOutOfOrder,
    FaultUnreported,
    FewDecisionForeign,
    FewUndecided,
    NotOnDuty,
    ObjectionAbsent,
    OpeningOutOfOrder,
    OrderUndocumented,
    RecordStale,
    RecordUnfinished,
    SamePerson,
    StageUnfinished,
    WindowNotOpen,
)
from bidding.tender.queries import get
from bidding.tender.states import TenderState
from bidding.tender.terms import FewDecrypted
from tests.bidding.opening import makers
from tests.bidding.opening.makers import ATREST, HOST, OWNER, SUPERVISOR, WINDOWS, WITNESS, a_meeting


async def as_bidder(meeting, number, verb, **kwargs):
    actor = meeting.bidders[number].actor
    return await meeting.do(verb, meeting.tender_id, by=actor, actor=actor, **kwargs)


async def test_a_disputed_price_is_noted_and_announced_from_the_signed_file(meeting):
    await meeting.to_the_prices()
    await meeting.advance()
    await as_bidder(meeting, 0, service.confirm_price)
    await as_bidder(meeting, 1, service.dispute_price, note="小数点有误")
    with pytest.raises(BidStatusOutOfOrder):
        await as_bidder(meeting, 1, service.confirm_price)
    await meeting.pass_window(WINDOWS.price_confirm)
    assert [(await meeting.bid(one)).price_answer for one in range(3)] == ["confirmed", "disputed", "deemed"]
    await meeting.advance()
    await meeting.host(service.announce_all, atrest=ATREST)
    assert (await meeting.bid(1)).items["bid_price"] == makers.PRICES[1]


async def test_what_exceeds_the_cap_is_named_and_not_rejected(db, vault, tmp_path):
    over = makers.bids.tenders.terms().price_cap_fen + 1
    meeting = await a_meeting(db, vault, tmp_path, sheets={2: {"bid_price": over}})
    await meeting.to_the_announcement()
    await meeting.host(service.announce_all, atrest=ATREST)
    await meeting.advance()
    entry = await meeting.host(service.analyse_prices)
    body = json.loads(entry.text)["body"]
    assert body["over_cap"] == [(await meeting.bid(2)).bid_id]
    assert (body["lowest"], body["highest"]) == (makers.PRICES[0], over)
    assert (await meeting.bid(2)).status == "announced"


async def test_nothing_is_announced_twice(meeting):
    await meeting.to_the_announcement()
    for _ in range(3):
        await meeting.host(service.announce_next, atrest=ATREST)
    with pytest.raises(StageUnfinished):
        await meeting.host(service.announce_next, atrest=ATREST)


async def to_the_objections(meeting):
    await meeting.to_the_announcement()
    await meeting.host(service.announce_all, atrest=ATREST)
    await meeting.advance()
    await meeting.host(service.analyse_prices)
    await meeting.advance()


async def test_an_objection_is_raised_in_its_window_and_answered_once(meeting):
    await to_the_objections(meeting)
    raised = await as_bidder(meeting, 0, service.raise_objection, text="唱标金额与投标函不一致")
    assert await as_bidder(meeting, 1, service.state_no_objection) is not None
    assert await as_bidder(meeting, 1, service.state_no_objection) is None
    await meeting.pass_window(WINDOWS.objection)
    with pytest.raises(WindowNotOpen):
        await as_bidder(meeting, 2, service.raise_objection, text="太晚了")
    answer = {"objection_id": raised.id, "actor": OWNER, "answer": "以加密文件为准"}
    await meeting.host(service.answer_objection, **answer)
    with pytest.raises(ObjectionAbsent):
        await meeting.host(service.answer_objection, **answer)


async def test_a_record_is_signed_by_those_on_duty_in_their_own_role(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=HOST)
    with pytest.raises(NotOnDuty):
        await meeting.host(service.sign_record, version=1, role="opening_witness", actor=HOST)
    with pytest.raises(NotOnDuty):
        await meeting.host(service.sign_record, version=1, role="bidder", actor=meeting.bidders[0].actor)
    with pytest.raises(RecordStale):
        await meeting.host(service.sign_record, version=2, role="agency_host", actor=HOST)
    first = await meeting.host(service.sign_record, version=1, role="agency_host", actor=HOST)
    again = await meeting.host(service.sign_record, version=1, role="agency_host", actor=HOST)
    assert (again.signed_at, again.name) == (first.signed_at, HOST.name)


async def test_a_missing_signature_holds_the_close_until_a_note_says_why(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=HOST)
    await meeting.pass_window(WINDOWS.record_confirm)
    await meeting.advance()
    await meeting.host(service.hand_over_files)
    with pytest.raises(RecordUnfinished) as refused:
        await meeting.host(service.close)
    assert refused.value.missing == "procuring_entity, agency_host, opening_witness"
    await meeting.host(service.close, note="监标人因故离席")
    assert (await meeting.opening()).state is OpeningState.CLOSED


async def test_a_disputed_record_says_so_in_its_newest_version(meeting):
    await meeting.to_the_record()
    await meeting.host(service.draw_record, actor=HOST)
    await as_bidder(meeting, 0, service.confirm_record, version=1)
    await as_bidder(meeting, 1, service.dispute_record, version=1, note="工期有误")
    async with meeting.db.reading() as session:
        record = await record_of(session, meeting.tender_id, 1)
    assert [(one.answer, one.note) for one in record.confirmations] == [
        ("confirmed", ""), ("disputed", "工期有误"),
    ]  # fmt: skip


async def test_the_record_names_who_was_refused_and_who_was_not_opened(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    await meeting.release_layers()
    await meeting.open_all()
    bid = await meeting.bid(2)
    assert (bid.status, bid.cause) == ("revoked_not_decrypted", "key-not-released")


async def few(meeting):
    await meeting.to_the_prices(0, 1)


async def test_fewer_than_three_opened_waits_for_host_and_supervisor_and_then_fails(meeting):
    await few(meeting)
    with pytest.raises(FewUndecided):
        await meeting.advance()
    propose = {"actor": HOST, "reason": "仅两家解密成功"}
    with pytest.raises(FewDecisionForeign):
        await meeting.host(service.propose_few, decision=FewDecrypted.TO_COMMITTEE, **propose)
    with pytest.raises(FewUndecided):
        await meeting.do(service.confirm_few, meeting.tender_id, actor=SUPERVISOR)
    await meeting.host(service.propose_few, decision=FewDecrypted.FAIL, **propose)
    with pytest.raises(SamePerson):
        await meeting.do(service.confirm_few, meeting.tender_id, actor=HOST)
    await meeting.do(service.confirm_few, meeting.tender_id, by=SUPERVISOR, actor=SUPERVISOR)
    assert (await meeting.opening()).state is OpeningState.FAILED
    async with meeting.db.reading() as session:
        assert (await get(session, meeting.tender_id)).state is TenderState.FAILED


async def test_fewer_than_three_opened_goes_on_where_the_document_says_so(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, few_decrypted=FewDecrypted.TO_COMMITTEE)
    await few(meeting)
    await meeting.host(
        service.propose_few, decision=FewDecrypted.TO_COMMITTEE, actor=HOST, reason="按招标文件"
    )
    await meeting.do(service.confirm_few, meeting.tender_id, actor=SUPERVISOR)
    await meeting.advance()
    assert await meeting.stage() == "price_confirm"


async def test_acceptance_is_refused_for_the_causes_of_the_law_alone(meeting):
    await meeting.to_the_list()
    bidder_id = meeting.bidders[0].actor.organisation_id
    with pytest.raises(AcceptanceCauseUnknown):
        await meeting.host(
            service.refuse_acceptance, bidder_id=bidder_id, cause="too-expensive", reason="太贵"
        )
    await meeting.host(
        service.refuse_acceptance, bidder_id=bidder_id, cause="not-prequalified", reason="未通过资格预审"
    )
    assert (await meeting.statuses())[0] == "acceptance_refused"


async def test_a_fault_is_confirmed_by_another_than_who_reported_it(meeting):
    await meeting.to_the_keys()
    bidder_id = meeting.bidders[0].actor.organisation_id
    decide = {"bidder_id": bidder_id, "cause": "中心网络中断"}
    with pytest.raises(FaultUnreported):
        await meeting.do(service.attribute_fault, meeting.tender_id, actor=WITNESS, **decide)
    await meeting.host(service.report_incident, actor=HOST, text="中心断网", bidder_id=bidder_id)
    with pytest.raises(SamePerson):
        await meeting.do(service.attribute_fault, meeting.tender_id, actor=HOST, **decide)
    await meeting.do(service.attribute_fault, meeting.tender_id, actor=WITNESS, **decide)
    assert (await meeting.statuses())[0] == "withdrawn_system_fault"


async def test_a_bidder_may_revoke_in_writing_and_stays_on_the_list(meeting):
    await meeting.to_the_keys()
    await as_bidder(meeting, 0, service.revoke, reason="项目经理离职")
    assert await meeting.statuses() == ["revoked", "decrypt_pending", "decrypt_pending"]


async def test_the_supervisors_order_names_its_document(meeting):
    await meeting.to_the_list()
    order = {"actor": SUPERVISOR, "reason": "接到投诉"}
    with pytest.raises(OrderUndocumented):
        await meeting.do(service.pause, meeting.tender_id, **order)
    await meeting.do(service.pause, meeting.tender_id, document_no="监〔2026〕1号", **order)
    with pytest.raises(OpeningOutOfOrder):
        await meeting.advance()
    await meeting.host(service.resume)
    with pytest.raises(OrderUndocumented):
        await meeting.do(service.terminate, meeting.tender_id, reason="终止", document_no=" ")
    await meeting.do(service.terminate, meeting.tender_id, reason="终止", document_no="监〔2026〕2号")
    async with meeting.db.reading() as session:
        assert (await get(session, meeting.tender_id)).state is TenderState.TERMINATED


async def test_a_window_that_does_not_stand_cannot_be_extended(meeting):
    await meeting.to_the_list()
    with pytest.raises(WindowNotOpen):
        await meeting.host(service.extend, kind=WindowKind.RELEASE, seconds=60, reason="无")
