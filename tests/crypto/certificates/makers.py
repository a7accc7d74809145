"""One plain function per noun of the certificate tests."""

from datetime import UTC, datetime, timedelta

from crypto.certificates import (
    Credential,
    Profile,
    Subject,
    TrustStore,
    create_issuing,
    create_root,
    issue,
    new_key,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
USCC = "91310000MA1FL0XX5K"
BIDDER = Subject(name="示例甲建设有限公司", uscc=USCC)


class House:
    """A root with an issuing authority below it, founded a day before noon."""

    def __init__(self, name="示例"):
        self.root = create_root(f"{name}根", now=NOON - timedelta(days=1))
        self.issuing = create_issuing(self.root, f"{name}签发", now=NOON - timedelta(days=1))

    def leaf(self, profile=Profile.BIDDER, subject=BIDDER, *, now=NOON, days=30):
        key = new_key()
        certificate = issue(self.issuing, profile, subject, key.public_key(), now=now, days=days)
        return Credential(certificate, key, (self.issuing.certificate,))

    def trust(self, *crls, **more):
        return TrustStore(roots=(self.root.certificate,), crls=crls, **more)
