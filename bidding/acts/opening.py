"""Everything that can happen in the online opening hall, from the sign-in to the published record.

What the public stream says at each stage is bounded by domain §2.5: names at the list, counters while
keys are released, prices at the announcement and never before (E-13).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bidding.acts import BidderAct, DeskAct, PublicAct

# ---- to the deadline and the list


@dataclass(frozen=True, kw_only=True)
class SignInOpened(PublicAct):
    """The hall's door opened for signing in; it closes at the deadline."""

    kind = "opening.sign-in-opened"
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class SignedIn(BidderAct):
    """A bidder's delegate signed in. Before the deadline nobody else hears of it (E-08)."""

    kind = "opening.signed-in"
    person_id: str


@dataclass(frozen=True, kw_only=True)
class DeadlineReached(PublicAct):
    """The deadline fell: the heads of all bidder streams of the tender are bound, without a name.

    `heads` holds {stream_sha256, seq, commitment} of every bidder stream, `bids` the commitment of each
    bidder's last bid entry (submitted or withdrawn); both sorted by commitment.
    """

    kind = "deadline.reached"
    deadline: datetime
    heads: list[dict[str, Any]]
    bids: list[str]


@dataclass(frozen=True, kw_only=True)
class OpeningFailed(PublicAct):
    """The tender failed (流标): too few bids were received, or too few could be opened."""

    kind = "opening.failed"
    cause: str  # "too-few-received" (N-01: nothing is decrypted) | "too-few-decrypted"
    count: int
    minimum: int


@dataclass(frozen=True, kw_only=True)
class HostLate(DeskAct):
    """The host had not begun when the grace after the deadline was over."""

    kind = "opening.host-late"
    grace_s: int


@dataclass(frozen=True, kw_only=True)
class OpeningStarted(PublicAct):
    """The host began the opening."""

    kind = "opening.started"
    is_online: bool = True


@dataclass(frozen=True, kw_only=True)
class StageEntered(PublicAct):
    """The hall moved on to `stage`."""

    kind = "opening.stage-entered"
    stage: str
    left: str


@dataclass(frozen=True, kw_only=True)
class DisciplineRead(PublicAct):
    """The discipline of the opening and the people on duty were read out."""

    kind = "opening.discipline-read"
    text_sha256: str


@dataclass(frozen=True, kw_only=True)
class BidderListPublished(PublicAct):
    """The names, for the first time (E-08).

    Each row: {number, bidder_id, name, uscc, bid_id, statement_sha256, status, submitted_at, signed_in,
    entry: {text, blind}}; `entry` opens one commitment of DeadlineReached.bids.
    """

    kind = "opening.bidder-list"
    bidders: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class IdentityChecked(BidderAct):
    """The host looked at the delegate's identity."""

    kind = "opening.identity-checked"
    is_ok: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptanceRefused(PublicAct):
    """A bid was refused acceptance (拒收) for one of the causes of K-06; rejection stays the committee's."""

    kind = "opening.acceptance-refused"
    bidder_id: str
    bid_id: str
    cause: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DepositStated(BidderAct):
    """What is known of the bidder's deposit, stated at the opening."""

    kind = "opening.deposit-stated"
    status: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PriceCapAnnounced(PublicAct):
    """The price cap (fen), or that there is none."""

    kind = "opening.cap-announced"
    price_cap_fen: int | None


# ---- the coefficient draw, while prices are sealed


@dataclass(frozen=True, kw_only=True)
class DrawSpecified(PublicAct):
    """D0: everything that decides the draw except the randomness is fixed."""

    kind = "draw.specified"
    draw_id: str
    spec: dict[str, Any]
    spec_sha256: str


@dataclass(frozen=True, kw_only=True)
class DrawCommitted(PublicAct):
    """D1: a party committed to its secret."""

    kind = "draw.committed"
    draw_id: str
    party: str
    commitment: str


@dataclass(frozen=True, kw_only=True)
class DrawCommitsClosed(PublicAct):
    """D2: no further party may join; the commits as they stand are bound."""

    kind = "draw.commits-closed"
    draw_id: str
    commits_sha256: str
    reveals_until: datetime


