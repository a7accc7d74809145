"""The table of all HTTP endpoints: one row carries the address, the forms, the roles and the act.

The binder, the API description and the role matrix of the tests are all made from these rows.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel

from bidding.party.roles import Role

KILOBYTE = 1024
JSON = "application/json"
BODY_LIMIT = 256 * KILOBYTE

Handler = Callable[..., Awaitable[Any]]
_H = TypeVar("_H", bound=Handler)
_MARK = "__endpoint__"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One row of the table.

    `act` names the legal act that the call attempts (or the question it asks) and is what a refusal is
    recorded under; `roles` are those who may, Role.PUBLIC meaning everyone; `step_up` asks for a fresh
    signature for that act; `raw` hands the body over unread; `max_body` is in bytes.
    """

    method: str
    path: str
    handler: Handler
    act: str
    roles: frozenset[Role]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    returns: type[BaseModel] | None = None
    status: int = 200
    step_up: bool = False
    idempotent: bool = False
    raw: bool = False
    media: str = JSON
    max_body: int = BODY_LIMIT
    tag: str = ""
    summary: str = ""
    summary_en: str = ""

    @property
    def name(self) -> str:
        """The operation's id in the API description: the handler's own name."""
        return self.handler.__name__

    @property
    def good_status(self) -> int:
        """The status of a good answer: 204 where there is nothing to show and nothing else was said."""
        is_empty = self.returns is None and not self.raw and self.media == JSON
        return HTTPStatus.NO_CONTENT if is_empty and self.status == HTTPStatus.OK else self.status

    @property
    def is_public(self) -> bool:
        return Role.PUBLIC in self.roles

    @property
    def is_safe(self) -> bool:
        return self.method in {"GET", "HEAD", "OPTIONS"}


def endpoint(
    method: str,
    path: str,
    *,
    act: str,
    roles: Collection[Role],
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    returns: type[BaseModel] | None = None,
    status: int = 200,
    step_up: bool = False,
    idempotent: bool = False,
    raw: bool = False,
    media: str = JSON,
    max_body: int = BODY_LIMIT,
    tag: str = "",
    summary: str = "",
    summary_en: str = "",
) -> Callable[[_H], _H]:
    """Mark an async function as the handler of a row; `gather` collects the rows of a module.

    The function takes the `Call` and, where there is a *body* model, the parsed body; it returns a model
    of *returns*, None for an empty answer, or an aiohttp response where the answer is a file (*media*).
    """

    def mark(handler: _H) -> _H:
        row = Endpoint(
            method=method, path=path, handler=handler, act=act, roles=frozenset(roles), body=body,
            query=query, returns=returns, status=status, step_up=step_up, idempotent=idempotent, raw=raw,
            media=media, max_body=max_body, tag=tag, summary=summary, summary_en=summary_en,
        )  # fmt: skip
        setattr(handler, _MARK, [*getattr(handler, _MARK, ()), row])
        return handler

    return mark


def gather(modules: Iterable[ModuleType]) -> list[Endpoint]:
    """The rows of *modules* in the order in which they are written there."""
    return [
        row
        for module in modules
        for thing in vars(module).values()
        if getattr(thing, "__module__", None) == module.__name__
        for row in getattr(thing, _MARK, ())
    ]
