"""One opening in one act: the rows a verb works on, locked in the one order, and what it may ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bidding.opening import rules
from bidding.opening.stages import Stage, path
from bidding.opening.states import OpeningState, after
from bidding.opening.tables import Opening, OpeningBid, Window
from bidding.opening.windows import Span, WindowKind, is_open
from bidding.party.roles import Actor
from bidding.refusals.opening import NotABidderHere, OpeningAbsent, OpeningOutOfOrder
from bidding.tender.queries import lock_tender, terms_of
from bidding.tender.tables import Tender
from bidding.tender.terms import Terms
from crypto.ledger import Act, Entry, Unit

_FRESH = {"populate_existing": True}


@dataclass(frozen=True)
class Hall:
    """The locked rows of one opening and the instant of the act."""

    unit: Unit
    tender: Tender
    opening: Opening
    terms: Terms
    now: datetime

    @property
    def tender_id(self) -> str:
        return self.tender.id

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The steps of this opening, by its project type and its bidding document."""
        coefficient, committee = self.terms.coefficient, self.terms.committee
        return path(
            self.terms.project_type,
            has_coefficient=coefficient is not None,
            has_committee=committee is not None,
        )

    async def bids(self) -> Sequence[OpeningBid]:
        """Every bid of the opening, in the order of the list, read afresh."""
        asked = select(OpeningBid).where(OpeningBid.tender_id == self.tender_id).order_by(OpeningBid.number)
        return (await self.unit.session.execute(asked, execution_options=_FRESH)).scalars().all()

    async def bid_of(self, bidder_id: str) -> OpeningBid:
        """The bid of one bidder. Raises NotABidderHere."""
        found = await self.unit.session.get(OpeningBid, (self.tender_id, bidder_id), populate_existing=True)
        if found is None:
            raise NotABidderHere(tender_id=self.tender_id)
        return found

    async def own_bid(self, actor: Actor) -> OpeningBid:
        """The bid of the actor's organisation. Raises NotABidderHere."""
        return await self.bid_of(actor.organisation_id)

    async def window(self, kind: WindowKind) -> Window | None:
        """The window of *kind* that is not closed yet."""
        asked = select(Window).where(
            Window.tender_id == self.tender_id, Window.kind == kind.value, Window.closed_at.is_(None)
        )
        return (await self.unit.session.execute(asked, execution_options=_FRESH)).scalar_one_or_none()

    async def refuse_outside(self, kind: WindowKind, *, asked_at: datetime | None = None) -> None:
        """Raises WindowNotOpen unless the window stood open when this was asked for."""
        window = await self.window(kind)
        at = min(asked_at or self.now, self.now)
        stands = window is not None and is_open(span_of(window), at=at)
        rules.refuse_closed_window(window=kind.value, is_open=stands)

    def refuse_not_at(self, stage: Stage) -> None:
        """Raises OpeningOutOfOrder unless the opening runs, StageOutOfOrder unless it stands at *stage*."""
        self.refuse_not_running(stage.value)
        rules.refuse_other_stage(stage=self.opening.stage, needed=stage)

    def refuse_not_running(self, attempted: str) -> None:
        """Raises OpeningOutOfOrder unless the opening runs."""
        if self.opening.state is not OpeningState.RUNNING:
            raise OpeningOutOfOrder(state=self.opening.state.value, attempted=attempted)

    async def move(self, act: Act) -> Entry:
        """Give the opening the state that *act* leads to, and record the act."""
        self.opening.state = after(self.opening.state, act)
        return await self.unit.record(act)


async def enter(unit: Unit, tender_id: str) -> Hall:
    """The opening of the tender, its rows locked. Raises TenderAbsent, OpeningAbsent."""
    tender = await lock_tender(unit, tender_id)
    opening = await lock_opening(unit, tender_id)
    if opening is None:
        raise OpeningAbsent(tender_id=tender_id)
    return Hall(unit, tender, opening, terms_of(tender), await unit.now())


async def lock_opening(unit: Unit, tender_id: str) -> Opening | None:
    """The row of the opening, read afresh and locked; None before its door has opened."""
    asked = select(Opening).where(Opening.tender_id == tender_id).with_for_update()
    return (await unit.session.execute(asked, execution_options=_FRESH)).scalar_one_or_none()


def span_of(window: Window) -> Span:
    """The window as the arithmetic of `windows` takes it."""
    return Span(closes_at=window.closes_at, left_us=window.left_us)


def put(window: Window, span: Span) -> None:
    """Write what the arithmetic gave back into the row."""
    window.closes_at, window.left_us = span.closes_at, span.left_us
