"""One act told otherwise than it was, one demand of the verifier at a time: each says what it missed."""

import copy
import shutil
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest

from bidding.acts import opening as acts
from bidding.acts.tender import NoticePublished
from bidding.acts.tender import TenderTerminated as Terminated
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Profile
from crypto.jcs import digest
from crypto.pdf import Level
from crypto.verify import failed, verify_bundle, verify_receipt_files
from crypto.verify.bad import reseal
from crypto.verify.bidder import Mine
from crypto.verify.writing import PUBLIC, SUPERVISION, close_bundle
from tests.crypto.log.makers import log_signer
from tests.crypto.verify import story as told
from tests.crypto.verify.ledger import SIGNER, Ledger
from tests.crypto.verify.story import OPENED, REVOKED, Story
from tests.crypto.verify.world import DEADLINE, NOON, TENDER

HOUR = timedelta(hours=1)


class Twisted(Story):
    """A story in which *twist* retells acts of one kind; None leaves the act out."""

    kind, twist = "", None

    def act(self, act, **more):
        told = self.twist(act) if act.kind == self.kind else act
        return SimpleNamespace(index=-1, at=self.now) if told is None else super().act(told, **more)


def twisted(world, kind, twist):
    story = Twisted(world)
    story.kind, story.twist = kind, twist
    return story.tell()


def words(world, folder, step):
    (found,) = [one for one in verify_bundle(folder, world.trust()) if one.step == step]
    return found.line("en")


def first(kind, **changes):
    """Change the first act of *kind* only."""
    seen = []

    def twist(act):
        seen.append(act)
        return replace(act, **changes) if len(seen) == 1 else act

    return kind, twist


def each(kind, **changes):
    return kind, lambda act: replace(act, **changes)


def terms_with(**changes):
    """The notice with other terms, hashed as if they were right."""

    def twist(act):
        terms = act.terms | changes
        return replace(act, terms=terms, notice_sha256=digest(terms).hex())

    return NoticePublished.kind, twist


def row(number, **changes):
    def twist(act):
        rows = [one | (changes if one["number"] == number else {}) for one in act.bidders]
        return replace(act, bidders=rows)

    return acts.BidderListPublished.kind, twist


def twice(name):
    return acts.DeadlineReached.kind, lambda act: replace(
        act, **{name: [*getattr(act, name), getattr(act, name)[0]]}
    )


SAME = generate_identity()
LAYER = {"organisation_id": "o", "person_id": "p", "name": "n"}
ONE_KEY = [{"order": order, "recipient": recipient_of(SAME), **LAYER} for order in (1, 2)]
NO_KEY = [{"order": 1, "recipient": "age1nothing", **LAYER}]


def spelled(one):
    """How a case is called: the same in every process, so never by where an object lies in memory."""
    return one if isinstance(one, str) else ""


TWISTS = [
    ("S2", "it continues another version", first(NoticePublished.kind, previous="00" * 32)),
    ("S2", "not the next version", first(NoticePublished.kind, version=2)),
    ("S2", "of another tender", terms_with(tender_id="other")),
    ("S2", "no layers", terms_with(layers=[])),
    ("S2", "one key held twice", terms_with(layers=ONE_KEY)),
    ("S2", "a holder without a key", terms_with(layers=NO_KEY)),
    ("S2", "a threshold that cannot be", terms_with(committee={"m": 1, "members": []})),
    ("S3", "two heads of one stream", twice("heads")),
    ("S3", "a bid was bound twice", twice("bids")),
    ("S3", "another bid", row(2, bid_id="bid-9")),
    ("S3", "another statement", row(2, statement_sha256="00" * 32)),
    ("S3", "another status", row(2, status="withdrawn")),
    ("S3", "another instant of submission", row(2, submitted_at="2026-03-03T04:00:00.000000Z")),
    ("S3", "the opening is not over", (acts.OpeningClosed.kind, lambda _: None)),
    ("S3", "lost by the system are miscounted", each(acts.DecryptionEnded.kind, system_fault=1)),
    ("S3", "opened bids are miscounted", each(acts.DecryptionEnded.kind, opened=2)),
    ("S6", "members who posted no share", each(acts.FallbackCombined.kind, members=[2, 3])),
    ("S7", "another manifest than was logged", first(acts.BidDecrypted.kind, manifest_sha256="00" * 32)),
    ("S8", "with another record", each(acts.OpeningClosed.kind, record_sha256="00" * 32)),
    ("S8", "other findings than were announced", first(acts.BidAnnounced.kind, findings=["over-cap"])),
]


