"""Pages for everyone: notices, one tender, its record, the log, and the check of a receipt."""

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import Field

from bidding.party.roles import Role
from bidding.tender import queries
from bidding.tender.queries import Filter
from bidding.tender.states import PUBLIC_STATES, TenderState
from bidding.tender.tables import Tender
from bidding.tender.terms import Category
from bidding.tender.townships import TOWNSHIPS
from web.binding import read_body
from web.call import Call
from web.endpoint import endpoint
from web.forms import Query
from web.public import showing
from web.public.checks import Check, checks_of
from web.public.rendering import page

ANYONE = frozenset({Role.PUBLIC})
HTML = "text/html"
_PAGE = 20
_RECEIPT = 256 * 1024


class Language(Query):
    """Which language; anything else than `en` is Chinese."""

    lang: str = Field(default="", max_length=5)


class Search(Language):
    """The notice list's form: an empty field narrows nothing."""

    q: str = Field(default="", max_length=100)
    category: str = Field(default="", max_length=20)
    township: str = Field(default="", max_length=12)
    state: str = Field(default="", max_length=30)
    after: str = Field(default="", max_length=100)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q.strip() or self.category or self.township or self.state)


class Before(Language):
    """The entry before which a page of events begins; 0 is the end."""

    before: int = Field(default=0, ge=0, le=2**53)


@endpoint(
    "GET",
    "/",
    act="notices.read",
    roles=ANYONE,
    query=Search,
    raw=True,
    media=HTML,
    tag="page",
    summary="公告列表页",
    summary_en="Notices, with search",
)
async def show_notices(call: Call) -> web.Response:
    asked: Search = call.query
    async with call.reading() as session:
        found = await queries.published(session, _filter(asked), after=_place(asked.after), limit=_PAGE + 1)
        beside = await showing.of_notices(session, await call.app.clock(session))
    more = _mark(found[_PAGE - 1]) if len(found) > _PAGE else ""
    return page(call, "notices.html", tenders=found[:_PAGE], more=more, asked=asked, **_choices(), **beside)


@endpoint(
    "GET",
    "/tenders/{tender_id}",
    act="tender.read",
    roles=ANYONE,
    query=Language,
    raw=True,
    media=HTML,
    tag="page",
    summary="项目页",
    summary_en="One tender: its terms and all that happened in public",
)
async def show_tender(call: Call) -> web.Response:
    async with call.reading() as session:
        now = await call.app.clock(session)
        shown = await showing.of_tender(session, call.path["tender_id"], now)
    return page(call, "tender.html", has_bundle=_has_bundle(), **shown)


@endpoint(
    "GET",
    "/tenders/{tender_id}/events",
    act="tender.read",
    roles=ANYONE,
    query=Before,
    raw=True,
    media=HTML,
    tag="page",
    summary="公开进程页",
    summary_en="Everything that happened to a tender in public, newest first",
)
async def show_events(call: Call) -> web.Response:
    async with call.reading() as session:
        now = await call.app.clock(session)
        shown = await showing.of_events(session, call.path["tender_id"], call.query.before, now)
    return page(call, "events.html", **shown)


@endpoint(
    "GET",
    "/tenders/{tender_id}/record",
    act="record.read",
    roles=ANYONE,
    query=Language,
    raw=True,
    media=HTML,
    tag="page",
    summary="开标记录页",
    summary_en="The published opening record",
)
async def show_record(call: Call) -> web.Response:
    async with call.reading() as session:
        shown = await showing.of_record(session, call.path["tender_id"])
    return page(call, "record.html", has_bundle=_has_bundle(), **shown)


@endpoint(
    "GET",
    "/log",
    act="log.read",
    roles=ANYONE,
    query=Language,
    raw=True,
    media=HTML,
    tag="page",
    summary="透明日志页",
    summary_en="The transparency log: its newest checkpoint and how to check it",
)
async def show_log(call: Call) -> web.Response:
    async with call.reading() as session:
        head = await showing.newest_head(session)
    vkey = str(call.app.log_signer.vkey)
    return page(call, "log.html", head=head, log=call.app.settings.log, vkey=vkey)


@endpoint(
    "GET",
    "/verify",
    act="receipt.verify",
    roles=ANYONE,
    query=Language,
    raw=True,
    media=HTML,
    tag="page",
    summary="回执验证页",
    summary_en="Check a receipt",
)
async def ask_receipt(call: Call) -> web.Response:
    return page(call, "verify.html", checks=None)


@endpoint(
    "POST",
    "/verify",
    act="receipt.verify",
    roles=ANYONE,
    query=Language,
    raw=True,
    media=HTML,
    tag="page",
    max_body=_RECEIPT,
    summary="验证回执",
    summary_en="Check the receipt that was handed in",
)
async def check_receipt(call: Call) -> web.Response:
    raw = await _receipt(call)
    async with call.reading() as session:
        checks: list[Check] = await checks_of(session, raw, call.app.trust_file)
    return page(call, "verify.html", checks=checks)


def _choices() -> dict[str, Any]:
    return {"townships": TOWNSHIPS, "states": sorted(PUBLIC_STATES), "categories": list(Category)}


def _has_bundle() -> bool:
    """Whether this platform hands out the archive of an opening."""
    from web.api import endpoints

    return any(one.path == "/api/tenders/{tender_id}/bundle" for one in endpoints())


def _filter(asked: Search) -> Filter:
    return Filter(
        text=asked.q.strip(),
        category=Category(asked.category) if asked.category in set(Category) else None,
        township=asked.township,
        states=frozenset({TenderState(asked.state)}) if asked.state in set(TenderState) else PUBLIC_STATES,
    )


def _mark(tender: Tender) -> str:
    assert tender.published_at is not None  # noqa: S101 -- only published tenders are listed
    return f"{tender.published_at.isoformat()}~{tender.id}"


def _place(mark: str) -> tuple[datetime, str] | None:
    at, _, name = mark.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (instant, name) if name and instant.tzinfo else None


async def _receipt(call: Call) -> str:
    body = await read_body(call.request, _RECEIPT, seconds=call.app.settings.server.body_seconds)
    return receipt_in(body, call.request.headers.get("Content-Type", ""))


def receipt_in(body: bytes, content_type: str) -> str:
    """The receipt's text in a form's upload or pasted field, or in the body itself."""
    from email.parser import BytesParser
    from email.policy import HTTP

    if not content_type.startswith("multipart/form-data"):
        return body.decode("utf-8", "replace")
    whole: Any = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts = [part.get_payload(decode=True) or b"" for part in whole.iter_parts()]
    texts = [part.decode("utf-8", "replace").replace("\r\n", "\n") for part in parts]
    return max(texts, key=len, default="")
