"""One shape of "no" (RFC 9457), for HTTP bodies and for the answers on a socket alike."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bidding.refusals import Absent, Defective, NotEntitled, OutOfOrder, OutOfTime, Refusal, TooMuch
from crypto.errors import CryptoError, LedgerBroken
from web.refusals import (
    FontsAbsent,
    MethodNotHere,
    PaperUnsigned,
    SignInNeeded,
    TooOften,
    TooSlow,
    Unexpected,
    Unverified,
    WrongMedia,
)
from web.wire import encode

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[Refusal], HTTPStatus] = {
    OutOfTime: HTTPStatus.CONFLICT,
    OutOfOrder: HTTPStatus.CONFLICT,
    NotEntitled: HTTPStatus.FORBIDDEN,
    Defective: HTTPStatus.UNPROCESSABLE_ENTITY,
    Absent: HTTPStatus.NOT_FOUND,
    TooMuch: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    SignInNeeded: HTTPStatus.UNAUTHORIZED,
    MethodNotHere: HTTPStatus.METHOD_NOT_ALLOWED,
    WrongMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    TooSlow: HTTPStatus.REQUEST_TIMEOUT,
    Unexpected: HTTPStatus.INTERNAL_SERVER_ERROR,
    FontsAbsent: HTTPStatus.SERVICE_UNAVAILABLE,
    PaperUnsigned: HTTPStatus.SERVICE_UNAVAILABLE,
}


class Reason(BaseModel):
    """Cause and remedy in one language."""

    cause: str
    remedy: str


class Problem(BaseModel):
    """What a refusal looks like to a client; `rule` and `article` name its ground, `who` can remove it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["/problems/bid-late"])
    title: str
    status: int
    code: str
    rule: str
    article: str
    who: str
    zh: Reason
    en: Reason
    facts: dict[str, Any]
    request_id: str


def status_of(kind: type[Refusal]) -> HTTPStatus:
    """The HTTP status of a refusal: its own, or that of its nearest family. KeyError where it has none."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)


def problem(refusal: Refusal, *, request_id: str = "") -> dict[str, Any]:
    """The one shape in which clients, over HTTP or a socket, hear "no"."""
    title = (type(refusal).__doc__ or refusal.code).strip().splitlines()[0]
    return {
        "type": f"/problems/{refusal.code}",
        "title": title,
        "status": int(status_of(type(refusal))),
        "code": refusal.code,
        "rule": refusal.rule,
        "article": refusal.article,
        "who": refusal.who.value,
        **refusal.texts(),
        "facts": refusal.facts(),
        "request_id": request_id,
    }


def refusal_of(error: CryptoError) -> Refusal:
    """A failed verification that no room had a name for, as a refusal; a broken ledger is our own fault."""
    if isinstance(error, LedgerBroken):
        return Unexpected()
    return Unverified(failed=type(error).__name__, detail=str(error)[:300])


def response(refusal: Refusal, *, request_id: str = "") -> web.Response:
    """The refusal as an HTTP answer."""
    body = problem(refusal, request_id=request_id)
    headers = {"Cache-Control": "no-store"}
    if isinstance(refusal, TooOften):
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, MethodNotHere):
        headers["Allow"] = refusal.allowed
    return web.Response(
        body=encode(body).encode(), status=body["status"], content_type=MEDIA_TYPE, headers=headers
    )
