"""The hall for the hard stops of the opening: one meeting, really sealed."""

import pytest

from bidding.bid.vault import LocalVault
from tests.bidding.opening import makers


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def meeting(db, vault, tmp_path):
    return await makers.a_meeting(db, vault, tmp_path)