@pytest.mark.parametrize(("step", "phrase", "twist"), TWISTS, ids=spelled)
def test_a_twisted_act_is_named(step, phrase, twist, world, tmp_path):
    folder = twisted(world, *twist).write(tmp_path / "bundle", edition=SUPERVISION)
    assert phrase in words(world, folder, step)


def story_with(world, **steps):
    kind = type("Told", (Story,), steps)
    return kind(world).tell()


def early_deadline(self):
    self.now = DEADLINE - HOUR
    self.bind()
    self.now = DEADLINE
    self.stamp()


def stamped_before(self):
    Story.stamp(self, after=-HOUR)


def layers_backwards(self):
    for order in (2, 1):
        one = self.world.layers[order - 1]
        self.public(acts.LayerKeyReleased, order=order, recipient=recipient_of(one), identity=one)


def one_layer(self):
    one = self.world.layers[0]
    self.public(acts.LayerKeyReleased, order=1, recipient=recipient_of(one), identity=one)


def no_layer(self):
    pass


def opened_between(self):
    Story.decrypt(self)
    Story.layers(self)


def nothing(self):
    pass


def release_and_announce(self):
    Story.release(self)
    Story.announce(self)


def released_first(self):
    Story.bids(self)
    bidder = self.world.bidders[1]
    self.public(acts.BidderKeyReleased, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id())


def bids_first(self):
    Story.bids(self)
    self.ledger.integrate(self.now)
    Story.notice(self)


def someone_else_types(self, source):
    return replace(Story.beacon(self, source), entered_by=("org-host/p", "org-nobody/p"))


def row_twice(self):
    body = Story.body(self)
    return replace(body, rows=(*body.rows, body.rows[0]))


def only_one_opens(self):
    Story.layers(self)
    lost = self.world.bidders[REVOKED]
    self.public(acts.BidDecrypted, bidder_id=lost.bidder_id, bid_id=lost.bid_id(), manifest_sha256="00" * 32)


def submitted_for_another(self, bidder, round_, **over):
    entry = Story.submit(self, bidder, round_, **over)
    if bidder.number == 1:
        self.ledger.write(entry.stream, entry.kind, entry.body | {"bidder_id": "org-9"}, at=self.now)
    return entry


STORIES = [
    ("S3", "a bid of another bidder", {"submit": submitted_for_another}),
    ("S3", "fell before its instant", {"deadline": early_deadline}),
    ("S3", "stamped before the deadline", {"stamp": stamped_before}),
    ("S5", "came off in the order [2, 1]", {"layers": layers_backwards}),
    ("S5", "1 of 2 layers, and bids opened", {"layers": one_layer}),
    ("S5", "bids were opened and no layer was released", {"layers": no_layer}),
    ("S5", "was opened before the last layer came off", {"layers": opened_between, "decrypt": nothing}),
    ("S5", "was announced before all were decided", {"release": release_and_announce, "announce": nothing}),
    ("S5", "key.bidder-released before the deadline", {"bids": released_first}),
    ("S5", "opened without its key", {"layers": only_one_opens}),
    ("S2", "a bid from before the notice", {"notice": nothing, "bids": bids_first}),
    ("S9", "typed in by others", {"beacon": someone_else_types}),
    ("S8", "lists a bid twice", {"body": row_twice}),
]


@pytest.mark.parametrize(("step", "phrase", "steps"), STORIES, ids=spelled)
def test_a_step_out_of_its_order_is_named(step, phrase, steps, world, tmp_path):
    folder = story_with(world, **steps).write(tmp_path / "bundle", edition=SUPERVISION)
    assert phrase in words(world, folder, step)


def with_bid(world, **context):
    """The same world, in which the second bidder sealed to another context."""
    other = copy.copy(world)
    second = copy.copy(world.bidders[1])
    second.bids = []
    second.bids = [world.seal(second, **context)]
    other.bidders = [*world.bidders[:1], second, *world.bidders[2:]]
    return other


@pytest.mark.parametrize(
    ("phrase", "context"),
    [
        ("for another tender", {"tender_id": "other"}),
        ("for another lot", {"lot": "other"}),
        ("for another lot", {"stage": "second"}),
        ("another deadline", {"deadline": DEADLINE + HOUR}),
        ("no notice", {"notice_sha256": "00" * 32}),
    ],
)
def test_a_bid_sealed_to_another_context_is_named(phrase, context, world, tmp_path):
    other = with_bid(world, **context)
    folder = Story(other).tell().write(tmp_path / "bundle")
    assert phrase in words(other, folder, "S4")


