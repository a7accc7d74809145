"""The API description is valid, complete, and made from the table."""

import json

import pytest
from openapi_spec_validator import validate

from bidding.party.roles import Role
from tests.web.test_endpoint import Page, Ring
from web.api import endpoints
from web.endpoint import Endpoint, endpoint
from web.openapi import describe, operation_ids, plain_path


@pytest.fixture(scope="module")
def document():
    return describe(endpoints(), title="启封", origin="http://127.0.0.1:8080")


def test_the_description_is_valid_openapi_3_1(document):
    validate(json.loads(json.dumps(document)))
    assert document["openapi"].startswith("3.1")


def test_every_row_of_the_table_is_described_with_its_roles_and_its_refusals(document):
    for row in endpoints():
        operation = document["paths"][plain_path(row.path)][row.method.lower()]
        assert operation["x-roles"] == sorted(row.roles)
        assert "application/problem+json" in operation["responses"]["4XX"]["content"]


def test_every_row_has_a_summary_in_both_languages_and_a_name_of_its_own():
    lacking = [row.name for row in endpoints() if not row.summary]
    assert lacking == []


def test_every_operation_has_an_id_of_its_own(document):
    ids = [one["operationId"] for ways in document["paths"].values() for one in ways.values()]
    assert len(ids) == len(set(ids)) == len(endpoints())


def test_handlers_of_one_name_are_told_apart_by_their_modules():
    async def read_twin(call):
        pass

    async def other(call):
        pass

    other.__name__, other.__module__ = "read_twin", "web.api.elsewhere"
    rows = [
        Endpoint(method="GET", path=path, handler=handler, act="x", roles=frozenset({Role.PUBLIC}))
        for path, handler in (("/a", read_twin), ("/b", other))
    ]
    assert operation_ids(rows) == {
        ("GET", "/a"): "test_openapi_read_twin",
        ("GET", "/b"): "elsewhere_read_twin",
    }


def test_bodies_queries_and_the_idempotency_key_are_in_the_description():
    @endpoint("PUT", "/x/{tender_id}", act="x", roles={Role.BIDDER}, body=Ring, query=Page, idempotent=True)
    async def put_x(call, body):
        pass

    operation = describe(put_x.__endpoint__, title="x", origin="http://x")["paths"]["/x/{tender_id}"]["put"]
    places = [(parameter["in"], parameter["name"]) for parameter in operation["parameters"]]
    assert places == [
        ("path", "tender_id"),
        ("query", "limit"),
        ("query", "kinds"),
        ("header", "Idempotency-Key"),
    ]
    assert operation["security"] == [{"session": []}, {"bearer": []}]
    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Ring")
