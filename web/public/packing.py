"""Answers that travel packed to whoever can unpack them."""

import zlib

from aiohttp import web

_WORTH_IT = 1024


def packed(
    body: bytes, *, kind: str, cache: str, status: int = 200, request: web.Request | None = None
) -> web.Response:
    """*body* as *kind* (a media type of UTF-8 text), gzipped where *request* accepts that and it pays."""
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": cache, "Vary": "Accept-Encoding"}
    accepted = request.headers.get("Accept-Encoding", "") if request is not None else ""
    if "gzip" in accepted and len(body) > _WORTH_IT:
        body, headers["Content-Encoding"] = _gzip(body), "gzip"
    return web.Response(body=body, status=status, headers=headers)


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