@pytest.mark.parametrize(
    ("phrase", "changes"),
    [
        ("sealed to other layers", {"layers": ()}),
        ("shares for others than the committee", {"committee": None}),
        ("another threshold", {"committee": "three"}),
        ("other rules", {"rule_set_version": "2099-1"}),
        ("other candidates than the notice named", {"coefficient": "more"}),
    ],
)
def test_a_notice_that_says_otherwise_than_the_bids_is_named(phrase, changes, world, tmp_path):
    other = copy.copy(world)
    other.terms = replace(world.terms, **{name: otherwise(world, name, to) for name, to in changes.items()})
    other = with_bid(other)
    tale = story_with(other, submit=submitted, draw=drawn_of(world))
    folder = tale.write(tmp_path / "bundle")
    assert phrase in "".join(one.line("en") for one in verify_bundle(folder, world.trust()))


def otherwise(world, name, to):
    terms = world.terms
    if name == "layers":
        return terms.layers[:1]
    if to == "three":
        return replace(terms.committee, m=3)
    if to == "more":
        return replace(terms.coefficient, candidates=("0.95", "0.96", "0.97", "0.98"))
    return to


def submitted(self, bidder, round_, **over):
    return Story.submit(self, bidder, round_, rules_version="2026-1", **over)


def drawn_of(world):
    def draw(self):
        terms, self.world.terms = self.world.terms, world.terms
        Story.draw(self)
        self.world.terms = terms

    return draw


# -- what the stored bytes say


class AlteredInVault(Story):
    """A bid was damaged in the vault: it counts as withdrawn, and its bidder gets the deposit back (E-15)."""

    damaged = True

    def decrypt(self):
        lost = self.world.bidders[0]
        self.public(
            acts.BidWithdrawnByFault, bidder_id=lost.bidder_id, bid_id=lost.bid_id(),
            cause="stored-bytes-differ", decided_by="rule",
        )  # fmt: skip
        for number in OPENED[1:]:
            bidder = self.world.bidders[number]
            self.public(
                acts.BidDecrypted, bidder_id=bidder.bidder_id, bid_id=bidder.bid_id(),
                manifest_sha256=sha256(self.manifest(bidder).raw()).hexdigest(),
            )  # fmt: skip
        self.public(acts.DecryptionEnded, opened=2, revoked=1, system_fault=1)

    def announce(self):
        everyone = self.world.bidders
        for number in OPENED[1:]:
            bidder = everyone[number]
            facts = {"bidder_id": bidder.bidder_id, "bid_id": bidder.bid_id()}
            self.public(acts.BidAnnounced, items=self.items(bidder), findings=[], **facts)
            self.public(acts.SheetKeyPublished, identity=self.key(bidder, "sheet"), **facts)

    def body(self):
        body = super().body()
        return replace(body, rows=body.rows[1:])

    def _bid(self, root, bidder, edition):
        super()._bid(root, bidder, edition)
        docs = root / "bids" / bidder.bid_id() / "docs.age"
        if self.damaged and bidder.number == 0 and docs.exists():
            raw = bytearray(docs.read_bytes())
            raw[5000] ^= 1
            docs.write_bytes(raw)


@pytest.mark.parametrize("edition", [PUBLIC, SUPERVISION])
def test_a_bid_that_the_vault_damaged_is_told_and_spoils_nothing(world, edition, tmp_path):
    folder = AlteredInVault(world).tell().write(tmp_path / "bundle", edition=edition)
    assert failed(verify_bundle(folder, world.trust())) == []
    assert "altered, as was said" in words(world, folder, "S4")


def test_a_bid_said_to_be_damaged_that_is_not_is_named(world, tmp_path):
    story = AlteredInVault(world)
    story.damaged = False
    folder = story.tell().write(tmp_path / "bundle", edition=SUPERVISION)
    assert "said to be altered in the vault, and is not" in words(world, folder, "S4")


def _tile(folder):
    (folder / "log/tile/0/001.p").mkdir(parents=True)
    (folder / "log/tile/0/001.p/1").write_bytes(bytes(32))


def _misnamed(folder):
    shutil.copy(folder / "log/checkpoint", folder / "log/checkpoints/3")


def _stray_stamp(folder):
    (folder / "log/timestamps/3.tsr").write_bytes(b"")


def _stray_key(folder):
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys/bid-3-1.txt").write_text(SAME)


def _foreign_note(folder):
    close_bundle(folder, edition=PUBLIC, tender_id=TENDER, signer=log_signer("log.example/other"))


def _old_note(folder):
    note = (folder / "bundle.note").read_text()
    (folder / "trust.json").write_bytes((folder / "trust.json").read_bytes() + b"\n")
    reseal(folder, SIGNER)
    (folder / "bundle.note").write_text(note)


