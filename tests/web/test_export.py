"""What the platform exports, the offline verifier passes; and nothing leaves before its hour."""

import asyncio
from datetime import timedelta

import pytest

from bidding.bid.vault import LocalVault
from bidding.opening import service
from bidding.refusals.opening import OpeningOutOfOrder
from bidding.tender.terms import FewDecrypted
from crypto.verify import Outcome, failed, verify_bundle
from crypto.verify.bad import BAD, NotApplicable, make_bad
from tests.bidding.opening import makers as openings
from tests.conftest import at
from tests.web.archives import FOUNDED, an_archive, keyring
from web.export import PUBLIC, SUPERVISION, export
from web.paper.filing import settle
from web.stamping import BuiltIn


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return keyring(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def vault(tmp_path):
    vault = LocalVault(tmp_path / "objects")
    yield vault
    vault.close()


@pytest.fixture
async def archive(db, vault, tmp_path, keys):
    return await an_archive(db, vault, tmp_path, keys)


async def verified(archive, folder):
    return await asyncio.to_thread(verify_bundle, folder, archive.app.trust_file)


@pytest.mark.parametrize("edition", [PUBLIC, SUPERVISION])
async def test_an_exported_opening_passes_every_step_offline(archive, edition, tmp_path):
    await archive.to_the_publication()
    heard = []
    folder = tmp_path / "bundle"
    await export(
        archive.app, archive.meeting.tender_id, edition, folder, on_progress=lambda *one: heard.append(one)
    )
    findings = await verified(archive, folder)
    assert [one.line("en") for one in findings if one.outcome is Outcome.FAIL] == []
    assert {one.step for one in findings if one.outcome is Outcome.SKIP} <= {"S10"}
    assert heard[-1][0] == heard[-1][1] > 0
    assert bool(list(folder.glob("bids/*/docs.age"))) == (edition == SUPERVISION)
    assert (folder / "keys").exists() == (edition == SUPERVISION)


async def test_an_opening_that_was_broken_off_keeps_its_keys_and_still_verifies(archive, tmp_path):
    meeting = archive.meeting
    await archive.fall()
    await meeting.to_the_keys()
    await meeting.release(0)
    await meeting.pass_window(openings.WINDOWS.release)
    await meeting.post_shares(1, 0, 2)
    await meeting.post_shares(2, 1)
    await meeting.pass_window(openings.WINDOWS.fallback)
    await meeting.advance()
    await meeting.release_layers()
    await meeting.open_all()
    await settle_few(archive)
    folder = tmp_path / "bundle"
    await export(archive.app, meeting.tender_id, SUPERVISION, folder)
    findings = await verified(archive, folder)
    assert [one.line("en") for one in findings if one.outcome is Outcome.FAIL] == []
    assert not (folder / "keys").exists()


async def settle_few(archive):
    """Two opened bids are too few here: the opening fails, and its paper is filed."""
    meeting = archive.meeting
    few = {"decision": FewDecrypted.FAIL, "reason": "不足三家"}
    await meeting.host(service.propose_few, actor=openings.HOST, **few)
    await meeting.do(service.confirm_few, meeting.tender_id, actor=openings.SUPERVISOR)
    await archive.integrate()


async def test_the_filed_papers_are_in_the_bundle_and_hold(archive, keys, tmp_path):
    await archive.to_the_publication()
    # Judging a long-term signature asks the machine's clock too, so that it must lie in everyone's past.
    archive.app.clock = at(FOUNDED + timedelta(hours=1))
    archive.app.timestamps = BuiltIn(keys.tsa, archive.app.db, archive.app.clock)
    archive.app.refresh_trust(now=FOUNDED)
    await settle(archive.app, archive.meeting.tender_id)
    await archive.integrate()
    folder = tmp_path / "bundle"
    await export(archive.app, archive.meeting.tender_id, PUBLIC, folder)
    findings = {one.step: one for one in await verified(archive, folder)}
    assert len(list(folder.glob("records/*.pdf"))) == 3
    assert findings["S10"].line("en").startswith("S10  PASS")


async def test_known_lies_about_a_real_bundle_are_found(archive, tmp_path):
    await archive.to_the_publication()
    folder = tmp_path / "bundle"
    await export(archive.app, archive.meeting.tender_id, SUPERVISION, folder)
    told = 0
    for bad in BAD:
        try:
            spoiled = make_bad(folder, tmp_path / bad.name, bad, signer=archive.app.log_signer)
        except NotApplicable:
            continue
        assert bad.step in failed(await verified(archive, spoiled)), bad.name
        told += 1
    assert told >= len(BAD) - 1


async def test_nothing_leaves_before_the_opening_is_over(archive, tmp_path):
    for step in (archive.fall, archive.meeting.to_the_prices):
        await step()
        for edition in (PUBLIC, SUPERVISION):
            with pytest.raises(OpeningOutOfOrder):
                await export(archive.app, archive.meeting.tender_id, edition, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


async def test_a_tender_that_failed_for_want_of_bids_shows_no_bidder_to_the_public(db, vault, tmp_path, keys):
    archive = await an_archive(db, vault, tmp_path, keys, count=2)
    await archive.fall()
    await archive.meeting.fall()
    for edition in (PUBLIC, SUPERVISION):
        folder = tmp_path / edition
        await export(archive.app, archive.meeting.tender_id, edition, folder)
        findings = await verified(archive, folder)
        assert [one.line("en") for one in findings if one.outcome is Outcome.FAIL] == []
        assert bool(list(folder.glob("bids/*"))) == (edition == SUPERVISION)
    assert not list((tmp_path / PUBLIC).glob("streams/bidder/*"))
    names = b"".join(one.read_bytes() for one in (tmp_path / PUBLIC).rglob("*") if one.is_file())
    for bidder in archive.meeting.bidders:
        assert bidder.actor.organisation.encode() not in names
        assert bidder.actor.organisation_id.encode() not in names
