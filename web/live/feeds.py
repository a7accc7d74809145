"""Feeds: one stream for one audience, and who may hear it. Sockets and the REST fallback share this."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts import bidder_stream, desk_stream, public_stream
from bidding.party.roles import Actor, Role
from crypto.ledger import Stream, head, since
from web.forms import Form
from web.live.publisher import message
from web.refusals import RoleMissing, SignInNeeded
from web.views import View

LIMIT = 500
AT_THE_DESK = frozenset(
    {Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS, Role.SUPERVISOR}
)


class Audience(StrEnum):
    """Who a stream speaks to."""

    PUBLIC = "public"
    DESK = "desk"
    BIDDER = "bidder"


class FeedAsk(Form):
    """One stream, and the last `seq` that the listener already has."""

    tender_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    audience: Audience = Audience.PUBLIC
    after: int = Field(default=0, ge=0, le=2**53)


class FeedEntry(View):
    """One entry as everyone entitled hears it; `commitment` is what the public log shows of it."""

    stream: str
    seq: int
    kind: str
    at: datetime
    body: dict[str, Any]
    commitment: str


class Feed(View):
    """Entries after the asked `seq`, in order without a gap; ask again where there is `more`."""

    stream: str
    entries: list[FeedEntry]
    last_seq: int
    more: bool


def stream_of(ask: FeedAsk, actor: Actor) -> str:
    """The stream that *actor*, with its roles on that tender, may hear. Raises SignInNeeded, RoleMissing.

    A bidder's stream is its own organisation's: there is no way to name another's.
    """
    if ask.audience is Audience.PUBLIC:
        return public_stream(ask.tender_id)
    if not actor.person_id:
        raise SignInNeeded
    held = actor.tender_roles | (actor.roles & {Role.SUPERVISOR})
    if ask.audience is Audience.DESK and held & AT_THE_DESK:
        return desk_stream(ask.tender_id)
    if ask.audience is Audience.BIDDER and Role.BIDDER in held:
        return bidder_stream(ask.tender_id, actor.organisation_id)
    raise RoleMissing(needed=ask.audience.value)


async def read(session: AsyncSession, stream: str, after: int, *, limit: int = LIMIT) -> Feed:
    """At most *limit* entries of *stream* after *after*."""
    entries = [
        FeedEntry.model_validate(message(entry)) for entry in await since(session, stream, after, limit=limit)
    ]
    last = await head(session, stream)
    reached = entries[-1].seq if entries else max(after, last)
    return Feed(stream=stream, entries=entries, last_seq=last, more=reached < last)


async def heads(session: AsyncSession, streams: Sequence[str]) -> dict[str, int]:
    """The newest `seq` of each stream that has one, in a single question."""
    asked = select(Stream.id, Stream.last_seq).where(Stream.id.in_(streams))
    return {row.id: row.last_seq for row in await session.execute(asked)}
