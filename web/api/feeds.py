"""Feeds over plain HTTP, for those whose network lets no WebSocket through."""

from pydantic import Field

from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.forms import Query
from web.live.feeds import LIMIT, Audience, Feed, FeedAsk, read, stream_of
from web.refusals import NoSuchPage


class After(Query):
    """The last `seq` already held, and how many entries to send at most."""

    after: int = Field(default=0, ge=0, le=2**53)
    limit: int = Field(default=LIMIT, ge=1, le=LIMIT)


@endpoint("GET", "/api/feeds/{tender_id}/{audience}", act="feed.read", roles={Role.PUBLIC}, query=After,
          returns=Feed, tag="live", summary="实况(轮询)",
          summary_en="Entries of one stream after a seq; the same that the socket tells")  # fmt: skip
async def read_feed(call: Call) -> Feed:
    if call.path["audience"] not in set(Audience):
        raise NoSuchPage
    ask = FeedAsk(tender_id=call.path["tender_id"][:64], audience=Audience(call.path["audience"]))
    stream = stream_of(ask, call.actor)
    async with call.reading() as session:
        return await read(session, stream, call.query.after, limit=call.query.limit)
