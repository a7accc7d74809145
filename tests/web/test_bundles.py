"""The archive over HTTP: a zip that verifies, the right edition to the right people, nothing too early."""

import asyncio
from dataclasses import replace

import pytest

from bidding.bid.vault import LocalVault
from bidding.party.roles import Role
from crypto.verify import Outcome, verify_bundle
from tests.bidding.opening import makers as openings
from tests.web.archives import an_archive, keyring
from tests.web.openings import RoleDoor, known
from web.api import bundles
from web.api.bundles import shelf_of
from web.app import application
from web.endpoint import gather


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return keyring(tmp_path_factory.mktemp("keys"))


@pytest.fixture
async def archive(db, tmp_path, keys):
    vault = LocalVault(tmp_path / "objects")
    archive = await an_archive(db, vault, tmp_path, keys)
    archive.app.door = RoleDoor()
    yield archive
    vault.close()


@pytest.fixture
async def client(archive, aiohttp_client):
    return await aiohttp_client(application(archive.app, gather([bundles])))


def address(archive, edition=""):
    return f"/api/tenders/{archive.meeting.tender_id}/bundle" + (f"?edition={edition}" if edition else "")


async def outcomes(archive, response, path):
    assert (response.status, response.content_type) == (200, "application/zip")
    path.write_bytes(await response.read())
    findings = await asyncio.to_thread(verify_bundle, path, archive.app.trust_file)
    return {one.outcome for one in findings}


async def test_anyone_downloads_the_public_edition_and_verifies_it(archive, client, tmp_path):
    await archive.to_the_publication()
    first = await client.get(address(archive))
    assert Outcome.FAIL not in await outcomes(archive, first, tmp_path / "one.zip")
    again = await client.get(address(archive, "public"))
    assert await again.read() == (tmp_path / "one.zip").read_bytes()


@pytest.mark.parametrize("actor", [openings.SUPERVISOR, openings.OWNER])
async def test_supervisor_and_procuring_entity_get_the_whole(archive, client, tmp_path, actor):
    await archive.to_the_publication()
    headers = known(archive.app, actor)
    response = await client.get(address(archive, "supervision"), headers=headers)
    assert Outcome.FAIL not in await outcomes(archive, response, tmp_path / "whole.zip")
    assert b"docs.age" in (tmp_path / "whole.zip").read_bytes()


@pytest.mark.parametrize("role", [None, Role.BIDDER, Role.AGENCY_HOST, Role.CENTRE_OPS])
async def test_nobody_else_gets_the_whole(archive, client, role):
    await archive.to_the_publication()
    actor = replace(openings.HOST, tender_roles=frozenset({role} - {None}))
    response = await client.get(address(archive, "supervision"), headers=known(archive.app, actor))
    assert response.status == 403
    assert (await response.json())["code"] == "role-missing"


async def test_before_the_end_there_is_no_archive_of_any_edition(archive, client):
    await archive.fall()
    await archive.meeting.to_the_keys()
    for edition in ("public", "supervision"):
        headers = known(archive.app, openings.SUPERVISOR)
        response = await client.get(address(archive, edition), headers=headers)
        assert response.status == 409
        assert (await response.json())["code"] == "opening-out-of-order"


async def test_no_tender_no_archive_and_no_other_edition(archive, client):
    assert (await client.get("/api/tenders/nothing/bundle")).status == 404
    assert (await client.get(address(archive, "secret"))).status == 422


async def test_the_shelf_lets_go_of_what_nobody_reads(archive, client):
    await archive.to_the_publication()
    await (await client.get(address(archive))).read()
    shelf = shelf_of(archive.app)
    home = shelf._kept[archive.meeting.tender_id][1].home
    assert home.is_dir()
    shelf._kept.clear()
    assert not home.exists()
