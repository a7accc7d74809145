"""The committee fallback: a lost bidder's layer key, shared m of n, each share a tiny age file.

Plain Shamir protects an honest bidder who lost the key. It does not bind a dishonest one, who may deal
garbage: that shows only when the shares are combined.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crypto import jcs
from crypto.age import decrypt, encrypt, recipient_of
from crypto.age.keys import identity_of, scalar_of
from crypto.envelope import shape
from crypto.envelope.statement import Committee
from crypto.errors import KeyMalformed, NotCanonical, SharesInsufficient
from crypto.shares import combine, split

TYPE = "qifeng.example/share-v1"
MAX_SHARE_FILE = 16 * 1024


@dataclass(frozen=True)
class Share:
    """A member's share of the key behind `bidder_recipient`, and whom it is for."""

    tender_id: str
    lot: str
    bidder_recipient: str
    member: str
    share: bytes

    def raw(self) -> bytes:
        """The share as canonical JSON, as a member posts it."""
        text = base64.b64encode(self.share).decode()
        return jcs.canonical({"type": TYPE, **self.__dict__, "share": text})

    @classmethod
    def read(cls, raw: bytes) -> "Share":
        """The share that *raw* spells. Raises SharesInsufficient."""
        texts = dict.fromkeys(("type", "tender_id", "lot", "bidder_recipient", "member", "share"), str)
        try:
            fields = shape.exact(jcs.parse(raw), **texts)
            share = base64.b64decode(fields["share"], validate=True)
        except (ValueError, NotCanonical, binascii.Error) as error:
            raise SharesInsufficient(f"not a share: {error}") from None
        if fields.pop("type") != TYPE:
            raise SharesInsufficient("not a share of this kind")
        return cls(**fields | {"share": share})


def make_shares(
    bidder_identity: str, committee: Committee, *, tender_id: str, lot: str
) -> list[tuple[str, bytes]]:
    """For each member, in the committee's order: the member's id and the age file of the share."""
    recipient = recipient_of(bidder_identity)
    secret = scalar_of(bidder_identity)
    dealt = split(secret, n=len(committee.members), m=committee.threshold)
    return [
        (
            one.member,
            encrypt(Share(tender_id, lot, recipient, one.member, y).raw(), recipients=[one.recipient]),
        )
        for one, y in zip(committee.members, dealt, strict=True)
    ]


def open_share(share_age: bytes, identity: str) -> Share:
    """A member's own share, opened with the member's *identity*.

    Raises NoIdentityMatched, HeaderMalformed, SealBroken, SharesInsufficient.
    """
    if len(share_age) > MAX_SHARE_FILE:
        raise SharesInsufficient("a share file is never so large")
    return Share.read(decrypt(share_age, identities=[identity]))


def recover(shares: Iterable[Share], expected_recipient: str) -> str:
    """The bidder's layer identity, proved to be that of *expected_recipient*, the R(B) of the statement.

    Raises SharesInsufficient where the shares are too few, of another key, or garbage.
    """
    mine = [one.share for one in shares if one.bidder_recipient == expected_recipient]
    try:
        identity = identity_of(combine(_distinct(mine)))
    except KeyMalformed as error:
        raise SharesInsufficient(str(error)) from None
    if recipient_of(identity) != expected_recipient:
        raise SharesInsufficient("the shares do not lead to the key that the statement pins")
    return identity


def _distinct(shares: Sequence[bytes]) -> list[bytes]:
    return list(dict.fromkeys(shares))
