"""The first day: an empty platform gets its centre, once, and its first person may enter others."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bidding.party import queries
from bidding.party.roles import Role
from bidding.party.service.certificates import judge
from bidding.refusals.party import IDNumberInvalid, NoAuthorityHere
from crypto.certificates import Authority, load_certificate, new_key
from crypto.ledger import Entry
from tests.bidding.party import makers
from tests.conftest import NOON, at
from web.app import App
from web.install import AlreadyInstalled, Founding, install
from web.settings import Settings


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    home = tmp_path_factory.mktemp("authority")
    return Authority.create(home, "passphrase", name="示例", now=NOON - timedelta(days=1))


def platform(db, authority):
    return App(
        settings=Settings(), db=db, clock=at(NOON), atrest=makers.ATREST, authority=authority,
        trust=authority.trust(now=NOON) if authority else None,
    )  # fmt: skip


def order(**over):
    request = makers.a_request(new_key())
    facts = {
        "uscc": makers.CENTRE_USCC, "name": "示例区交易中心", "person": "示例李四",
        "id_number": makers.OTHER_ID_NUMBER, "request": request,
    }  # fmt: skip
    return Founding(**facts | over)


async def test_an_empty_database_gets_its_schema_its_centre_and_one_who_may_enter_others(empty_db, authority):
    app = platform(empty_db, authority)
    made = await install(app, order())
    async with app.db.reading() as session:
        assert (
            await judge(session, app.trust, load_certificate(made.der), authority.chain(), at=NOON)
        ).id == made.id
        (held,) = await queries.memberships_of(session, [made.person_id])
        streams = set((await session.execute(select(Entry.stream))).scalars())
    assert held.roles == [Role.CENTRE_OPS]
    assert streams == {"platform"}


async def test_a_platform_is_founded_once(empty_db, authority):
    app = platform(empty_db, authority)
    await install(app, order())
    with pytest.raises(AlreadyInstalled):
        await install(app, order(uscc=makers.AGENCY_USCC))


async def test_a_founding_that_is_refused_leaves_nothing_and_can_be_tried_again(empty_db, authority):
    app = platform(empty_db, authority)
    with pytest.raises(IDNumberInvalid):
        await install(app, order(id_number="330703190001010011"))
    async with app.db.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Entry))).scalar_one() == 0
    await install(app, order())


async def test_without_an_authority_of_its_own_nothing_is_founded(empty_db):
    with pytest.raises(NoAuthorityHere):
        await install(platform(empty_db, None), order())
