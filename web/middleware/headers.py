"""Security headers on every answer; strict from the first day, so that nothing grows that breaks them."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from web.settings import Site

_DIRECTIVES = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
)
POLICY = "; ".join(_DIRECTIVES)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Server": "qifeng",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def headers(site: Site) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """The signal that dresses each answer just before it is sent, streams and files included."""
    always = dict(ALWAYS)
    if site.is_https:
        always["Strict-Transport-Security"] = STRICT_TRANSPORT

    async def dress(_request: web.Request, answer: web.StreamResponse) -> None:
        for name, value in always.items():
            answer.headers.setdefault(name, value)

    return dress
