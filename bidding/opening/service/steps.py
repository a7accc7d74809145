"""The host's one button: begin, and go on to the next step when this one is done."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256

from sqlalchemy import func, select

from bidding.acts.opening import DisciplineRead, OpeningStarted
from bidding.opening import gates, rules
from bidding.opening.gates import BidFacts, Facts
from bidding.opening.hall import Hall, enter
from bidding.opening.service.outcomes import end_if_decided
from bidding.opening.service.windows import enter_stage, open_window
from bidding.opening.stages import Stage, following
from bidding.opening.states import OPENED, BidStatus, bid_after
from bidding.opening.tables import Objection, Opening, Window
from bidding.opening.windows import WindowKind
from bidding.refusals.opening import OpeningOutOfOrder
from bidding.tender.states import after as tender_after
from crypto.ledger import Entry, Unit


async def start(unit: Unit, tender_id: str) -> Entry:
    """Begin the opening (K-01). Raises DeadlineNotReached, TooFewBidders (N-01), OpeningOutOfOrder."""
    hall = await enter(unit, tender_id)
    rules.refuse_early_start(now=hall.now, deadline=hall.tender.bid_deadline)
    if hall.opening.deadline_reached_at is not None:
        rules.refuse_too_few(count=await _received(hall))
    act = OpeningStarted(tender_id=tender_id)
    entry = await hall.move(act)
    hall.tender.state = tender_after(hall.tender.state, act)
    hall.opening.started_at = hall.now
    await enter_stage(hall, Stage.DISCIPLINE)
    return entry


async def _received(hall: Hall) -> int:
    """The bids that stood at the deadline, whatever became of them later."""
    return sum(bid.status is not BidStatus.WITHDRAWN for bid in await hall.bids())


async def read_discipline(unit: Unit, tender_id: str, *, text: str) -> Entry:
    """The discipline and the people on duty were read out; the record keeps the hash of the script."""
    hall = await enter(unit, tender_id)
    hall.refuse_not_at(Stage.DISCIPLINE)
    hall.opening.discipline_read_at = hall.now
    digest = sha256(text.encode()).hexdigest()
    return await unit.record(DisciplineRead(tender_id=tender_id, text_sha256=digest))


async def advance(unit: Unit, tender_id: str) -> Entry:
    """Go on to the next step, whose window opens with it.

    Raises StageUnfinished while this step has something open, FewUndecided after a decryption that
    opened fewer than three, OpeningOutOfOrder where the opening does not run or has no step to go to.
    """
    hall = await enter(unit, tender_id)
    hall.refuse_not_running("opening.stage-entered")
    stage = hall.opening.stage
    gates.refuse_unfinished(stage, await facts_of(hall))
    if stage is Stage.DECRYPT_LAYERS:
        opened = sum(bid.status in OPENED for bid in await hall.bids())
        rules.refuse_undecided_few(opened=opened, decision=hall.opening.few_decision)
    entry = await enter_stage(hall, _next(hall))
    await _ON_ENTERING.get(hall.opening.stage, _nothing)(hall)
    return entry


def _next(hall: Hall) -> Stage:
    # The committee's step is entered by rule alone, when the release window closes.
    stages = tuple(one for one in hall.stages if one is not Stage.DECRYPT_COMMITTEE)
    stage = hall.opening.stage
    before = Stage.DECRYPT_BIDDER if stage is Stage.DECRYPT_COMMITTEE else stage
    found = following(stages, before)
    if found is None or found is Stage.CLOSED:
        raise OpeningOutOfOrder(state=hall.opening.state.value, attempted="opening.stage-entered")
    return found


async def facts_of(hall: Hall) -> Facts:
    """The facts that the gates rest on."""
    standing = await _windows(hall, still_open=True)
    return Facts(
        done=frozenset(name for name, is_done in _done(hall.opening).items() if is_done),
        bids=tuple(
            BidFacts(
                status=bid.status, identity_ok=bid.identity_ok, deposit=bid.deposit,
                record_answer=bid.record_answer,
            )
            for bid in await hall.bids()
        ),
        open_windows=standing,
        opened_windows=await _windows(hall, still_open=False),
        open_objections=await open_objections(hall),
    )  # fmt: skip


def _done(opening: Opening) -> Mapping[str, bool]:
    return {
        "discipline": opening.discipline_read_at is not None,
        "bidder-list": opening.list_published_at is not None,
        "price-cap": opening.cap_announced_at is not None,
        "coefficient": opening.coefficient is not None,
        "decryption": opening.decryption_ended_at is not None,
        "price-analysis": opening.analysed_at is not None,
        "files": opening.files_handed_over_at is not None,
    }


async def _windows(hall: Hall, *, still_open: bool) -> frozenset[str]:
    asked = select(Window.kind).where(Window.tender_id == hall.tender_id)
    asked = asked.where(Window.closed_at.is_(None)) if still_open else asked
    return frozenset((await hall.unit.session.execute(asked)).scalars())


async def open_objections(hall: Hall) -> int:
    """How many objections wait for their answer (K-04)."""
    asked = select(func.count()).where(Objection.tender_id == hall.tender_id, Objection.answered_at.is_(None))
    return (await hall.unit.session.execute(asked)).scalar_one()


async def _ask_for_keys(hall: Hall) -> None:
    act = await open_window(hall, WindowKind.RELEASE)
    for bid in await hall.bids():
        if bid.status is BidStatus.SUBMITTED:
            bid.status = bid_after(bid.status, act)


async def _ask_for_layers(hall: Hall) -> None:
    await open_window(hall, WindowKind.LAYERS)
    await end_if_decided(hall)


async def _ask_for_prices(hall: Hall) -> None:
    await open_window(hall, WindowKind.PRICE_CONFIRM)


async def _ask_for_objections(hall: Hall) -> None:
    await open_window(hall, WindowKind.OBJECTION)


async def _nothing(_hall: Hall) -> None:
    """Most steps open nothing by themselves."""


_ON_ENTERING: Mapping[Stage, Callable[[Hall], Awaitable[None]]] = {
    Stage.DECRYPT_BIDDER: _ask_for_keys,
    Stage.DECRYPT_LAYERS: _ask_for_layers,
    Stage.PRICE_CONFIRM: _ask_for_prices,
    Stage.OBJECTION: _ask_for_objections,
}
