"""Who prints: the platform's name, its operator, and the address at which anyone checks what it printed."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class House:
    """What every document says about the platform."""

    name: str
    operator: str
    origin: str

    def mark(self, lot_code: str, sha256: str, *, version: int = 0) -> str:
        """What stands in the foot of each page, so that none can be taken for another's."""
        of = f" · 第 {version} 版 version {version}" if version else ""
        return f"{self.name} · {lot_code}{of} · {sha256[:16]}"

    def tender_url(self, tender_id: str) -> str:
        """The public page of a tender."""
        return f"{self.origin.rstrip('/')}/tenders/{tender_id}"

    def record_url(self, tender_id: str) -> str:
        """The public page of a tender's record."""
        return f"{self.tender_url(tender_id)}/record"

    @property
    def verify_url(self) -> str:
        """The public page that checks a receipt's proof; the address tells nothing about whose it is."""
        return f"{self.origin.rstrip('/')}/verify"
