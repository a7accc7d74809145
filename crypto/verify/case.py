"""What a verification works on: the bundle's parts, each read when a step first asks for it.

A part that cannot be read raises in every step that needs it, under that step's own number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from cryptography import x509

from crypto import jcs
from crypto.certificates import TrustStore
from crypto.envelope.statement import Statement
from crypto.policy import Attested, Policy
from crypto.tiles import split_bundle, tiles_of
from crypto.trust import Trust
from crypto.verify.bundle import INDEX, Bundle, BundleBroken
from crypto.verify.entries import Entry, Stream, read_stream
from crypto.verify.finding import Skipped
from crypto.verify.store import certificates_of, store_of
from crypto.verify.writing import FORMAT, PUBLIC, SUPERVISION

SUBMITTED, WITHDRAWN = "bid.submitted", "bid.withdrawn"
NOTICES = ("notice.published", "notice.amended", "deadline.extended", "tender.rescheduled")
ENDED = ("opening.failed", "opening.terminated", "tender.terminated")
BIDDERS, DESK = "streams/bidder/", "streams/desk.jsonl"


@dataclass(frozen=True)
class Notice:
    """One published version of the terms."""

    entry: Entry
    version: int
    sha256: str
    terms: Mapping[str, Any]

    @property
    def asks_anew(self) -> bool:
        """Whether bids under earlier versions no longer counted."""
        return self.entry.body.get("requires_resubmission") is True

    @property
    def layers(self) -> tuple[str, ...]:
        """The recipients of the layers, outermost first."""
        ordered = sorted(self.terms["layers"], key=lambda one: int(one["order"]))
        return tuple(one["recipient"] for one in ordered)

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """The committee as statements name it: number and recipient; empty where there is none."""
        committee = self.terms.get("committee")
        ordered = sorted(committee["members"], key=lambda one: int(one["number"])) if committee else []
        return tuple((str(one["number"]), one["recipient"]) for one in ordered)

    @property
    def threshold(self) -> int | None:
        committee = self.terms.get("committee")
        return int(committee["m"]) if committee else None


@dataclass(frozen=True)
class Bid:
    """A bid that stood at the deadline, as its bidder's stream tells it."""

    bidder_id: str
    entry: Entry

    @property
    def bid_id(self) -> str:
        return str(self.entry.body["bid_id"])

    def path(self, name: str) -> str:
        """Where the bundle keeps a file of this bid."""
        return f"bids/{self.bid_id}/{name}"


