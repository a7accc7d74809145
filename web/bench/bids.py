"""A bidder's whole way as its own client goes it: seal on this machine, upload, submit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from web.bench.world import Party
from web.client import Client
from web.client.sealing import Order, seal_bid, sealing_facts
from web.client.submission import Submission, submit, upload_folder

SHEET = {"bid_price": 812_345_600, "duration_days": 180, "quality": "合格"}
_EASY = 4  # the key files of a benchmark guard nothing


@asynccontextmanager
async def client(address: str, party: Party) -> AsyncIterator[Client]:
    """A caller who is signed in as *party*."""
    async with Client(address, credential=party.credential, token=party.token) as made:
        yield made


async def sealed(caller: Client, tender_id: str, party: Party, home: Path, doc: Path) -> Path:
    """A folder sealed for the tender's next round."""
    facts = await sealing_facts(caller, tender_id)
    sheet = {**SHEET, "bidder_name": party.organisation.name, "uscc": party.organisation.uscc}
    order = Order(
        sheet={name: sheet[name] for name in (one["name"] for one in facts["sheet"]) if name in sheet},
        docs={doc.name: doc}, folder=home / f"sealed-{party.organisation.id}",
        passphrase="only for measuring", work_factor=_EASY,
    )  # fmt: skip
    return seal_bid(facts, order, signer=party.credential).folder


async def upload_all(caller: Client, tender_id: str, folder: Path) -> None:
    """Bring every object to the platform; the submit call is still to come."""
    await upload_folder(caller, Submission.of(folder, caller, tender_id))


async def handed_in(caller: Client, tender_id: str, folder: Path) -> dict[str, Any]:
    """Submit what was uploaded; the receipt."""
    return await submit(caller, tender_id, folder)
