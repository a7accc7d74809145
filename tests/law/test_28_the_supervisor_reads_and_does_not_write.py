"""Hard stop 28 (E-23): during the opening the supervisor sees everything and drives nothing."""

from bidding.party.roles import Role
from tests.bidding.opening import makers
from tests.web.openings import BASE, ROWS, served_to
from web.endpoint import gather

ORDERS = {
    "/pause", "/resume", "/termination", "/few/confirmation", "/faults", "/layers/give-up",
    "/record/{version}/signatures", "/draw/commitments", "/draw/reveals", "/draw/beacon",
}  # fmt: skip


def rows():
    return [row for row in gather(ROWS) if row.path.startswith("/api/tenders/{tender_id}/opening")]


async def test_the_supervisor_sees_the_running_hall_from_the_desk(meeting, aiohttp_client):
    await meeting.to_the_keys()
    await meeting.release(0)
    client, headers = await served_to(aiohttp_client, meeting, makers.SUPERVISOR)
    answer = await client.get(BASE.format(meeting.tender_id), headers=headers)
    hall = (await answer.json())["hall"]
    assert answer.status == 200
    assert [bid["is_released"] for bid in hall["bids"]] == [True, False, False]
    assert hall["incidents"] == []


async def test_the_supervisor_is_denied_every_button_of_the_others(meeting, aiohttp_client):
    client, headers = await served_to(aiohttp_client, meeting, makers.SUPERVISOR)
    others = [row for row in rows() if row.method != "GET" and Role.SUPERVISOR not in row.roles]
    for row in others:
        path = row.path.format(tender_id=meeting.tender_id, kind="release", version=1, objection_id="x")
        answer = await client.request(row.method, path, headers=headers, json={})
        assert (row.name, answer.status) == (row.name, 403)
    assert len(others) > len(ORDERS)


def test_what_the_supervisor_may_do_are_orders_and_countersignatures_alone():
    mine = {
        row.path.removeprefix("/api/tenders/{tender_id}/opening")
        for row in rows()
        if row.method != "GET" and Role.SUPERVISOR in row.roles
    }
    assert mine == ORDERS
