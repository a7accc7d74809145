"""What a crash left in the vault: parts that were stored and never counted in."""

import asyncio
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncSession

from bidding.bid.uploads import known_keys
from bidding.bid.vault import Vault

OLD = timedelta(days=1)
_AT_ONCE = 500


async def sweep(session: AsyncSession, vault: Vault, *, now: datetime) -> int:
    """Remove parts older than a day that belong to no upload; how many. *session* only reads.

    A part that is being counted in right now is younger, so nothing that counts can be taken for one.
    """
    old = (key for key, written in vault.keys("bids") if written < now - OLD)
    removed = 0
    while batch := await asyncio.to_thread(lambda: list(islice(old, _AT_ONCE))):
        known = await known_keys(session, batch)
        orphans = [key for key in batch if key not in known]
        await vault.delete(orphans)
        removed += len(orphans)
    return removed