class Case:
    """One bundle, whom to believe about it, and everything that is read out of it."""

    def __init__(
        self, bundle: Bundle, trust: Trust, *, is_self_attested: bool = False, at: datetime | None = None
    ) -> None:
        self.bundle, self.trust, self.is_self_attested, self._at = bundle, trust, is_self_attested, at

    # -- the bundle itself

    @cached_property
    def index(self) -> Mapping[str, Any]:
        """`bundle.json`."""
        index = jcs.parse(self.bundle.read(INDEX))
        if index["v"] != FORMAT or index["edition"] not in {PUBLIC, SUPERVISION}:
            raise BundleBroken("a bundle of another format")
        return index  # type: ignore[no-any-return] # checked by its use

    @property
    def tender_id(self) -> str:
        return str(self.index["tender_id"])

    @property
    def is_supervision(self) -> bool:
        return bool(self.index["edition"] == SUPERVISION)

    # -- the log

    @cached_property
    def policy(self) -> Policy:
        return self.trust.policy

    @cached_property
    def head(self) -> Attested:
        """The newest checkpoint, signed by the log and a quorum of witnesses."""
        return self.policy.judge(self.bundle.read("log/checkpoint"))

    @cached_property
    def leaves(self) -> Sequence[bytes]:
        """Every commitment in the log, read from the entry bundles."""
        size = self.head.checkpoint.size
        wanted = [tile for tile in tiles_of(size) if tile.level is None]
        leaves = [one for tile in wanted for one in split_bundle(self.bundle.read(f"log/{tile}"))]
        if len(leaves) != size:
            raise BundleBroken(f"{len(leaves)} entries in a log of {size} leaves")
        return leaves

    # -- the streams

    @cached_property
    def public(self) -> Stream:
        return read_stream(self.bundle, "streams/public.jsonl", f"tender/{self.tender_id}/public")

    @cached_property
    def desk(self) -> Stream | None:
        """The desk's stream, where the edition has it."""
        if not self.is_supervision:
            return None
        return read_stream(self.bundle, DESK, f"tender/{self.tender_id}/desk")

    @cached_property
    def bidders(self) -> Mapping[str, Stream]:
        """The streams of the bidders, by bidder."""
        names = [path.removeprefix(BIDDERS).removesuffix(".jsonl") for path in self.bundle.below(BIDDERS)]
        return {name: self._bidder(name) for name in names}

    def _bidder(self, name: str) -> Stream:
        return read_stream(self.bundle, f"{BIDDERS}{name}.jsonl", f"tender/{self.tender_id}/bidder/{name}")

    def streams(self) -> list[Stream]:
        """All of them."""
        desk = [self.desk] if self.desk is not None else []
        return [self.public, *desk, *self.bidders.values()]

    def acts(self, *kinds: str) -> list[Entry]:
        """The public acts of these kinds, in their order."""
        return self.public.entries(*kinds)

    def only(self, kind: str) -> Entry:
        """The one public act of *kind*. Raises BundleBroken where there is none, or more."""
        found = self.acts(kind)
        if len(found) != 1:
            raise BundleBroken(f"{len(found)} acts of kind {kind} in the public stream, not one")
        return found[0]

    # -- the tender

    @cached_property
    def notices(self) -> Sequence[Notice]:
        """The versions of the terms, oldest first; at least one."""
        found = [
            Notice(one, one.body["version"], one.body["notice_sha256"], one.body["terms"])
            for one in self.acts(*NOTICES)
        ]
        if not found:
            raise BundleBroken("no notice in the public stream")
        return found

    def notice(self, sha256: str) -> Notice:
        """The version that *sha256* names. Raises BundleBroken."""
        for one in self.notices:
            if one.sha256 == sha256:
                return one
        raise BundleBroken(f"no notice {sha256[:12]} was published")

    @cached_property
    def deadline(self) -> Entry:
        """The act that let the deadline fall."""
        return self.only("deadline.reached")

    @cached_property
    def last_bids(self) -> Mapping[str, Entry]:
        """The last submission or withdrawal of each bidder who made one, by bidder."""
        found = {name: stream.entries(SUBMITTED, WITHDRAWN) for name, stream in self.bidders.items()}
        return {name: entries[-1] for name, entries in found.items() if entries}

    @cached_property
    def bids(self) -> Sequence[Bid]:
        """The bids that stood at the deadline."""
        return [Bid(name, entry) for name, entry in self.last_bids.items() if entry.kind == SUBMITTED]

    def statement(self, bid: Bid) -> Statement:
        """The bid's signed statement, as archived; not verified here."""
        return Statement.read(self.bundle.read(bid.path("statement.json")))

    @property
    def has_ended_early(self) -> bool:
        """Whether the opening failed or was ended before its end."""
        return bool(self.acts(*ENDED))

    @property
    def is_unlisted(self) -> bool:
        """Whether the names never became public: then the public edition has no stream of any bidder."""
        return not self.is_supervision and self.has_ended_early and not self.acts("opening.bidder-list")

    @property
    def listed(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of the published list of bidders, by bid."""
        return {row["bid_id"]: row for act in self.acts("opening.bidder-list") for row in act.body["bidders"]}

    def by_bid(self, *kinds: str) -> dict[str, Entry]:
        """The public acts of these kinds by the bid that they speak of; a later one replaces an earlier."""
        return {one.body["bid_id"]: one for one in self.acts(*kinds)}

    # -- certificates

    @cached_property
    def store(self) -> TrustStore:
        """Whom signatures of bidders are judged by."""
        return store_of(self.bundle, self.trust)

    @cached_property
    def certificates(self) -> Sequence[x509.Certificate]:
        return certificates_of(self.bundle)

    @cached_property
    def at(self) -> datetime:
        """The instant at which documents are judged: given, or that of the newest thing in the bundle."""
        if self._at is not None:
            return self._at
        acts = [one.at for stream in self.streams() for one in stream.entries()]
        return max([*acts, *self.head.cosigned.values(), *(crl.last_update_utc for crl in self.store.crls)])

    def demand_opening(self) -> None:
        """Raises Skipped where there was nothing to open: the tender ended before its keys were asked for."""
        if not self.acts("deadline.reached") and self.has_ended_early:
            raise Skipped("the tender ended before its deadline")
