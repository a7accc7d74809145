"""The system about itself: its description, its health, its figures."""

from aiohttp import web
from sqlalchemy import text

from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.metrics import render
from web.views.system import Health, ServerTime

ANYONE = frozenset({Role.PUBLIC})


@endpoint("GET", "/api/openapi.json", act="api.read", roles=ANYONE, media="application/vnd.oai.openapi+json",
          tag="system", summary="接口说明", summary_en="The API description (OpenAPI 3.1)")  # fmt: skip
async def read_openapi(call: Call) -> web.Response:
    from web.api import endpoints
    from web.openapi import describe  # slow to import, and rarely asked for
    from web.wire import encode

    site = call.app.settings.site
    text_ = encode(describe(endpoints(), title=site.name, origin=site.origin))
    return web.Response(text=text_, content_type="application/vnd.oai.openapi+json")


@endpoint("GET", "/healthz", act="health.read", roles=ANYONE, returns=Health, tag="system",
          summary="进程存活", summary_en="The process answers")  # fmt: skip
async def read_health(call: Call) -> Health:
    del call
    return Health(status="ok")


@endpoint("GET", "/readyz", act="health.read", roles=ANYONE, returns=Health, tag="system",
          summary="可以服务", summary_en="The database answers")  # fmt: skip
async def read_readiness(call: Call) -> Health:
    async with call.reading() as session:
        await session.execute(text("SELECT 1"))
    return Health(status="ok")


@endpoint("GET", "/api/time", act="time.read", roles=ANYONE, returns=ServerTime, tag="system",
          summary="服务器时间", summary_en="The instant of the one clock that decides")  # fmt: skip
async def read_time(call: Call) -> ServerTime:
    async with call.reading() as session:
        return ServerTime(now=await call.app.clock(session))


@endpoint("GET", "/metrics", act="metrics.read", roles=ANYONE, media="text/plain", tag="system",
          summary="运行指标", summary_en="Prometheus figures; none counts anything of a tender")  # fmt: skip
async def read_metrics(call: Call) -> web.Response:
    del call
    return web.Response(body=render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
