"""The API description (OpenAPI 3.1), made from the endpoint table and nothing else."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from openapi_pydantic import OpenAPI
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from bidding.party.roles import Role
from web.endpoint import JSON, Endpoint
from web.problems import MEDIA_TYPE, Problem

VERSION = "0.1.0"
_REF = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}")
_Key = tuple[type[BaseModel], JsonSchemaMode]
_Refs = dict[_Key, dict[str, Any]]


def describe(endpoints: Sequence[Endpoint], *, title: str, origin: str) -> dict[str, Any]:
    """The description of *endpoints* as plain JSON values."""
    refs, schemas = _schemas(endpoints)
    ids = operation_ids(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for row in endpoints:
        paths.setdefault(plain_path(row.path), {})[row.method.lower()] = _operation(
            row, refs, ids[row.method, row.path]
        )
    document = {
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": VERSION,
            "description": "金额为整数分,时间为 UTC。Money is whole fen, instants are RFC 3339 in UTC.",
        },
        "servers": [{"url": origin}],
        "tags": [{"name": tag} for tag in sorted({row.tag for row in endpoints if row.tag})],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "qf_session"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }
    OpenAPI.model_validate(document)
    return document


def _schemas(endpoints: Iterable[Endpoint]) -> tuple[_Refs, dict[str, Any]]:
    asked: dict[_Key, None] = {(Problem, "serialization"): None}
    for row in endpoints:
        for model in (row.body, row.query):
            if model is not None:
                asked[model, "validation"] = None
        if row.returns is not None:
            asked[row.returns, "serialization"] = None
    refs, definitions = models_json_schema(list(asked), ref_template=_REF)
    return {(model, mode): refs[model, mode] for model, mode in asked}, definitions.get("$defs", {})


def plain_path(path: str) -> str:
    """The path as OpenAPI writes it: parameters without their patterns."""
    return _PARAMETER.sub(r"{\1}", path)


def operation_ids(endpoints: Iterable[Endpoint]) -> dict[tuple[str, str], str]:
    """The id of each operation, by method and path: its handler's name, with the module's before twins."""
    rows = list(endpoints)
    often = Counter(row.name for row in rows)
    return {
        (row.method, row.path): row.name
        if often[row.name] == 1
        else f"{row.handler.__module__.rpartition('.')[2]}_{row.name}"
        for row in rows
    }


def _operation(row: Endpoint, refs: _Refs, name: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": row.summary or row.name,
        "description": "\n\n".join(filter(None, (row.summary_en, (row.handler.__doc__ or "").strip()))),
        "parameters": [*_path(row), *_query(row), *_headers(row)],
        "responses": _responses(row, refs),
        "x-act": row.act,
        "x-roles": sorted(row.roles),
        "x-step-up": row.step_up,
    }
    if row.tag:
        operation["tags"] = [row.tag]
    if Role.PUBLIC not in row.roles:
        operation["security"] = [{"session": []}, {"bearer": []}]
    if row.body is not None:
        schema = refs[row.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _path(row: Endpoint) -> list[dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": text}
        for name in _PARAMETER.findall(row.path)
    ]


def _query(row: Endpoint) -> list[dict[str, Any]]:
    if row.query is None:
        return []
    whole = row.query.model_json_schema(ref_template=_REF)
    whole.pop("$defs", None)
    required = set(whole.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in whole.get("properties", {}).items()
    ]


def _headers(row: Endpoint) -> list[dict[str, Any]]:
    if not row.idempotent:
        return []
    schema = {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]


def _responses(row: Endpoint, refs: _Refs) -> dict[str, Any]:
    refused = {"schema": refs[Problem, "serialization"]}
    answer: dict[str, Any] = {"description": row.summary or "OK"}
    if row.returns is not None:
        answer["content"] = {"application/json": {"schema": refs[row.returns, "serialization"]}}
    elif row.media != JSON:
        answer["content"] = {row.media: {}}
    problem = {"description": "拒绝 a refusal (RFC 9457)", "content": {MEDIA_TYPE: refused}}
    return {str(row.good_status): answer, "4XX": problem, "5XX": problem}