@dataclass(frozen=True, kw_only=True)
class DrawRevealed(PublicAct):
    """D3: a party revealed the secret it had committed to."""

    kind = "draw.revealed"
    draw_id: str
    party: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class BeaconEntered(PublicAct):
    """D4: one of two people typed in the beacon; the first typing is hidden in a hash."""

    kind = "draw.beacon-entered"
    draw_id: str
    beacon: str
    value_sha256: str
    nth: int


@dataclass(frozen=True, kw_only=True)
class CoefficientDrawn(PublicAct):
    """The coefficient, and the transcript from which anyone recomputes it."""

    kind = "draw.coefficient-drawn"
    draw_id: str
    label: str
    coefficient: str
    transcript: dict[str, Any]


# ---- windows


@dataclass(frozen=True, kw_only=True)
class WindowOpened(PublicAct):
    """A window opened; requests count by the instant they are made, not by when they are served."""

    kind = "window.opened"
    window: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class WindowExtended(PublicAct):
    """The host gave everyone more time, and said why."""

    kind = "window.extended"
    window: str
    closes_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class WindowClosed(PublicAct):
    """A window closed: its time was over, or everyone had acted."""

    kind = "window.closed"
    window: str
    is_early: bool = False


# ---- the keys


@dataclass(frozen=True, kw_only=True)
class BidderKeyReleased(PublicAct):
    """A bidder released its layer's key, and the key fits. The key itself stays secret."""

    kind = "key.bidder-released"
    bidder_id: str
    bid_id: str


@dataclass(frozen=True, kw_only=True)
class SharePosted(PublicAct):
    """A committee member posted the shares it holds of bids that nobody released."""

    kind = "key.share-posted"
    member: int
    bid_id: str
    share_sha256: str


@dataclass(frozen=True, kw_only=True)
class FallbackCombined(PublicAct):
    """Enough shares came together and the key fits."""

    kind = "key.fallback-combined"
    bidder_id: str
    bid_id: str
    members: list[int]


@dataclass(frozen=True, kw_only=True)
class LayerKeyReleased(PublicAct):
    """A layer holder released its identity, which fits the recipient in the notice."""

    kind = "key.layer-released"
    order: int
    recipient: str
    identity: str


@dataclass(frozen=True, kw_only=True)
class BidDecrypted(PublicAct):
    """A bid opened, and its manifest speaks of this bid. No value is told here (E-13)."""

    kind = "bid.decrypted"
    bidder_id: str
    bid_id: str
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class BidRevokedUnopened(PublicAct):
    """E-14: not opened because of the bidder, hence deemed revoked (撤销)."""

    kind = "bid.unopened-revoked"
    bidder_id: str
    bid_id: str
    cause: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class BidWithdrawnByFault(PublicAct):
    """E-15: not opened for any other cause, hence deemed withdrawn (撤回); the deposit goes back."""

    kind = "bid.unopened-system-fault"
    bidder_id: str
    bid_id: str
    cause: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class BidRevoked(PublicAct):
    """The bidder revoked its bid after the deadline, in writing (TL-35)."""

    kind = "opening.bid-revoked"
    bidder_id: str
    bid_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecryptionEnded(PublicAct):
    """Every bid is decided: opened, or unopened with its cause."""

    kind = "opening.decryption-ended"
    opened: int
    revoked: int
    system_fault: int


@dataclass(frozen=True, kw_only=True)
class FewDecryptedProposed(DeskAct):
    """Fewer than three bids opened; the host proposed what the bidding document provides."""

    kind = "opening.few-proposed"
    decision: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FewDecryptedDecided(PublicAct):
    """Host and supervisor agreed on what follows when fewer than three bids opened."""

    kind = "opening.few-decided"
    decision: str
    opened: int
    proposed_by: str


# ---- the announcement


@dataclass(frozen=True, kw_only=True)
class PriceConfirmed(PublicAct):
    """A bidder confirmed the items read from its own sheet."""

    kind = "price.confirmed"
    bidder_id: str


