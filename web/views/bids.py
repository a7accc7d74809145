"""Bids, uploads and receipts as their own bidder sees them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bidding.bid.sealing import SealingFacts, committee_of, layers_of
from bidding.bid.states import BidState, UploadState
from bidding.bid.tables import Bid, Upload
from crypto.ledger import Entry
from web.views import View

NEXT: dict[str, dict[str, str]] = {
    "bid.submitted": {
        "zh": "投标文件已密封保存,截止前可以替换或撤回。请妥善保管密钥文件,开标时须用它解密;"
        "请保存本回执,可离线验证。",
        "en": "Your bid is stored sealed; until the deadline it can be replaced or withdrawn. Keep your key "
        "file: you release it at the opening. Keep this receipt: it can be verified offline.",
    },
    "bid.withdrawn": {
        "zh": "投标文件已撤回,不计入投标人数,保证金将在五日内退还。截止前可以重新提交。",
        "en": "Your bid is withdrawn and does not count; the deposit is returned within five days. Until "
        "the deadline you may submit again.",
    },
}


class ObjectView(View):
    """One ciphertext: size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class NextView(View):
    """What happens next, in both languages."""

    zh: str
    en: str


class Receipt(View):
    """What the bidder holds after an act on its bid.

    `proof` is the `.tlog-proof` whole; where the log was not in time, `promise` is the platform's signed
    word, and the proof can be fetched later under `seq`. `entry` is the text that either attests.
    """

    kind: str
    tender_id: str
    bid_id: str
    round: int
    statement_sha256: str
    objects: list[ObjectView]
    has_fallback: bool
    received_at: datetime
    stream: str
    seq: int
    entry: str
    proof: str | None
    promise: str | None
    what_happens_next: NextView


class BidView(View):
    """One round of a bid."""

    id: str
    tender_id: str
    round: int
    state: BidState
    submitted_at: datetime
    ended_at: datetime | None
    cause: str
    statement_sha256: str
    previous_statement_sha256: str | None
    notice_sha256: str
    has_fallback: bool
    layer_recipient: str


class BidList(View):
    """Rounds of one's own bids."""

    bids: list[BidView]


class UploadView(View):
    """An upload that no bid has taken yet."""

    id: str
    name: str
    size: int
    received: int
    state: UploadState
    sha256: str | None
    expires_at: datetime | None


class UploadList(View):
    """One's own uploads in a tender."""

    uploads: list[UploadView]


class MemberView(View):
    """A member of the fallback committee."""

    member: str
    recipient: str


class CommitteeView(View):
    """The fallback committee as the statement must name it."""

    list_version: int
    threshold: int
    members: list[MemberView]


class SealingView(View):
    """All that a client needs in order to seal the bidder's next round."""

    tender_id: str
    lot: str
    stage: str
    notice_sha256: str
    deadline: datetime
    layers: list[str]
    committee: CommitteeView | None
    round: int
    previous: str | None
    max_bid_bytes: int
    max_part_bytes: int
    sheet: list[dict[str, Any]]


def bid_view(bid: Bid) -> BidView:
    """The row, without its bytes."""
    return BidView(**{name: getattr(bid, name) for name in BidView.model_fields})


def bid_list(bids: Iterable[Bid]) -> BidList:
    """Several rows."""
    return BidList(bids=[bid_view(bid) for bid in bids])


def upload_list(rows: Iterable[Upload]) -> UploadList:
    """Several uploads."""
    return UploadList(
        uploads=[UploadView(**{name: getattr(row, name) for name in UploadView.model_fields}) for row in rows]
    )


def sealing_view(facts: SealingFacts, *, stage: str, max_part_bytes: int) -> SealingView:
    """The facts of the notice, in the words of the envelope."""
    committee = committee_of(facts.terms, facts.notice_version)
    return SealingView(
        tender_id=facts.tender_id, lot=facts.lot, stage=stage, notice_sha256=facts.notice_sha256,
        deadline=facts.terms.bid_deadline, layers=list(layers_of(facts.terms)),
        committee=None if committee is None else CommitteeView(
            list_version=committee.list_version, threshold=committee.threshold,
            members=[MemberView(member=one.member, recipient=one.recipient) for one in committee.members],
        ),
        round=facts.round, previous=facts.previous, max_bid_bytes=facts.terms.max_bid_bytes,
        max_part_bytes=max_part_bytes, sheet=facts.terms.plain()["sheet"],
    )  # fmt: skip


def receipt(entry: Entry, *, proof: str | None, promise: str | None) -> Receipt:
    """The receipt for a recorded act, from the very text that the proof attests."""
    body = json.loads(entry.text)["body"]
    return Receipt(
        kind=entry.kind, tender_id=body["tender_id"], bid_id=body["bid_id"], round=body["round"],
        statement_sha256=body["statement_sha256"],
        objects=[ObjectView(**one) for one in body.get("objects", [])],
        has_fallback=body.get("has_fallback", False), received_at=entry.at, stream=entry.stream,
        seq=entry.seq, entry=entry.text, proof=proof, promise=promise,
        what_happens_next=NextView(**NEXT[entry.kind]),
    )  # fmt: skip
