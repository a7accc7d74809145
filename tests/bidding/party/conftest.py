"""What the party room's tests share: one authority, founded before noon."""

from datetime import timedelta

import pytest

from crypto.certificates import Authority
from tests.bidding.party.makers import unit_at
from tests.conftest import NOON


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    where = tmp_path_factory.mktemp("authority")
    return Authority.create(where, "passphrase", name="示例", now=NOON - timedelta(days=1))


@pytest.fixture
async def unit(session):
    return unit_at(session)
