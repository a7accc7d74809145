"""One act, one transaction: the only place that commits, and the only caller of the publisher."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.acts.refused import RefusedAtDesk, RefusedOnPlatform, RefusedToBidder
from bidding.party.roles import Actor, Role
from bidding.refusals import Refusal
from crypto.errors import CryptoError
from crypto.ledger import Act, Unit
from web.problems import refusal_of
from web.refusals import Unexpected

if TYPE_CHECKING:
    from web.app import App

_T = TypeVar("_T")

DESK = frozenset(
    {
        Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS,
        Role.LAYER_HOLDER, Role.SHARE_HOLDER, Role.SUPERVISOR,
    }
)  # fmt: skip


@asynccontextmanager
async def acting(app: "App", actor: Actor, *, tender_id: str | None, attempted: str) -> AsyncIterator[Unit]:
    """Commit the block, then publish what it recorded. A refusal undoes the block, and is recorded.

    A failed verification without a name of its own becomes the refusal `not-verified`. Where the caller
    goes away during the commit, the commit and its publication are finished all the same.
    """
    try:
        async with working(app, by=actor.label) as unit:
            yield unit
    except CryptoError as error:
        refusal = refusal_of(error)
        await record_refusal(app, actor, refusal, tender_id=tender_id, attempted=attempted)
        raise refusal from error
    except Refusal as refusal:
        await record_refusal(app, actor, refusal, tender_id=tender_id, attempted=attempted)
        raise


@asynccontextmanager
async def working(app: "App", *, by: str) -> AsyncIterator[Unit]:
    """One transaction of *by* (a person's label, or the platform's own clock): all or nothing."""
    session = app.db.writing()
    unit = Unit(session, by=by, clock=app.clock)
    try:
        yield unit
    except BaseException:
        await unbroken(session.close())
        raise
    await unbroken(_finish(app, session, unit))


async def record_refusal(
    app: "App", actor: Actor, refusal: Refusal, *, tender_id: str | None, attempted: str
) -> None:
    """Write down that *actor* was told no, where only those concerned hear it."""
    if isinstance(refusal, Unexpected):
        return
    act = refused(actor, refusal, tender_id=tender_id, attempted=attempted)
    async with working(app, by=actor.label or "nobody") as unit:
        await unit.record(act)


def refused(actor: Actor, refusal: Refusal, *, tender_id: str | None, attempted: str) -> Act:
    """The act of refusing: in the bidder's own stream, at the desk, or on the platform."""
    what: dict[str, Any] = {
        "code": refusal.code,
        "rule": refusal.rule,
        "attempted": attempted,
        "facts": refusal.facts(),
    }
    if tender_id and Role.BIDDER in actor.tender_roles:
        return RefusedToBidder(tender_id=tender_id, bidder_id=actor.organisation_id, **what)
    if tender_id and actor.tender_roles & DESK:
        return RefusedAtDesk(tender_id=tender_id, **what)
    return RefusedOnPlatform(**what)


async def unbroken(work: Awaitable[_T]) -> _T:
    """Run *work* to its end even where the caller is cancelled meanwhile, then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except Exception:  # noqa: BLE001 -- task.result() below raises it
            break
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()


async def _finish(app: "App", session: AsyncSession, unit: Unit) -> None:
    try:
        await session.commit()
    finally:
        await session.close()
    await app.publisher.publish(unit.recorded)
