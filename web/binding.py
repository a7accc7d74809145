"""From a row of the endpoint table to an aiohttp handler: who, may they, what was sent, answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_origin

from aiohttp import web
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge
from pydantic import BaseModel, ValidationError

from bidding.party.roles import NOBODY, Actor, Role
from web.call import Call
from web.endpoint import Endpoint
from web.refusals import BodyTooLarge, FormDefect, RoleMissing, SignInNeeded, TooSlow, WrongMedia

if TYPE_CHECKING:
    from web.app import App

REQUEST_ID = web.RequestKey("request_id", str)
ENDPOINT = web.RequestKey("endpoint", Endpoint)

# Roles that hold on every tender; all others are asked of the tender that the path names.
EVERYWHERE = frozenset({Role.PUBLIC, Role.CENTRE_OPS, Role.SUPERVISOR})
_KEY = re.compile(r"[\x21-\x7e]{8,128}")
_SEGMENT = re.compile(r"[A-Za-z0-9._~:@-]{1,200}")


def bind(application: web.Application, app: "App", endpoints: Iterable[Endpoint]) -> None:
    """Add a route for each row."""
    for row in endpoints:
        application.router.add_route(row.method, row.path, handler(app, row), name=None)


def handler(app: "App", row: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of *row*."""

    async def handle(request: web.Request) -> web.StreamResponse:
        request[ENDPOINT] = row
        call = await _call(app, row, request)
        if row.body is None:
            return answer(row, await row.handler(call))
        return answer(
            row, await row.handler(call, await _body(row, request, app.settings.server.body_seconds))
        )

    return handle


def refuse_without_role(row: Endpoint, actor: Actor) -> None:
    """Only the roles of the table pass; a path that names a tender asks for the role on that tender."""
    if row.is_public:
        return
    if not actor.person_id:
        raise SignInNeeded
    held = actor.roles
    if "{tender_id}" in row.path:
        held = (actor.roles & EVERYWHERE) | actor.tender_roles
    if not held & row.roles:
        raise RoleMissing(needed=", ".join(sorted(row.roles)))


def answer(row: Endpoint, result: Any) -> web.StreamResponse:
    """The handler's result as a response."""
    if isinstance(result, web.StreamResponse):
        return result
    headers = {"Cache-Control": "no-store"}
    if result is None:
        return web.Response(status=row.good_status, headers=headers)
    if not isinstance(result, BaseModel):
        raise TypeError(f"{row.name} returned {type(result).__name__}, not a model")
    text = result.model_dump_json(by_alias=True)
    return web.Response(text=text, status=row.status, content_type="application/json", headers=headers)


def parse_query(model: type[BaseModel] | None, request: web.Request) -> BaseModel | None:
    """The query string as *model*; a name given twice is a defect unless the field is a list."""
    if model is None:
        return None
    values: dict[str, Any] = {}
    for name in dict.fromkeys(request.query):
        given, field = request.query.getall(name), model.model_fields.get(name)
        many = field is not None and get_origin(field.annotation) in {list, tuple, frozenset, set}
        values[name] = given if many or len(given) > 1 else given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise FormDefect(defects=defects(error, "query")) from None


def parse_body(model: type[BaseModel], raw: bytes) -> BaseModel:
    """JSON bytes as *model*, strictly. Raises FormDefect."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise FormDefect(defects=defects(error, "body")) from None


def defects(error: ValidationError, where: str) -> list[dict[str, Any]]:
    """Each field that is wrong: its place, a stable kind, and what was expected. Never what was sent."""
    return [
        {
            "in": where,
            "field": ".".join(str(part) for part in one["loc"]),
            "kind": one["type"],
            "why": one["msg"],
        }
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    ][:50]


async def _call(app: "App", row: Endpoint, request: web.Request) -> Call:
    path = dict(request.match_info)
    _refuse_odd_path(path)
    actor = await _actor(app, request, path.get("tender_id"))
    refuse_without_role(row, actor)
    if row.step_up:
        await app.door.refuse_without_step_up(request, app, actor, row.act)
    return Call(
        app=app, endpoint=row, request=request, actor=actor, path=path,
        query=parse_query(row.query, request), idempotency_key=_idempotency_key(request),
        request_id=request.get(REQUEST_ID, ""),
    )  # fmt: skip


async def _actor(app: "App", request: web.Request, tender_id: str | None) -> Actor:
    actor = await app.door.identify(request, app)
    if actor is NOBODY or not actor.person_id or tender_id is None:
        return actor
    return replace(actor, tender_roles=await app.door.roles_on(app, actor, tender_id))


async def _body(row: Endpoint, request: web.Request, seconds: int) -> BaseModel:
    assert row.body is not None  # noqa: S101 -- the caller asked
    if request.content_type != "application/json":
        raise WrongMedia
    return parse_body(row.body, await read_body(request, row.max_body, seconds=seconds))


async def read_body(request: web.Request, limit: int, *, seconds: int) -> bytes:
    """The whole body, at most *limit* bytes, within *seconds*. Raises BodyTooLarge, TooSlow."""
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(limit=limit)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.content.iter_any():
                size += len(piece)
                if size > limit:
                    raise BodyTooLarge(limit=limit)
                pieces.append(piece)
    except TimeoutError:
        raise TooSlow(seconds=seconds) from None
    except HTTPRequestEntityTooLarge:
        raise BodyTooLarge(limit=limit) from None
    return b"".join(pieces)


def _refuse_odd_path(path: dict[str, str]) -> None:
    odd = [name for name, value in path.items() if name.endswith("_id") and not _SEGMENT.fullmatch(value)]
    if odd:
        raise FormDefect(
            defects=[{"in": "path", "field": name, "kind": "id", "why": "not an id"} for name in odd]
        )


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        why = "8 to 128 visible ASCII characters"
        raise FormDefect(defects=[{"in": "header", "field": "Idempotency-Key", "kind": "format", "why": why}])
    return key
