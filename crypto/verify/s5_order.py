"""S5: the layers came off last: whoever could still hold a key back could not know a price."""

from crypto.verify.case import Case
from crypto.verify.entries import Entry
from crypto.verify.finding import Report, Skipped

RELEASED = ("key.bidder-released", "key.fallback-combined")
LAYER, DECRYPTED, ANNOUNCED = "key.layer-released", "bid.decrypted", "bid.announced"
DECIDED = (
    "bid.unopened-revoked", "bid.unopened-system-fault",
    "opening.acceptance-refused", "opening.bid-revoked",
)  # fmt: skip


def check(case: Case, report: Report) -> None:
    """Deadline, draw, bidders' keys, layers in their order, decryption, announcement: one after the other."""
    layers = case.acts(LAYER)
    _after_deadline(case, report)
    if not layers:
        report.demand(not case.acts(DECRYPTED), "bids were opened and no layer was released")
        raise Skipped("no layer was released")
    _keys_first(case, report, layers[0])
    _layers(case, report, layers)
    _prices_last(case, report, layers[-1])
    report.fact(f"first layer at {layers[0].at.isoformat()}, after every bidder's key")


def _after_deadline(case: Case, report: Report) -> None:
    for one in case.acts(*RELEASED, "key.share-posted", LAYER, DECRYPTED, ANNOUNCED, "key.sheet-published"):
        late_enough = one.seq > case.deadline.seq and one.index > case.deadline.index
        report.demand(late_enough, f"{one.kind} before the deadline")


def _keys_first(case: Case, report: Report, first: Entry) -> None:
    """S5 proper: when the first layer came off, no bid waited any more for its bidder or the committee."""
    for one in case.acts(*RELEASED, "key.share-posted"):
        report.demand(one.seq < first.seq, f"{one.kind} of bid {one.body['bid_id']} after the first layer")
    decided = {one.body["bid_id"] for one in case.acts(*RELEASED, *DECIDED) if one.seq < first.seq}
    for bid in case.bids:
        report.demand(bid.bid_id in decided, f"bid {bid.bid_id} was undecided when the first layer came off")
    for one in case.acts("draw.coefficient-drawn"):
        report.demand(one.seq < first.seq, "the coefficient was drawn after the first layer came off")


def _layers(case: Case, report: Report, layers: list[Entry]) -> None:
    orders = [one.body["order"] for one in layers]
    report.demand(orders == sorted(set(orders)), f"layers came off in the order {orders}")
    expected = len(case.notices[-1].layers)
    opened = bool(case.acts(DECRYPTED))
    report.demand(
        not opened or len(layers) == expected, f"{len(layers)} of {expected} layers, and bids opened"
    )


def _prices_last(case: Case, report: Report, last: Entry) -> None:
    released = {one.body["bid_id"] for one in case.acts(*RELEASED)}
    for one in case.acts(DECRYPTED):
        report.demand(
            one.seq > last.seq, f"bid {one.body['bid_id']} was opened before the last layer came off"
        )
        report.demand(one.body["bid_id"] in released, f"bid {one.body['bid_id']} opened without its key")
    ended = case.acts("opening.decryption-ended")
    for one in case.acts(ANNOUNCED):
        after = bool(ended) and one.seq > ended[0].seq
        report.demand(after, f"bid {one.body['bid_id']} was announced before all were decided")
    announced = case.by_bid(ANNOUNCED)
    for one in case.acts("key.sheet-published"):
        known = announced.get(one.body["bid_id"])
        report.demand(
            known and known.seq < one.seq, f"the sheet key of bid {one.body['bid_id']} came too early"
        )
