"""Receiving pieces: bounded, hashed once, and cleaned up after a crash."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bidding.bid import orphans
from bidding.bid.receiver import Receiver
from bidding.refusals.bid import BidUnencrypted, UploadBusy
from crypto.envelope.accept import AGE_INTRO
from tests.bidding.bid import makers


async def held(content, gate):
    yield content
    await gate.wait()


def receive(receiver, number, chunks, owner="one"):
    return receiver.receive(f"upload-{number:02}", chunks, owner_id=owner, start=0, limit=1000, checksum=None)


async def test_one_bidder_cannot_take_all_places(vault):
    receiver, gate = Receiver(vault), asyncio.Event()
    waiting = [asyncio.create_task(receive(receiver, number, held(AGE_INTRO, gate))) for number in range(16)]
    await asyncio.sleep(0.05)
    with pytest.raises(UploadBusy):
        await receive(receiver, 17, makers.pieces(AGE_INTRO))
    assert (await receive(receiver, 18, makers.pieces(AGE_INTRO), owner="two")).size == len(AGE_INTRO)
    gate.set()
    assert [piece.size for piece in await asyncio.gather(*waiting)] == [len(AGE_INTRO)] * 16
    assert (await receive(receiver, 17, makers.pieces(AGE_INTRO))).size == len(AGE_INTRO)


async def test_a_refused_piece_gives_its_place_back(vault):
    receiver = Receiver(vault)
    for number in range(20):
        with pytest.raises(BidUnencrypted):
            await receive(receiver, number, makers.pieces(b"PK\x03\x04"))
    assert [key for key, _ in vault.keys(".")] == []


async def test_what_a_crash_left_is_swept_after_a_day_and_what_counts_is_not(db, vault, tender_id, bidder):
    receiver = Receiver(vault)
    await makers.upload(db, receiver, tender_id, bidder, "docs.age", AGE_INTRO + os.urandom(100))
    lost = await receive(receiver, 1, makers.pieces(AGE_INTRO))
    now = datetime.now(UTC)
    async with db.reading() as session:
        assert await orphans.sweep(session, vault, now=now) == 0
        assert await orphans.sweep(session, vault, now=now + timedelta(days=1, minutes=1)) == 1
        kept = (await session.execute(text("SELECT key FROM bid_upload_part"))).scalars().all()
    assert [key for key, _ in vault.keys(".")] == kept
    assert lost.key not in kept


async def test_a_whole_accepted_piece_costs_two_syncs_besides_the_commit(
    db, vault, tender_id, bidder, monkeypatch
):
    calls, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append(fd), real(fd)))
    await makers.upload(db, Receiver(vault), tender_id, bidder, "docs.age", AGE_INTRO + os.urandom(5_000_000))
    assert len(calls) == 2
