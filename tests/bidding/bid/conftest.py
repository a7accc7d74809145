"""A vault, a tender that takes bids, and a bidder."""

import pytest

from bidding.bid.vault import LocalVault
from tests.bidding.bid import makers


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def tender_id(db):
    return await makers.a_tender(db)


@pytest.fixture
async def bidder(db):
    return await makers.a_bidder(db)


@pytest.fixture
async def rival(db):
    return await makers.a_bidder(db, 1)