@dataclass(frozen=True, kw_only=True)
class PriceDisputed(PublicAct):
    """A bidder disputed the items read from its own sheet; the signed file prevails."""

    kind = "price.disputed"
    bidder_id: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PriceDeemedConfirmed(PublicAct):
    """A bidder let the window pass, which the bidding document takes as consent."""

    kind = "price.deemed-confirmed"
    bidder_id: str


@dataclass(frozen=True, kw_only=True)
class BidAnnounced(PublicAct):
    """The items of one bid were read out; `findings` are facts for the committee, not a rejection."""

    kind = "bid.announced"
    bidder_id: str
    bid_id: str
    items: dict[str, Any]
    findings: list[str]


@dataclass(frozen=True, kw_only=True)
class SheetKeyPublished(PublicAct):
    """The identity that opens the bid's sheet.age: anyone may now read the price from the ciphertext."""

    kind = "key.sheet-published"
    bidder_id: str
    bid_id: str
    identity: str


@dataclass(frozen=True, kw_only=True)
class PriceAnalysed(PublicAct):
    """What stands out among the announced prices; nothing is rejected here."""

    kind = "price.analysed"
    over_cap: list[str]
    lowest: int | None
    highest: int | None
    spread: int | None


# ---- objections


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(PublicAct):
    """A bidder objected on the spot (K-04)."""

    kind = "opening.objection-raised"
    objection_id: str
    bidder_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(PublicAct):
    """The objection was answered on the spot."""

    kind = "opening.objection-answered"
    objection_id: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class NoObjection(PublicAct):
    """A bidder said that it has no objection."""

    kind = "opening.no-objection"
    bidder_id: str


# ---- the record


@dataclass(frozen=True, kw_only=True)
class RecordDrawn(PublicAct):
    """A version of the opening record was drawn up; every version needs every confirmation anew."""

    kind = "record.drawn"
    version: int
    record_sha256: str
    previous_sha256: str | None


@dataclass(frozen=True, kw_only=True)
class RecordConfirmed(PublicAct):
    """A bidder confirmed this version of the record."""

    kind = "record.confirmed"
    bidder_id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class RecordDisputed(PublicAct):
    """A bidder disputed this version of the record."""

    kind = "record.disputed"
    bidder_id: str
    version: int
    note: str


@dataclass(frozen=True, kw_only=True)
class RecordDeemedConfirmed(PublicAct):
    """A bidder let the window pass, which the bidding document takes as consent."""

    kind = "record.deemed-confirmed"
    bidder_id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class RecordSigned(PublicAct):
    """One of those on duty signed this version of the record."""

    kind = "record.signed"
    role: str
    version: int
    record_sha256: str


@dataclass(frozen=True, kw_only=True)
class FilesInspected(DeskAct):
    """The files of an opened bid were looked into; `codes` counts findings, which reject nothing (K-06)."""

    kind = "opening.files-inspected"
    bidder_id: str
    bid_id: str
    files: int
    bytes: int
    codes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FilesHandedOver(PublicAct):
    """The opened bids were made ready for the evaluation."""

    kind = "opening.files-handed-over"
    bids: int


@dataclass(frozen=True, kw_only=True)
class OpeningClosed(PublicAct):
    """The opening is over."""

    kind = "opening.closed"
    version: int
    record_sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordPublished(PublicAct):
    """The record is public (E-18)."""

    kind = "record.published"
    version: int
    record_sha256: str


# ---- what may come between


@dataclass(frozen=True, kw_only=True)
class OpeningPaused(PublicAct):
    """The opening stands still and every countdown with it."""

    kind = "opening.paused"
    reason: str
    document_no: str = ""
    resumes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OpeningResumed(PublicAct):
    """The opening goes on where it stood; `windows` tells the new ends of those that were frozen."""

    kind = "opening.resumed"
    reason: str
    windows: dict[str, datetime]


@dataclass(frozen=True, kw_only=True)
class OpeningTerminated(PublicAct):
    """The opening was ended for good, by document."""

    kind = "opening.terminated"
    reason: str
    document_no: str


@dataclass(frozen=True, kw_only=True)
class IncidentReported(DeskAct):
    """The host reported an incident to the supervisor; `bidder_id` where it concerns one bid."""

    kind = "opening.incident"
    incident_id: str
    bidder_id: str | None
    text: str
