"""Members of the committee: what one bidder spoiled is not another's misfortune."""

import json
from base64 import b64decode

import pytest

from crypto.age import encrypt, generate_identity, recipient_of
from crypto.envelope import Committee, Member, make_shares
from web.client import Refused, post_shares

MINE = generate_identity()
COMMITTEE = Committee(1, 2, (Member("1", recipient_of(MINE)), Member("2", recipient_of(generate_identity()))))


def dealt():
    (_, mine), _ = make_shares(generate_identity(), COMMITTEE, tender_id="T1", lot="L1")
    return mine


class Platform:
    """A platform that asks for these shares, and refuses what it is told to."""

    def __init__(self, shares, refusals=()):
        self.shares, self.refusals, self.posted = shares, dict(refusals), []

    async def get(self, _path):
        tasks = [{"bid_id": one, "bidder": f"示例{one}", "is_posted": False} for one in self.shares]
        return {"shares": tasks}

    async def read(self, path):
        return self.shares[path.rpartition("/")[2]]

    async def post(self, _path, body):
        if code := self.refusals.get(body["bid_id"]):
            raise Refused(422, {"code": code})
        self.posted.append(body)


async def test_every_share_that_is_asked_for_is_opened_and_handed_in():
    platform = Platform({"a": dealt(), "b": dealt()})
    assert [one.fault for one in await post_shares(platform, "T1", MINE)] == ["", ""]
    members = [json.loads(b64decode(one["share"]))["member"] for one in platform.posted]
    assert members == ["1", "1"]


async def test_a_spoiled_share_holds_up_no_other():
    foreign = encrypt(b"{}", recipients=[recipient_of(generate_identity())])
    garbage = encrypt(b"no share", recipients=[recipient_of(MINE)])
    platform = Platform(
        {"a": foreign, "b": garbage, "c": b"no age file", "d": dealt(), "e": dealt()},
        {"d": "share-malformed"},
    )
    told = await post_shares(platform, "T1", MINE)
    assert [one.bid_id for one in told if one.fault] == ["a", "b", "c", "d"]
    assert [one["bid_id"] for one in platform.posted] == ["e"]


async def test_a_refusal_that_concerns_them_all_is_told():
    platform = Platform({"a": dealt(), "b": dealt()}, {"a": "window-not-open"})
    with pytest.raises(Refused, match="window-not-open"):
        await post_shares(platform, "T1", MINE)
