"""The stylesheets, the icons and the clock, served with an address that changes when they do."""

import asyncio

from aiohttp import web

from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.public.packing import packed
from web.public.rendering import ASSETS
from web.refusals import NoSuchPage

KINDS = {
    "tokens.css": "text/css",
    "site.css": "text/css",
    "clock.js": "text/javascript",
    "icons.svg": "image/svg+xml",
    "seal.svg": "image/svg+xml",
}


@endpoint(
    "GET",
    "/assets/{name}",
    act="asset.read",
    roles={Role.PUBLIC},
    raw=True,
    media="text/css",
    tag="page",
    summary="样式与图标",
    summary_en="Stylesheets, icons and the clock of the pages",
)
async def read_asset(call: Call) -> web.StreamResponse:
    kind = KINDS.get(call.path["name"])
    if kind is None:
        raise NoSuchPage
    content = await asyncio.to_thread((ASSETS / call.path["name"]).read_bytes)
    return packed(content, kind=kind, cache="public, max-age=604800", request=call.request)
