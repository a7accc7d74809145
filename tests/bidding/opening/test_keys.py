"""The keys: each fits its bid or is refused, in its window, and nobody hears more than that it came."""

from datetime import timedelta

import pytest

from bidding.opening import service
from bidding.opening.queries import share_object, share_tasks
from bidding.opening.stages import Stage
from bidding.opening.windows import WindowKind
from bidding.refusals.opening import (
    NotABidderHere,
    OpeningOutOfOrder,
    StageOutOfOrder,
    WindowNotOpen,
    WindowPending,
)
from bidding.refusals.opening_keys import (
    LayerOutOfTurn,
    LayersNotMissing,
    LayerTooEarly,
    NotALayerHolder,
    NotAShareHolder,
    ShareMalformed,
    ShareUnwanted,
    WrongKey,
    WrongLayerKey,
)
from crypto.age import generate_identity
from crypto.envelope.fallback import open_share
from tests.bidding.opening.makers import (
    ATREST,
    HOST,
    SUPERVISOR,
    WINDOWS,
    a_meeting,
    layer_actor,
    member_actor,
)
from tests.conftest import TICK


async def release_with(meeting, number, identity, **over):
    order = service.KeyRelease(tender_id=meeting.tender_id, identity=identity, **over)
    actor = meeting.bidders[number].actor
    return await meeting.do(service.release, order, by=actor, actor=actor, atrest=ATREST)


async def test_a_key_that_is_anothers_is_the_wrong_lock(meeting):
    await meeting.to_the_keys()
    for identity in (meeting.bidders[1].identities[0], generate_identity(), "AGE-SECRET-KEY-1NONSENSE"):
        with pytest.raises(WrongKey):
            await release_with(meeting, 0, identity)
    assert await meeting.statuses() == ["decrypt_pending"] * 3


async def test_a_release_is_told_without_the_key_and_once(meeting):
    await meeting.to_the_keys()
    key = meeting.bidders[0].identities[0]
    for _ in range(2):
        await release_with(meeting, 0, key)
    released = [one for one in await meeting.public() if one.kind == "key.bidder-released"]
    assert len(released) == 1
    assert key not in "".join(one.text for one in await meeting.public())
    assert key.encode() not in (await meeting.bid(0)).key_at_rest


async def test_the_last_instant_of_the_window_is_in_time(meeting):
    await meeting.to_the_keys()
    end = meeting.now + timedelta(seconds=WINDOWS.release)
    meeting.now = end
    await meeting.release(0)
    meeting.now = end + TICK
    with pytest.raises(WindowNotOpen):
        await meeting.release(1)


async def test_a_request_counts_by_when_it_was_made_not_by_when_it_is_served(meeting):
    await meeting.to_the_keys()
    asked = meeting.now + timedelta(seconds=WINDOWS.release)
    meeting.now = asked + timedelta(seconds=1)
    bid = await release_with(meeting, 0, meeting.bidders[0].identities[0], asked_at=asked)
    assert bid.released_at == meeting.now


async def test_nobody_releases_before_the_window_or_without_a_bid(meeting):
    await meeting.to_the_list()
    with pytest.raises(StageOutOfOrder):
        await meeting.release(0)
    stranger = layer_actor(1)
    order = service.KeyRelease(tender_id=meeting.tender_id, identity=generate_identity())
    with pytest.raises(NotABidderHere):
        await meeting.do(service.release, order, actor=stranger, atrest=ATREST)


