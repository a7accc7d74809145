"""The offline verifier: numbered steps over a bundle (T, S0 … S11) or over a bidder's own files (B1 … B11).

It imports nothing but `crypto`, opens no connection and reads no clock. What is missing or malformed is
a FAIL at a named step, never an exception.
"""

from datetime import datetime
from pathlib import Path

from crypto.errors import CryptoError
from crypto.trust import Trust
from crypto.verify.bidder import BIDDER_STEPS, BidderCase, Mine
from crypto.verify.bundle import TRUST, Bundle, BundleBroken, open_bundle
from crypto.verify.case import Case
from crypto.verify.finding import Finding, Outcome, failed
from crypto.verify.steps import STEPS

__all__ = [
    "BundleBroken",
    "Finding",
    "Mine",
    "Outcome",
    "failed",
    "verify_bundle",
    "verify_receipt_files",
]


def verify_bundle(path: Path, trust: Trust | None = None, *, at: datetime | None = None) -> list[Finding]:
    """Every step's finding over the bundle at *path* (a folder or a zip).

    Without *trust* the bundle's own trust file is used, and step T says so: it then only shows that the
    bundle agrees with itself. *at* is the instant at which signed documents are judged, by default that
    of the newest thing in the bundle.
    """
    try:
        bundle = open_bundle(path)
    except (CryptoError, OSError) as error:
        return [_unreadable(f"{type(error).__name__}: {error}")]
    return _findings(bundle, trust, at)


def verify_receipt_files(mine: Mine, trust: Trust, *, bundle: Path | None = None) -> list[Finding]:
    """B1 … B11 for a bidder: B10 and B11 need the published *bundle* and are skipped without it.

    That the bundle itself holds together is `verify_bundle`'s to say.
    """
    if bundle is None:
        case = BidderCase(mine, trust)
        return [step.run(case) for step in BIDDER_STEPS]
    try:
        opened = open_bundle(bundle)
    except (CryptoError, OSError) as error:
        return [_unreadable(f"{type(error).__name__}: {error}")]
    case = BidderCase(mine, trust, Case(opened, trust))
    return [step.run(case) for step in BIDDER_STEPS]


def _findings(bundle: Bundle, trust: Trust | None, at: datetime | None) -> list[Finding]:
    try:
        known = trust or Trust.loads(bundle.text(TRUST))
    except CryptoError as error:
        return [_unreadable(f"{TRUST}: {error}", step=0)]
    case = Case(bundle, known, is_self_attested=trust is None, at=at)
    return [step.run(case) for step in STEPS]


def _unreadable(why: str, *, step: int = 1) -> Finding:
    """Nothing else can be checked where there is no bundle, or nobody to believe."""
    one = STEPS[step]
    return Finding(one.code, one.zh, one.en, Outcome.FAIL, (why,))
