"""The endpoint table at work: forms, roles, one transaction for one act, one shape of no."""

from dataclasses import dataclass, replace

import pytest
from pydantic import Field
from sqlalchemy import select

from bidding.acts import PublicAct
from bidding.party.roles import NOBODY, Actor, Role
from bidding.refusals import OutOfOrder, Who
from crypto.errors import SealBroken
from crypto.ledger import Entry, since
from web.app import App, application
from web.call import Call
from web.endpoint import endpoint, gather
from web.forms import Form, Query
from web.settings import Settings
from web.views import View

HOST = Actor(
    person_id="p1", organisation_id="o1", name="甲", organisation="示例招标代理有限公司",
    roles=frozenset({Role.AGENCY_HOST}), certificate_sha256="00" * 32,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BellRung(PublicAct):
    kind = "test.bell-rung"
    times: int


@dataclass(eq=False)
class BellBroken(OutOfOrder):
    """The bell is broken."""

    code = "test-bell-broken"
    rule = "TEST-1"
    article = "示例条款"
    who = Who.HOST
    zh = "铃坏了:{times}"
    en = "The bell is broken: {times}"
    remedy_zh = "修理"
    remedy_en = "Repair it"

    times: int


class Ring(Form):
    times: int = Field(ge=1)


class Rung(View):
    seq: int


class Page(Query):
    limit: int = Field(default=10, ge=1, le=100)
    kinds: list[str] = Field(default=[])


class Shown(View):
    limit: int
    kinds: list[str]


@endpoint("POST", "/t/{tender_id}/bell", act="bell.ring", roles={Role.AGENCY_HOST}, body=Ring, returns=Rung,
          status=201)  # fmt: skip
async def ring(call: Call, body: Ring) -> Rung:
    async with call.acting() as unit:
        entry = await unit.record(BellRung(tender_id=call.path["tender_id"], times=body.times))
        if body.times == 13:
            raise BellBroken(times=13)
        if body.times == 14:
            raise SealBroken("torn")
        if body.times == 15:
            raise ZeroDivisionError("a secret detail")
    return Rung(seq=entry.seq)


@endpoint("GET", "/shown", act="shown", roles={Role.PUBLIC}, query=Page, returns=Shown)
async def shown(call: Call) -> Shown:
    return Shown(limit=call.query.limit, kinds=call.query.kinds)


@endpoint("DELETE", "/legal", act="legal.act", roles={Role.AGENCY_HOST}, step_up=True)
async def legal(call: Call) -> None:
    del call


class OpenDoor:
    """Lets the host in, who is host on tender T1 alone."""

    def __init__(self) -> None:
        self.actor = HOST

    async def identify(self, request, app):
        return self.actor

    async def roles_on(self, app, actor, tender_id):
        return actor.roles if tender_id == "T1" else frozenset()

    async def refuse_without_step_up(self, request, app, actor, act):
        from web.refusals import StepUpNeeded

        raise StepUpNeeded(purpose=act)


@pytest.fixture
def app(db):
    return App(settings=Settings(), db=db, door=OpenDoor())


@pytest.fixture
async def client(app, aiohttp_client):
    import sys

    return await aiohttp_client(application(app, gather([sys.modules[__name__]])))


async def heard(db, stream):
    async with db.reading() as session:
        return [entry.kind for entry in await since(session, stream, 0)]


async def test_an_act_is_committed_published_and_answered(client, app, db):
    said = []

    async def emit(event, data, room):
        said.append((event, data["seq"], data["kind"], room))

    app.publisher.through(emit)
    answer = await client.post("/t/T1/bell", json={"times": 3})
    assert (answer.status, await answer.json()) == (201, {"seq": 1})
    assert await heard(db, "tender/T1/public") == ["test.bell-rung"]
    assert said == [("entry", 1, "test.bell-rung", "tender/T1/public")]


async def test_a_refusal_undoes_the_act_and_is_recorded_where_those_concerned_hear_it(client, db):
    answer = await client.post("/t/T1/bell", json={"times": 13})
    told = await answer.json()
    assert (answer.status, answer.content_type) == (409, "application/problem+json")
    assert (told["code"], told["rule"], told["zh"]["cause"]) == ("test-bell-broken", "TEST-1", "铃坏了:13")
    assert (told["facts"], told["who"]) == ({"times": 13}, "host")
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert await heard(db, "tender/T1/public") == []
    assert await heard(db, "tender/T1/desk") == ["refused.desk"]


async def test_a_failed_verification_is_a_recorded_refusal_too(client, db):
    answer = await client.post("/t/T1/bell", json={"times": 14})
    assert (answer.status, (await answer.json())["code"]) == (422, "not-verified")
    assert await heard(db, "tender/T1/desk") == ["refused.desk"]


async def test_a_fault_tells_the_caller_an_id_and_nothing_else(client, db):
    answer = await client.post("/t/T1/bell", json={"times": 15})
    text = await answer.text()
    assert (answer.status, "secret" in text, "ZeroDivision" in text) == (500, False, False)
    assert await heard(db, "tender/T1/public") == await heard(db, "tender/T1/desk") == []


@pytest.mark.parametrize(
    ("sent", "field", "kind"),
    [
        ({"times": "3"}, "times", "int_type"),
        ({"times": 3.0}, "times", "int_type"),
        ({"times": True}, "times", "int_type"),
        ({"times": 0}, "times", "greater_than_equal"),
        ({"times": 1, "role": "supervisor"}, "role", "extra_forbidden"),
        ({}, "times", "missing"),
    ],
)
async def test_a_body_is_read_strictly_and_each_wrong_field_is_named(client, sent, field, kind):
    answer = await client.post("/t/T1/bell", json=sent)
    assert answer.status == 422
    assert [(d["field"], d["kind"]) for d in (await answer.json())["facts"]["defects"]] == [(field, kind)]


async def test_a_body_that_is_no_json_or_too_large_or_of_another_type_is_refused(client):
    assert (
        await client.post("/t/T1/bell", data=b"{", headers={"Content-Type": "application/json"})
    ).status == 422
    assert (
        await client.post("/t/T1/bell", data=b"x" * 300_000, headers={"Content-Type": "application/json"})
    ).status == 413
    assert (await client.post("/t/T1/bell", data=b"{}", headers={"Content-Type": "text/plain"})).status == 415


async def test_only_the_roles_of_the_table_pass_and_only_on_their_own_tender(client, app):
    assert (await client.post("/t/T2/bell", json={"times": 1})).status == 403
    app.door.actor = replace(HOST, roles=frozenset({Role.SUPERVISOR}))
    assert (await client.post("/t/T1/bell", json={"times": 1})).status == 403
    app.door.actor = NOBODY
    assert (await client.post("/t/T1/bell", json={"times": 1})).status == 401


async def test_a_legal_act_asks_for_a_fresh_signature(client):
    answer = await client.delete("/legal")
    assert (answer.status, (await answer.json())["facts"]) == (403, {"purpose": "legal.act"})


async def test_a_query_is_read_as_its_types_and_a_list_may_repeat(client):
    assert await (await client.get("/shown?limit=5&kinds=a&kinds=b")).json() == {
        "limit": 5,
        "kinds": ["a", "b"],
    }
    for bad in ("limit=x", "limit=1000", "limit=1&limit=2", "odd=1"):
        assert (await client.get(f"/shown?{bad}")).status == 422


async def test_an_unknown_address_or_method_is_a_problem_as_well(client):
    nowhere, wrong = await client.get("/nowhere"), await client.post("/shown")
    assert (nowhere.status, (await nowhere.json())["code"]) == (404, "not-found")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET")
    assert wrong.content_type == "application/problem+json"


async def test_an_id_in_the_path_is_plain(client):
    assert (await client.post("/t/T1%00x/bell", json={"times": 1})).status == 422


async def test_entries_are_chained_to_their_actor(client, db):
    await client.post("/t/T1/bell", json={"times": 1})
    async with db.reading() as session:
        assert (await session.execute(select(Entry.by))).scalars().all() == ["o1/p1"]
