"""Hard stop 5: before the deadline nothing decrypts, for any role, the centre's operators included."""

from dataclasses import replace

import pytest

from bidding.bid import queries, service
from bidding.bid.vault import LocalVault
from bidding.opening.service import keys, layers
from bidding.party.roles import Role
from bidding.refusals import Refusal
from bidding.refusals.bid import SealedBeforeDeadline
from crypto.age import decrypt, generate_identity, recipient_of
from crypto.atrest import AtRest
from crypto.envelope import open_key
from crypto.errors import CryptoError, NoIdentityMatched
from tests.bidding.bid import makers
from tests.bidding.tender.makers import layer
from tests.web.bidders import official

OFFICIALS = [role for role in Role if role not in {Role.PUBLIC, Role.BIDDER}]
HELD = (generate_identity(), generate_identity())


@pytest.fixture
async def scene(db, tmp_path):
    """One bid, sealed to two layers whose keys the test holds."""
    vault = LocalVault(tmp_path / "objects")
    named = tuple(layer(number + 1, recipient=recipient_of(key)) for number, key in enumerate(HELD))
    tender_id, bidder = await makers.a_tender(db, layers=named), await makers.a_bidder(db)
    taken = await makers.a_bid(db, vault, tmp_path, tender_id, bidder)
    yield vault, tender_id, bidder, taken.bid
    vault.close()


async def test_all_that_the_platform_and_all_layer_holders_have_together_opens_nothing(db, scene):
    vault, _, bidder, bid = scene
    async with db.reading() as session:
        stored = await queries.stored_objects(session, bid.id)
    raw = {}
    for name, one in stored.items():
        with vault.reader(one.parts) as found:
            raw[name] = found.read()
    for name in ("sheet", "docs"):
        with pytest.raises(NoIdentityMatched):
            decrypt(raw[f"{name}.age"], identities=list(HELD))
        with pytest.raises(CryptoError):
            open_key(raw[f"key-{name}.age"], HELD, generate_identity())
        # There was something to open: with the bidder's own key it opens.
        assert open_key(raw[f"key-{name}.age"], HELD, bidder.identities[0])


@pytest.mark.parametrize("role", [*OFFICIALS, Role.BIDDER])
async def test_no_role_can_hand_in_a_key_before_the_deadline(db, scene, role):
    _, tender_id, bidder, bid = scene
    moment = await makers.deadline_of(db, tender_id)
    actor = bidder.actor if role is Role.BIDDER else replace(official(role), tender_roles=frozenset({role}))
    atrest = AtRest([bytes(32)])
    release = keys.KeyRelease(tender_id=tender_id, identity=bidder.identities[0], asked_at=moment)
    with pytest.raises(Refusal):
        async with makers.unit(db, moment) as unit:
            await keys.release(unit, release, actor=actor, atrest=atrest)
    order = layers.LayerOrder(tender_id=tender_id, identity=HELD[0])
    with pytest.raises(Refusal):
        async with makers.unit(db, moment) as unit:
            await layers.release_layer(unit, order, actor=actor)
    with pytest.raises(SealedBeforeDeadline):
        async with makers.unit(db, moment) as unit:
            await service.mark_opened(unit, bid.id)


async def test_no_private_key_lies_in_the_database_or_the_vault_before_the_deadline(db, scene):
    from sqlalchemy import inspect, text

    vault = scene[0]
    async with db.reading() as session:
        connection = await session.connection()
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        dump = [str((await session.execute(text(f'SELECT * FROM "{name}"'))).all()) for name in tables]
    stored = b"".join((vault.root / key).read_bytes() for key, _ in vault.keys("."))
    assert scene[3].id in "".join(dump)
    assert "AGE-SECRET-KEY" not in "".join(dump)
    assert b"AGE-SECRET-KEY" not in stored