FILES = [
    ("S1", "no tile of this log", _tile, True),
    ("S1", "a checkpoint of", _misnamed, True),
    ("S1", "of no checkpoint that was stamped", _stray_stamp, True),
    ("S6", "a key that nobody released", _stray_key, True),
    ("S0", "not signed by the platform's log key", _foreign_note, False),
    ("S0", "the note is over another index", _old_note, False),
]


@pytest.mark.parametrize(("step", "phrase", "spoil", "resealed"), FILES, ids=spelled)
def test_a_file_that_is_not_its_own_is_named(step, phrase, spoil, resealed, world, public, tmp_path):
    folder = shutil.copytree(public, tmp_path / "bundle")
    spoil(folder)
    if resealed:
        reseal(folder, SIGNER)
    assert phrase in words(world, folder, step)


def test_a_document_signed_for_a_short_while_or_by_a_bidder_is_named(world, tmp_path, monkeypatch):
    sign = told.sign_pdf
    monkeypatch.setattr(told, "sign_pdf", lambda *one, **more: sign(*one, **more, level=Level.B_T))
    folder = Story(world).tell().write(tmp_path / "short")
    assert "B-T, not B-LTA" in words(world, folder, "S10")
    monkeypatch.setattr(told, "sign_pdf", sign)
    other = copy.copy(world)
    other.platform = world.house.leaf(Profile.BIDDER, days=360)
    folder = Story(other).tell().write(tmp_path / "bidder")
    assert "signed as bidder" in words(world, folder, "S10")


def test_a_tender_that_ended_before_its_deadline_has_nothing_to_open(world, tmp_path):
    class Ended(Story):
        def tell(self):
            self.notice()
            self.public(Terminated, reason="-", document_no="示例 1 号", refund_by=NOON + HOUR)
            self.ledger.integrate(self.now)
            self.shares = {}
            return self

        def present(self):
            return []

    folder = Ended(world).tell().write(tmp_path / "bundle")
    findings = verify_bundle(folder, world.trust())
    assert failed(findings) == []
    assert {one.step for one in findings if one.outcome == "SKIP"} == {
        "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11",
    }  # fmt: skip


class FailedEarly(Story):
    """Four bids were there, and the opening is said to have failed for want of three."""

    count = 2

    def tell(self):
        self.shares = {}
        for step in (self.notice, self.bids, self.deadline):
            step()
        self.public(acts.OpeningFailed, cause="too-few-received", count=self.count, minimum=3)
        self.ledger.integrate(self.now)
        return self


def test_a_failure_for_want_of_bids_is_counted_again_where_the_bids_can_be(world, tmp_path):
    folder = FailedEarly(world).tell().write(tmp_path / "bundle", edition=SUPERVISION)
    assert "enough bids were there to open" in words(world, folder, "S3")


def test_bidders_whose_names_never_became_public_have_no_place_in_the_public_edition(world, tmp_path):
    folder = FailedEarly(world).tell().write(tmp_path / "bundle", edition=PUBLIC)
    assert "bidders' streams, and no list was published" in words(world, folder, "S3")


# -- what the bidder finds


def told_to(world, number, folder, story, bundle):
    mine = Mine(receipt=str(story.kept[f"{number}-1"].proof), folder=folder)
    return {one.step: one.line("en") for one in verify_receipt_files(mine, world.trust(), bundle=bundle)}


def test_a_bidder_sees_her_bid_announced_cheaper_and_recorded_otherwise(world, tmp_path):
    def items(self, bidder):
        return Story.items(self, bidder) | ({"bid_price": 1} if bidder.number == 1 else {})

    story = story_with(world, items=items)
    folder = story.write(tmp_path / "bundle")
    told = told_to(world, 1, world.bidders[1].sealed.folder, story, folder)
    assert "bid_price was announced as 1" in told["B11"]


def test_a_bidder_sees_that_the_deadline_bound_another_bid(world, tmp_path):
    story = twisted(world, acts.DeadlineReached.kind, lambda act: replace(act, bids=[]))
    folder = story.write(tmp_path / "bundle")
    told = told_to(world, 1, world.bidders[1].sealed.folder, story, folder)
    assert "the deadline bound another bid than my last" in told["B10"]


def test_a_bidder_sees_that_the_published_log_is_another(story, world, tmp_path):
    other = Story(world, ledger=Ledger(seed=99)).tell()
    folder = other.write(tmp_path / "bundle")
    told = told_to(world, 1, world.bidders[1].sealed.folder, story, folder)
    assert "does not continue the one of my receipt" in told["B10"]


def test_a_receipt_of_another_history_of_the_same_log_fails(story, world, tmp_path):
    other = Story(world, ledger=Ledger(seed=99)).tell()
    other.kept = story.kept
    folder = other.write(tmp_path / "bundle")
    assert "its checkpoint is no state of this log" in words(world, folder, "S11")
