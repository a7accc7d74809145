"""Submit, replace, withdraw and the clock in any order, against a model that fits on one page (F11)."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bidding.bid import queries, service
from bidding.bid.service import WithdrawOrder
from bidding.opening.service import reach_deadline
from bidding.refusals import Refusal
from bidding.tender.queries import get
from crypto.ledger.engine import Database
from tests.bidding.bid import makers
from tests.conftest import TICK

# Minutes before the deadline, its last instants and its first: the boundary is a step of its own.
STEPS = st.sampled_from([timedelta(days=1), timedelta(hours=1), TICK, timedelta(0)])
WHO = st.integers(0, 1)


class Bidding(RuleBasedStateMachine):
    """Two bidders, one tender; the model knows each one's rounds and whether the newest stands."""

    template = None

    @initialize()
    def open(self):
        self.loop = asyncio.new_event_loop()
        self.home = Path(tempfile.mkdtemp(prefix="bids-"))
        shutil.copy(self.template, self.home / "q.db")
        self.db = Database(f"sqlite+aiosqlite:///{self.home}/q.db")
        self.tender_id = self.run(makers.a_tender(self.db))
        tender = self.run(self.tender())
        self.deadline, self.notice = tender.bid_deadline, tender.notice_sha256
        self.bidders = [self.run(makers.a_bidder(self.db, number)) for number in range(2)]
        self.now = self.deadline - timedelta(days=3)
        self.rounds = [[], []]
        self.stands = [False, False]
        self.is_closed = False
        self.sent = [{}, {}]

    def run(self, work):
        return self.loop.run_until_complete(work)

    async def tender(self):
        async with self.db.reading() as session:
            return await get(session, self.tender_id)

    async def do(self, verb, order, bidder):
        try:
            async with makers.unit(self.db, self.now) as unit:
                return await verb(unit, order, actor=bidder.actor)
        except Refusal as refusal:
            return refusal.code

    @rule(step=STEPS)
    def time_passes(self, step):
        self.now += step

    @rule()
    def the_deadline_comes(self):
        self.now = max(self.now, self.deadline)

    @rule(who=WHO, keyed=st.booleans())
    def submit_the_next_round(self, who, keyed):
        previous = self.rounds[who][-1] if self.rounds[who] else None
        key = f"key-{len(self.rounds[who]):06}" if keyed else None
        sealed = self.run(
            makers.light_bid(
                self.db, self.tender_id, self.bidders[who], round_=len(self.rounds[who]) + 1,
                previous=previous, notice_sha256=self.notice, key=key,
            )
        )  # fmt: skip
        result = self.run(self.do(service.submit, sealed, self.bidders[who]))
        if self.now > self.deadline:
            assert result == "bid-late"
        elif self.is_closed:
            assert result == "bidding-not-open"
        else:
            assert result.bid.submitted_at == self.now
            self.rounds[who].append(result.bid.statement_sha256)
            self.stands[who] = True
            if key:
                self.sent[who][key] = (sealed, result.entry.id)

    @rule(who=WHO, data=st.data())
    def send_the_same_again(self, who, data):
        if not self.sent[who]:
            return
        key = data.draw(st.sampled_from(sorted(self.sent[who])))
        sealed, entry_id = self.sent[who][key]
        assert self.run(self.do(service.submit, sealed, self.bidders[who])).entry.id == entry_id

    @precondition(lambda self: any(self.rounds))
    @rule(who=WHO)
    def play_back_an_old_round(self, who):
        if not self.rounds[who] or self.is_closed or self.now > self.deadline:
            return
        sealed = self.run(
            makers.light_bid(self.db, self.tender_id, self.bidders[who], notice_sha256=self.notice)
        )
        assert self.run(self.do(service.submit, sealed, self.bidders[who])) == "bid-replayed"

    @rule(who=WHO)
    def withdraw(self, who):
        result = self.run(
            self.do(service.withdraw, WithdrawOrder(tender_id=self.tender_id), self.bidders[who])
        )
        if self.now > self.deadline:
            assert result == "withdrawal-late"
        elif self.is_closed or not self.stands[who]:
            assert result == "no-standing-bid"
        else:
            self.stands[who] = False

    @rule()
    def the_clock_looks(self):
        async def look():
            async with makers.unit(self.db, self.now) as unit:
                return await reach_deadline(unit, self.tender_id)

        fell = self.run(look())
        assert (fell is not None) == (self.now > self.deadline and not self.is_closed)
        self.is_closed |= fell is not None

    @invariant()
    def the_rows_tell_what_the_model_tells(self):
        if not hasattr(self, "db"):
            return
        for who, bidder in enumerate(self.bidders):
            rows = self.run(self.rows(bidder))
            assert [row.statement_sha256 for row in rows] == self.rounds[who]
            assert [row.state for row in rows[:-1] if row.state not in {"replaced", "withdrawn"}] == []
            assert (bool(rows) and rows[-1].state == "submitted") == self.stands[who]

    async def rows(self, bidder):
        async with self.db.reading() as session:
            return await queries.submissions(session, self.tender_id, bidder.actor.organisation_id)

    def teardown(self):
        if hasattr(self, "db"):
            self.run(self.db.dispose())
            self.loop.close()
            shutil.rmtree(self.home)


def check(template, **more):
    Bidding.template = template
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Bidding, settings=settings(deadline=None, suppress_health_check=quiet, database=None, **more)
    )


def test_any_order_of_submitting_replacing_and_withdrawing_follows_the_model(sqlite_template):
    check(sqlite_template, max_examples=12, stateful_step_count=20)


@pytest.mark.slow
def test_very_many_orders_follow_the_model(sqlite_template):
    check(sqlite_template, max_examples=400, stateful_step_count=40)