async def test_a_window_is_closed_early_only_when_nobody_is_waited_for(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    with pytest.raises(WindowPending) as refused:
        await meeting.host(service.close_early, kind=WindowKind.RELEASE)
    assert refused.value.pending == 1
    await meeting.release(2)
    await meeting.host(service.close_early, kind=WindowKind.RELEASE)
    await meeting.advance()
    assert await meeting.stage() is Stage.DECRYPT_LAYERS


async def test_an_extension_moves_the_end_for_everyone(meeting):
    await meeting.to_the_keys()
    meeting.now += timedelta(seconds=WINDOWS.release)
    await meeting.host(service.extend, kind=WindowKind.RELEASE, seconds=60, reason="网络波动")
    meeting.now += timedelta(seconds=60)
    await meeting.release(0, 1, 2)
    assert "window.extended" in await meeting.kinds()


async def test_two_of_three_members_open_what_its_bidder_lost(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(WINDOWS.release)
    assert await meeting.stage() is Stage.DECRYPT_COMMITTEE
    await meeting.post_shares(2, 0)
    assert (await meeting.bid(2)).status == "decrypt_pending"
    await meeting.post_shares(2, 0, 2)
    bid = await meeting.bid(2)
    assert (bid.status, bid.released_by) == ("decrypt_queued", "committee")
    await meeting.host(service.close_early, kind=WindowKind.FALLBACK)
    await meeting.advance()
    await meeting.release_layers()
    assert await meeting.open_all() == 3
    assert await meeting.statuses() == ["decrypted"] * 3


async def test_the_committee_is_not_asked_for_what_was_released(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(WINDOWS.release)
    with pytest.raises(ShareUnwanted):
        await meeting.post_shares(0, 0)
    async with db.reading() as session:
        tasks = await share_tasks(session, meeting.tender_id, member_actor(1))
        stored = await share_object(session, meeting.tender_id, tasks[0].bid_id, member_actor(1))
    assert [(one.bid_id, one.object) for one in tasks] == [((await meeting.bid(2)).bid_id, "share-2.age")]
    with vault.reader(stored.parts) as file:
        assert file.read() == (meeting.folders[2] / "share-2.age").read_bytes()


async def test_a_share_of_another_member_or_bid_is_no_share(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0)
    await meeting.pass_window(WINDOWS.release)
    bid = await meeting.bid(2)
    for number, member in ((2, 1), (1, 0)):
        sealed = (meeting.folders[number] / f"share-{member + 1}.age").read_bytes()
        share = open_share(sealed, meeting.member_keys[member]).raw()
        order = service.ShareRelease(tender_id=meeting.tender_id, bid_id=bid.bid_id, share=share)
        with pytest.raises(ShareMalformed):
            await meeting.do(service.post_share, order, actor=member_actor(0), atrest=ATREST)
    with pytest.raises(NotAShareHolder):
        await meeting.do(service.post_share, order, actor=HOST, atrest=ATREST)


async def test_a_garbage_share_spoils_only_the_sets_it_is_in(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(WINDOWS.release)
    bid = await meeting.bid(2)
    sealed = (meeting.folders[2] / "share-1.age").read_bytes()
    honest = open_share(sealed, meeting.member_keys[0])
    garbage = type(honest)(**{**honest.__dict__, "share": bytes(32) + honest.share[-1:]})
    order = service.ShareRelease(tender_id=meeting.tender_id, bid_id=bid.bid_id, share=garbage.raw())
    await meeting.do(service.post_share, order, actor=member_actor(0), atrest=ATREST)
    await meeting.post_shares(2, 1)
    assert (await meeting.bid(2)).status == "decrypt_pending"
    await meeting.post_shares(2, 2)
    assert (await meeting.bid(2)).status == "decrypt_queued"


async def test_too_few_shares_leave_the_bid_to_its_bidders_account(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_committee=True)
    await meeting.to_the_keys()
    await meeting.release(0, 1)
    await meeting.pass_window(WINDOWS.release)
    await meeting.post_shares(2, 0)
    await meeting.pass_window(WINDOWS.fallback)
    bid = await meeting.bid(2)
    assert (bid.status, bid.cause) == ("revoked_not_decrypted", "fallback-insufficient")


async def test_no_layer_comes_off_while_a_bidder_may_still_choose(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    with pytest.raises(LayerTooEarly):
        await meeting.release_layers(1)


async def test_the_layers_come_off_in_the_order_of_the_notice(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    with pytest.raises(LayerOutOfTurn):
        await meeting.release_layers(2)
    for _ in range(2):
        await meeting.release_layers(1)
    await meeting.release_layers(2)
    assert (await meeting.kinds()).count("key.layer-released") == 2


async def test_a_layer_needs_its_own_key_and_its_own_holder(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    order = service.LayerOrder(tender_id=meeting.tender_id, identity=meeting.layer_keys[1])
    with pytest.raises(WrongLayerKey):
        await meeting.do(service.release_layer, order, actor=layer_actor(1))
    with pytest.raises(NotALayerHolder):
        await meeting.do(service.release_layer, order, actor=HOST)


async def test_a_layer_that_never_comes_is_nobodys_fault_but_not_the_bidders(meeting):
    await meeting.to_the_keys()
    await meeting.release(0, 1, 2)
    await meeting.pass_window(WINDOWS.release)
    await meeting.advance()
    await meeting.release_layers(1)
    give_up = {"by": SUPERVISOR, "actor": SUPERVISOR, "cause": "密钥丢失"}
    with pytest.raises(LayersNotMissing):
        await meeting.do(service.give_up_layers, meeting.tender_id, **give_up)
    await meeting.pass_window(WINDOWS.layers)
    assert await meeting.do(service.give_up_layers, meeting.tender_id, **give_up) == 3
    assert await meeting.statuses() == ["withdrawn_system_fault"] * 3
    assert (await meeting.kinds())[-1] == "opening.decryption-ended"


async def test_a_paused_opening_takes_no_key(meeting):
    await meeting.to_the_keys()
    await meeting.host(service.pause, actor=HOST, reason="网络故障")
    with pytest.raises(OpeningOutOfOrder):
        await meeting.release(0)
