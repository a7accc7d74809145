"""Deposits by hand: two people, one fact, and nobody who could read a list of payers."""

import pytest

from bidding.acts import bidder_stream, desk_stream, public_stream
from bidding.bid.vault import LocalVault
from bidding.deposit import service
from bidding.deposit.queries import facts_for_opening
from bidding.deposit.service import DepositEntry
from bidding.deposit.states import DepositStatus
from bidding.party.roles import Role
from bidding.refusals.bid import SealedBeforeDeadline
from bidding.refusals.deposit import DepositAbsent, DepositSettled
from bidding.refusals.opening import SamePerson
from bidding.tender.queries import get
from crypto.ledger import since
from tests.bidding.opening import makers

FIRST, SECOND = (makers.someone(Role.CENTRE_OPS, "org-centre", f"person-{one}") for one in "ab")


@pytest.fixture
async def meeting(db, tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield await makers.a_meeting(db, vault, tmp_path)
    vault.close()


def entry(meeting, number=0, **over):
    facts = {
        "tender_id": meeting.tender_id, "bidder_id": meeting.bidders[number].actor.organisation_id,
        "status": DepositStatus.PAID, "amount_fen": 20_000_000, "reference": "示例流水001",
    }  # fmt: skip
    return DepositEntry(**facts | over)


async def test_a_fact_counts_when_a_second_person_typed_the_same(meeting):
    await meeting.do(service.enter, entry(meeting), actor=FIRST)
    await meeting.do(service.confirm, entry(meeting), actor=SECOND)
    await meeting.do(service.enter, entry(meeting, 1, status=DepositStatus.GUARANTEE), actor=FIRST)
    await meeting.to_the_keys()
    stated = [(await meeting.bid(number)).deposit for number in range(3)]
    assert stated == ["paid", "unpaid", "unpaid"]


async def test_one_person_is_not_two(meeting):
    await meeting.do(service.enter, entry(meeting), actor=FIRST)
    with pytest.raises(SamePerson):
        await meeting.do(service.confirm, entry(meeting), actor=FIRST)


@pytest.mark.parametrize(
    "over", [{"amount_fen": 1}, {"status": DepositStatus.WAIVED}, {"reference": "示例流水002"}]
)
async def test_another_fact_confirms_nothing(meeting, over):
    await meeting.do(service.enter, entry(meeting), actor=FIRST)
    with pytest.raises(DepositAbsent):
        await meeting.do(service.confirm, entry(meeting, **over), actor=SECOND)


async def test_a_confirmed_fact_is_not_changed(meeting):
    await meeting.do(service.enter, entry(meeting, amount_fen=5), actor=FIRST)
    await meeting.do(service.enter, entry(meeting), actor=FIRST)
    await meeting.do(service.confirm, entry(meeting), actor=SECOND)
    with pytest.raises(DepositSettled):
        await meeting.do(service.enter, entry(meeting, amount_fen=5), actor=FIRST)


async def test_an_entry_is_heard_by_its_bidder_alone_and_no_list_is_given_before_the_deadline(meeting):
    await meeting.do(service.enter, entry(meeting), actor=FIRST)
    actor = meeting.bidders[0].actor
    async with meeting.db.reading() as session:
        own = await since(session, bidder_stream(meeting.tender_id, actor.organisation_id), 0)
        assert own[-1].kind == "deposit.entered"
        assert "示例流水001" not in own[-1].text
        for stream in (public_stream, desk_stream):
            assert list(await since(session, stream(meeting.tender_id), 0)) == []
        tender = await get(session, meeting.tender_id)
        with pytest.raises(SealedBeforeDeadline):
            await facts_for_opening(session, tender)


async def test_where_no_deposit_is_asked_for_it_is_waived(db, tmp_path):
    vault = LocalVault(tmp_path / "objects")
    meeting = await makers.a_meeting(db, vault, tmp_path, deposit_fen=0)
    await meeting.to_the_keys()
    assert (await meeting.bid(0)).deposit == "waived"
    vault.close()
