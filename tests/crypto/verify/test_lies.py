"""A platform that lies consistently, in its own log with its own keys and its witnesses' signatures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.acts import opening as acts
from bidding.acts.tender import NoticeAmended
from crypto import draws
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Revocation
from crypto.verify import failed, verify_bundle
from crypto.verify.writing import PUBLIC, SUPERVISION
from tests.crypto.verify.story import REVOKED, Story
from tests.crypto.verify.world import DEADLINE, NOON, TENDER

EARLY = NOON - timedelta(hours=1)


class LateBidBound(Story):
    """A bid that came a tick late is bound as if it had been in time."""

    def deadline(self):
        self.now = DEADLINE - timedelta(seconds=1) + timedelta(microseconds=1)
        self.submit(self.world.bidders[REVOKED], 1)
        super().deadline()


class BidAfterTheDeadlineAct(Story):
    """A submission enters its stream after the deadline act, dated back."""

    def deadline(self):
        super().deadline()
        self.now = DEADLINE - timedelta(minutes=5)
        self.submit(self.world.bidders[1], 1)


class DroppedBidder(Story):
    """A bidder that holds a receipt is nowhere in the bundle."""

    def bind(self):
        self.ledger.streams.pop(f"tender/{TENDER}/bidder/{self.world.bidders[REVOKED].bidder_id}")
        super().bind()

    def act(self, act, **more):
        told = getattr(act, "bid_id", "") == self.world.bidders[REVOKED].bid_id()
        return None if told and act.kind != "bid.submitted" else super().act(act, **more)


class LayerFirst(Story):
    """The first layer comes off before the bidders release."""

    def release(self):
        self.layer(1)
        super().release()

    def layers(self):
        self.layer(2)

    def layer(self, order):
        one = self.world.layers[order - 1]
        self.public(acts.LayerKeyReleased, order=order, recipient=recipient_of(one), identity=one)


class KeyAfterLayers(Story):
    """A bidder who may already know the prices releases last."""

    def release(self):
        self.one(0)

    def layers(self):
        super().layers()
        self.one(1)

    def one(self, number):
        bidder = self.world.bidders[number]
        self.public(acts.BidderKeyReleased, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id())


class NobodySaysWhatBecameOfIt(Story):
    """A bid is simply never spoken of again."""

    def act(self, act, **more):
        return None if isinstance(act, acts.BidRevokedUnopened) else super().act(act, **more)


class ClosedLate(Story):
    """The log is closed an hour after the deadline."""

    def stamp(self):
        super().stamp(after=timedelta(hours=1))


class NeverStamped(Story):
    """Nobody outside says when the log was closed."""

    def stamp(self):
        self.ledger.integrate(self.now)


class OtherCoefficient(Story):
    """Another coefficient is announced than was drawn."""

    def drawn(self, transcript):
        (result,) = draws.recompute(transcript)
        super().drawn(transcript, coefficient=result.order[-1])


class DrawnTwice(Story):
    """The draw is thrown again until it pleases."""

    def draw(self):
        super().draw()
        super().draw()


class CheaperThanSealed(Story):
    """A favourite is announced, and recorded, cheaper than it had sealed."""

    def items(self, bidder):
        return super().items(bidder) | ({"bid_price": 812_345_500} if bidder.number == 1 else {})


class RecordLeavesOneOut(Story):
    """The record is silent about an opened bid."""

    def body(self):
        body = super().body()
        return replace(body, rows=body.rows[1:])


class ForeignLayer(Story):
    """The layers' keys are others than the notice's."""

    def layers(self):
        for order in (1, 2):
            one = generate_identity()
            self.public(acts.LayerKeyReleased, order=order, recipient=recipient_of(one), identity=one)


class RevokedThoughItOpens(Story):
    """A bid is thrown out as malformed, and opens."""

    def decrypt(self):
        bidder = self.world.bidders[0]
        self.public(
            acts.BidRevokedUnopened, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(),
            cause="sealed-malformed", decided_by="rule",
        )  # fmt: skip

    def announce(self):
        pass

    def body(self):
        return replace(super().body(), rows=())


class NewBidsWereAskedFor(Story):
    """The notice asked for new bids, and the old ones are opened."""

    def bids(self):
        super().bids()
        later = replace(self.terms, venue="district")
        self.public(
            NoticeAmended, version=2, terms=later.plain(), notice_sha256=later.sha256,
            previous=self.terms.sha256, reason="-", affects_bid_preparation=True, requires_resubmission=True,
        )  # fmt: skip


class CertificateWasRevoked(Story):
    """A bidder's certificate had been withdrawn before it signed."""

    def lists(self):
        serial = self.world.bidders[1].credential.certificate.serial_number
        return self.world.lists(Revocation(serial, EARLY))


