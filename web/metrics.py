"""Figures for operators. None is labelled with a tender, a bidder or a path's values: figures are looked at
by people who must not learn who is bidding, or how many (E-08).
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

# Groups, not routes: a count of one route's calls would count bids.
REQUESTS = Counter(
    "qifeng_requests", "Answers by kind of method and status class", ["method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "qifeng_request_seconds", "Seconds to an answer", ["method"],
    buckets=(0.005, 0.025, 0.1, 0.5, 2.5, 10, 60), registry=REGISTRY,
)  # fmt: skip
SOCKETS = Gauge("qifeng_sockets", "Live listeners of this replica", registry=REGISTRY)
DROPPED = Counter("qifeng_sockets_dropped", "Listeners that were too slow", registry=REGISTRY)
FAULTS = Counter("qifeng_faults", "Unexpected faults", registry=REGISTRY)
TICK = Gauge("qifeng_clock_tick_seconds", "How long the last look for what is due took", registry=REGISTRY)


def render() -> bytes:
    """The figures in Prometheus' text form."""
    return generate_latest(REGISTRY)
