"""A platform of one process on SQLite and a directory, for each test anew: killed, starved, stopped."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.district import PASSPHRASE, District, Party, Tender, found
from tests.journeys.processes import Replica, free_port
from web.client import Client


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("keyring"))


@pytest.fixture
def replica(tmp_path: Path, keys: Path) -> Iterator[Replica]:
    """A platform that is not started yet."""
    made = Replica(environment(tmp_path, keys), tmp_path / "server.log", port=free_port())
    made.environment = {**made.environment, "QIFENG_SITE__ORIGIN": made.url}
    yield made
    made.end()


@pytest.fixture
async def district(tmp_path: Path, keys: Path) -> AsyncIterator[District]:
    async with District.at(database_url(tmp_path), keys) as made:
        yield made


@dataclass
class Bidding:
    """A bidder who is signed in, before a tender that is on sale for an hour."""

    tender: Tender
    party: Party
    client: Client


Begin = Callable[[District], Awaitable[Bidding]]


@pytest.fixture
async def begin(replica: Replica) -> AsyncIterator[Begin]:
    """Enters a host, a tender on sale for an hour and a bidder of the running platform."""
    async with AsyncExitStack() as stack:

        async def begin(district: District) -> Bidding:
            tender = await district.tender(await district.host(), seconds=3600)
            party = await district.bidder()
            client = await stack.enter_async_context(Client(replica.url, credential=party.credential))
            await client.sign_in()
            return Bidding(tender, party, client)

        yield begin


def database_url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home}/qifeng.db"


def environment(home: Path, keys: Path) -> dict[str, str]:
    plenty = "1000000/minute"
    return {
        "QIFENG_DATABASE__URL": database_url(home),
        "QIFENG_STORAGE__URL": str(home / "objects"),
        "QIFENG_KEYS__DIRECTORY": str(keys),
        "QIFENG_KEYS__PASSPHRASE": PASSPHRASE,
        "QIFENG_LIMITS__READS": plenty,
        "QIFENG_LIMITS__WRITES": plenty,
        "QIFENG_LIMITS__SIGN_INS": plenty,
        "QIFENG_CLOCK__TICK_SECONDS": "0.2",
    }
