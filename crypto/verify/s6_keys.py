"""S6: every key that was released is the one that bids were sealed to."""

from collections.abc import Mapping
from hashlib import sha256
from itertools import combinations, islice

from crypto.age import recipient_of
from crypto.envelope.fallback import Share, recover
from crypto.errors import SharesInsufficient
from crypto.verify.case import Bid, Case
from crypto.verify.entries import Entry
from crypto.verify.finding import Report, Skipped
from crypto.verify.s5_order import LAYER, RELEASED

KEYS = "keys/"
MAX_KEY = 16 * 1024
_TRIES = 2000


def check(case: Case, report: Report) -> None:
    """Layers match the notice, sheet keys and bidders' keys the statement, shares lead to the key."""
    if not case.acts(LAYER, *RELEASED):
        raise Skipped("no key was released")
    _layers(case, report)
    for bid in case.bids:
        with report.about(f"bid {bid.bid_id}"):
            _sheet_key(case, report, bid)
            _fallback(case, report, bid)
            if case.is_supervision:
                _bidder_key(case, report, bid)
                if not is_kept(case, bid):
                    _shares(case, report, bid)
    _strangers(case, report)
    report.fact(f"{len(case.acts(LAYER))} layer keys, {len(case.acts('key.sheet-published'))} sheet keys")
    if not case.is_supervision:
        report.fact("bidders' keys and shares: supervision edition only")


def layers_of(case: Case) -> tuple[str, ...]:
    """The released identities of the layers, outermost first."""
    return tuple(
        one.body["identity"] for one in sorted(case.acts(LAYER), key=lambda act: int(act.body["order"]))
    )


def bidder_key(case: Case, bid: Bid) -> str:
    """The bidder's released layer identity, as the supervision edition keeps it. Raises BundleBroken."""
    return case.bundle.text(f"{KEYS}{bid.bid_id}.txt", MAX_KEY).strip()


def _layers(case: Case, report: Report) -> None:
    named = {one["order"]: one["recipient"] for one in case.notices[-1].terms["layers"]}
    for one in case.acts(LAYER):
        with report.about(f"layer {one.body['order']}"):
            known = recipient_of(one.body["identity"]) == one.body["recipient"] == named[one.body["order"]]
            report.demand(known, f"layer {one.body['order']}: not the key of the notice")


def _sheet_key(case: Case, report: Report, bid: Bid) -> None:
    published = case.by_bid("key.sheet-published").get(bid.bid_id)
    announced = bid.bid_id in case.by_bid("bid.announced")
    report.demand(bool(published) == announced, f"bid {bid.bid_id}: announced without its sheet key")
    if published is not None:
        expected = case.statement(bid).object("sheet").recipient
        fits = recipient_of(published.body["identity"]) == expected
        report.demand(fits, f"bid {bid.bid_id}: another sheet key than was sealed to")


def _bidder_key(case: Case, report: Report, bid: Bid) -> None:
    if bid.bid_id not in case.by_bid(*RELEASED) or is_kept(case, bid):
        return
    fits = recipient_of(bidder_key(case, bid)) == case.statement(bid).bidder_recipient
    report.demand(fits, f"bid {bid.bid_id}: another bidder's key than R(B)")


def is_kept(case: Case, bid: Bid) -> bool:
    """Whether the key stays with the platform: an opening that was broken off shows no prices."""
    return case.has_ended_early and not case.bundle.has(f"{KEYS}{bid.bid_id}.txt")


def _fallback(case: Case, report: Report, bid: Bid) -> None:
    combined = case.by_bid("key.fallback-combined").get(bid.bid_id)
    if combined is None:
        return
    posted = {member for member, one in _posted(case, bid).items() if one.seq < combined.seq}
    members = combined.body["members"]
    enough = len(set(members)) >= (case.statement(bid).threshold or MAX_KEY)
    report.demand(enough, f"bid {bid.bid_id}: fewer members than the threshold")
    report.demand(set(members) <= posted, f"bid {bid.bid_id}: members who posted no share")


def _posted(case: Case, bid: Bid) -> Mapping[int, Entry]:
    acts = case.acts("key.share-posted")
    return {one.body["member"]: one for one in acts if one.body["bid_id"] == bid.bid_id}


def _shares(case: Case, report: Report, bid: Bid) -> None:
    """The shares themselves: those that were posted, and they lead to R(B) where that was said."""
    shares = {}
    for member, act in _posted(case, bid).items():
        raw = case.bundle.read(f"{KEYS}{bid.bid_id}/share-{member}.json", MAX_KEY)
        same = sha256(raw).hexdigest() == act.body["share_sha256"]
        report.demand(same, f"bid {bid.bid_id}: share {member} is not the one that was posted")
        shares[member] = Share.read(raw)
    statement = case.statement(bid)
    found = _recovered(list(shares.values()), statement.threshold or 0, statement.bidder_recipient)
    was_said = bid.bid_id in case.by_bid("key.fallback-combined")
    if was_said != (found is not None):
        report.fault(f"bid {bid.bid_id}: the shares {'do' if found else 'do not'} lead to R(B)")


def _recovered(shares: list[Share], threshold: int, recipient: str) -> str | None:
    for some in islice(combinations(shares, threshold), _TRIES if threshold else 0):
        try:
            return recover(some, recipient)
        except SharesInsufficient:
            continue
    return None


def _strangers(case: Case, report: Report) -> None:
    """No key lies in the bundle that its holder had not released, and none at all for outsiders."""
    released = set(case.by_bid(*RELEASED)) if case.is_supervision else set()
    posted = {one.body["bid_id"] for one in case.acts("key.share-posted")} if case.is_supervision else set()
    for path in case.bundle.below(KEYS):
        bid_id, _, share = path.removeprefix(KEYS).partition("/")
        known = posted if share else {f"{one}.txt" for one in released}
        report.demand(bid_id in known, f"{path}: a key that nobody released")