class RevokedAfterwards(Story):
    """Withdrawn only after the bid came in: the signature stands."""

    def lists(self):
        serial = self.world.bidders[1].credential.certificate.serial_number
        return self.world.lists(Revocation(serial, DEADLINE + timedelta(minutes=1)))


class NoWitness(Story):
    """The newest checkpoint was shown to nobody."""

    def tell(self):
        super().tell()
        self.ledger.integrate(self.now, witnesses=())
        return self


class CopiedBid(Story):
    """The ciphertexts of the first bidder stand once more under the second one's name."""

    def submit(self, bidder, round_, **over):
        if bidder.number != 1:
            return super().submit(bidder, round_, **over)
        first = self.stream(self.world.bidders[0])[-1].body
        return super().submit(bidder, round_, objects=tuple(first["objects"]))


class HolderNeverProved(Story):
    """A layer holder was never asked whether it has its key."""

    def act(self, act, **more):
        silent = getattr(act, "recipient", "") == recipient_of(self.world.layers[0])
        return None if silent and act.kind == "tender.liveness-proven" else super().act(act, **more)


class CombinedByTooFew(Story):
    """The committee is said to have opened a bid with one member."""

    def act(self, act, **more):
        if isinstance(act, acts.FallbackCombined):
            act = replace(act, members=[1])
        return super().act(act, **more)


class AnotherDeadline(Story):
    """The deadline act names another instant than the notice."""

    def act(self, act, **more):
        if isinstance(act, acts.DeadlineReached):
            act = replace(act, deadline=DEADLINE - timedelta(minutes=1))
        return super().act(act, **more)


class ListedUnderAnotherName(Story):
    """The list gives a bid to somebody else."""

    def row(self, number, bidder):
        return super().row(number, bidder) | ({"uscc": "91330703MA29999999"} if number == 2 else {})


LIES = [
    (LateBidBound, "S3", PUBLIC),
    (BidAfterTheDeadlineAct, "S3", PUBLIC),
    (DroppedBidder, "S11", PUBLIC),
    (LayerFirst, "S5", PUBLIC),
    (KeyAfterLayers, "S5", PUBLIC),
    (NobodySaysWhatBecameOfIt, "S3", PUBLIC),
    (ClosedLate, "S3", PUBLIC),
    (NeverStamped, "S3", PUBLIC),
    (OtherCoefficient, "S9", PUBLIC),
    (DrawnTwice, "S9", PUBLIC),
    (CheaperThanSealed, "S8", PUBLIC),
    (RecordLeavesOneOut, "S8", PUBLIC),
    (ForeignLayer, "S6", PUBLIC),
    (RevokedThoughItOpens, "S7", SUPERVISION),
    (NewBidsWereAskedFor, "S4", PUBLIC),
    (CertificateWasRevoked, "S4", PUBLIC),
    (NoWitness, "S1", PUBLIC),
    (CopiedBid, "S4", PUBLIC),
    (HolderNeverProved, "S2", SUPERVISION),
    (CombinedByTooFew, "S6", PUBLIC),
    (AnotherDeadline, "S3", PUBLIC),
    (ListedUnderAnotherName, "S4", PUBLIC),
]


@pytest.mark.parametrize(("lie", "step", "edition"), LIES, ids=lambda one: getattr(one, "__name__", one))
def test_a_consistent_lie_fails_at_its_step(lie, step, edition, world, tmp_path):
    folder = lie(world).tell().write(tmp_path / "bundle", edition=edition)
    broken = failed(verify_bundle(folder, world.trust()))
    assert step in broken
    assert not {"S0", "S1"} & set(broken) or lie is NoWitness


def test_a_certificate_revoked_after_the_bid_spoils_nothing(world, tmp_path):
    folder = RevokedAfterwards(world).tell().write(tmp_path / "bundle")
    assert failed(verify_bundle(folder, world.trust())) == []
