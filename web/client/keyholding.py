"""What holders of keys do: show that a key is alive, and at the opening release it or post its shares."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import Any

from crypto.age import recipient_of
from crypto.envelope import open_share
from crypto.errors import CryptoError
from crypto.keys import answer
from web.client.answers import Refused
from web.client.calls import Client


@dataclass(frozen=True)
class PostedShare:
    """A share that was decrypted and handed in; `fault` says why one was not, and then it opens nothing."""

    bid_id: str
    bidder: str
    fault: str = ""


async def prove_alive(client: Client, tender_id: str, identity: str) -> dict[str, Any]:
    """Hand in the recipient of *identity* for this tender and pass the liveness ceremony. Raises Refused."""
    await client.call("PUT", f"/api/tenders/{tender_id}/key", {"recipient": recipient_of(identity)})
    asked = await client.post(f"/api/tenders/{tender_id}/liveness")
    nonce = answer(identity, b64decode(asked["challenge"]))
    proven: dict[str, Any] = await client.post(
        f"/api/tenders/{tender_id}/liveness/{asked['id']}", {"nonce": nonce}
    )
    return proven


async def release_bid(client: Client, tender_id: str, identity: str) -> dict[str, Any]:
    """The bidder's layer key B, released in its window. Raises Refused."""
    released: dict[str, Any] = await client.post(
        f"/api/tenders/{tender_id}/opening/key", {"identity": identity}
    )
    return released


async def release_layer(client: Client, tender_id: str, identity: str) -> dict[str, Any]:
    """A layer holder's identity of this tender, released. Raises Refused."""
    released: dict[str, Any] = await client.post(
        f"/api/tenders/{tender_id}/opening/layers", {"identity": identity}
    )
    return released


async def post_shares(client: Client, tender_id: str, identity: str) -> list[PostedShare]:
    """Decrypt and hand in every share that is asked of this member.

    One that its bidder spoiled holds up no other's (E-16): it comes back with its fault. Raises Refused.
    """
    asked = await client.get(f"/api/tenders/{tender_id}/opening/shares")
    waiting = [one for one in asked["shares"] if not one["is_posted"]]
    return [await _tried(client, tender_id, identity, one) for one in waiting]


async def _tried(client: Client, tender_id: str, identity: str, task: dict[str, Any]) -> PostedShare:
    posted = PostedShare(task["bid_id"], task["bidder"])
    try:
        await _post(client, tender_id, identity, posted.bid_id)
    except CryptoError as error:
        return replace(posted, fault=str(error))
    except Refused as refused:
        if refused.code not in _ITS_OWN:
            raise
        return replace(posted, fault=refused.code)
    return posted


async def _post(client: Client, tender_id: str, identity: str, bid_id: str) -> None:
    sealed = await client.read(f"/api/tenders/{tender_id}/opening/shares/{bid_id}")
    share = b64encode(open_share(sealed, identity).raw()).decode()
    await client.post(f"/api/tenders/{tender_id}/opening/shares", {"bid_id": bid_id, "share": share})


_ITS_OWN = {"share-malformed", "share-unwanted"}
"""Refusals that concern one share alone."""
